"""Two non-blocking calls: both come back at once, one empty-handed."""

import socket


def receive(sock):
    try:
        print(sock.recv(4096))
    except BlockingIOError:
        print("nothing yet, but I am back")


if __name__ == "__main__":
    here, there = socket.socketpair()
    with here, there:
        here.setblocking(False)
        receive(here)
        there.send(b"hello")
        receive(here)
