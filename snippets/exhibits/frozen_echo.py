"""An echo server's greenlet whose client has left stops all the others."""

from collections import Counter

import gevent
from gevent import socket

READS = 100_000  # the guard: the mistake has no end


def frozen(sock, counts):
    while counts["reads"] < READS:
        counts["reads"] += 1
        sock.send(sock.recv(1024))  # b"" comes at once, and goes at once


def mended(sock, counts):
    counts["reads"] += 1
    while data := sock.recv(1024):
        counts["reads"] += 1
        sock.sendall(data)


def another(counts):
    while True:
        counts["turns of another"] += 1
        gevent.sleep(0)


def serve(handler):
    """What is counted while the handler serves a client that has left."""
    counts = Counter()
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        socket.create_connection(server.getsockname()).close()
        here, _ = server.accept()
    other = gevent.spawn(another, counts)
    with here, gevent.Timeout(0.01, False):
        handler(here, counts)
    other.kill()
    return counts


if __name__ == "__main__":
    counts = serve(frozen)
    assert counts == {"reads": READS}, "another greenlet had its turn"
    print(f"frozen: {READS:,} reads, no turn of another, no timeout")
    counts = serve(mended)
    assert counts == {"reads": 1}, "the handler did not end"
    print("mended: it ends at the first empty read")
