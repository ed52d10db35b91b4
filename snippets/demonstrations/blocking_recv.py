"""One blocking call: it comes back when there is something to bring."""

import socket
from threading import Timer


def send(sock):
    print("the other side sends")
    sock.send(b"hello")


if __name__ == "__main__":
    here, there = socket.socketpair()
    with here, there:
        print("recv() is called")
        later = Timer(0.02, send, [there])
        later.start()
        page = here.recv(4096)  # stops here until the other side has sent
        print(f"recv() returned {page!r}")
        later.join()
