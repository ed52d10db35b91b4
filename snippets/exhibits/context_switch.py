"""Two processes in turn, small and large: a switch copies no memory."""

import os
import socket
import time

TURNS = 2_000


def echo(sock, size):
    held = bytearray(b"x") * size
    while sock.recv(1):
        sock.send(held[:1])


def switch(size):
    """Seconds from one process to the other; each holds `size` bytes."""
    here, there = socket.socketpair()
    if not (child := os.fork()):
        here.close()
        try:
            echo(there, size)
        finally:
            os._exit(0)
    there.close()
    held = bytearray(b"x") * size
    with here:
        for turn in range(TURNS + 1):
            here.send(held[:1])
            here.recv(1)
            if turn == 0:  # now the other has its memory, too
                start = time.perf_counter()
        end = time.perf_counter()
    os.waitpid(child, 0)
    return (end - start) / TURNS / 2


if __name__ == "__main__":
    small, large = 1 << 20, 64 << 20
    if hasattr(os, "sched_setaffinity"):  # both on one core
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    for size in (small, large):
        seconds = switch(size)
        print(f"{size >> 20} MiB each: {seconds * 1e6:.1f} µs a switch")
    memory = bytearray(b"x") * large
    start = time.perf_counter()
    bytes(memory)
    copy = time.perf_counter() - start
    print(f"64 MiB copied once: {copy * 1e6:,.0f} µs")
    assert seconds < copy / 100, "a switch takes as long as a copy"
