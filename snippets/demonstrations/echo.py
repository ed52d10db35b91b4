"""An echo server and a hundred clients, each a greenlet, in one thread."""

import gevent
from gevent import socket
from gevent.pool import Pool
from gevent.server import StreamServer

CLIENTS, MESSAGES = 100, 10


def serve(sock, address):
    with sock:
        while data := sock.recv(4096):  # b"" means: this client has left
            sock.sendall(data)


def client(address, name):
    with socket.create_connection(address) as sock:
        return [ask(sock, f"{name}: {n}".encode()) for n in range(MESSAGES)]


def ask(sock, message):
    sock.sendall(message)
    echo = b""
    while len(echo) < len(message):
        if not (data := sock.recv(4096)):
            raise OSError(f"the server left after {echo!r}")
        echo += data
    return echo


def run(clients):
    connections = Pool()
    server = StreamServer(("127.0.0.1", 0), serve, spawn=connections)
    server.start()
    talks = [
        gevent.spawn(client, server.address, name) for name in range(clients)
    ]
    try:
        gevent.joinall(talks, raise_error=True)
        connections.join(timeout=1)  # each ends when its client has left
        return [talk.value for talk in talks], len(connections)
    finally:
        gevent.killall(talks)
        server.stop()


if __name__ == "__main__":
    echoes, left = run(CLIENTS)
    answered = sum(len(each) == MESSAGES for each in echoes)
    print(f"{answered} of {CLIENTS} clients got {MESSAGES} echoes each")
    print(f"{left} connections are left")
