"""An echo server and a hundred clients, each a greenlet, in one thread."""

import gevent
from gevent import socket
from gevent.server import StreamServer

CLIENTS, MESSAGES = 100, 10


def answer(sock, address):
    with sock:
        while data := sock.recv(4096):  # b"" means: this client has left
            sock.sendall(data)


def talk(address, name):
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
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(clients)
        server = StreamServer(listener, answer)
        server.start()
        talks = [
            gevent.spawn(talk, listener.getsockname(), name)
            for name in range(clients)
        ]
        try:
            gevent.joinall(talks, raise_error=True)
        finally:
            gevent.killall(talks)
            server.stop()
    return [each.value for each in talks]


if __name__ == "__main__":
    echoes = run(CLIENTS)
    answered = sum(len(each) == MESSAGES for each in echoes)
    print(f"{answered} of {CLIENTS} clients got {MESSAGES} echoes each")
