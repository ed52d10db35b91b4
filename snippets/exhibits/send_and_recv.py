"""What send() takes, what recv() gives, and that send() can wait, too."""

import socket
from threading import Thread

PAGE = bytes(10_000_000)


def receive():
    here, there = socket.socketpair()
    with here, there:
        there.sendall(b"hello")
        return len(here.recv(4096))


def send():
    """Bytes that one send() took, and whether the next waited for room."""
    here, there = socket.socketpair()
    with here, there:
        here.settimeout(0.1)  # the guard: else the next waits for ever
        taken = here.send(PAGE)
        try:
            here.send(PAGE)
        except TimeoutError:
            return taken, True
        return taken, False


def send_all(sock):
    with sock:
        sock.sendall(PAGE)


def drain(sock):
    with sock:
        return sum(map(len, iter(lambda: sock.recv(4096), b"")))


if __name__ == "__main__":
    got = receive()
    assert got < 4096, "recv(4096) gave as much as it was asked for"
    print(f"recv(4096) gave {got} bytes")

    taken, waited = send()
    assert taken < len(PAGE), "send() took the whole page"
    assert waited, "send() did not wait for room"
    print(f"send() took {taken:,} of {len(PAGE):,} bytes; the next one waited")

    here, there = socket.socketpair()
    Thread(target=send_all, args=[here]).start()
    came = drain(there)
    assert came == len(PAGE), "sendall() left something out"
    print(f"sendall(): {came:,} bytes came")
