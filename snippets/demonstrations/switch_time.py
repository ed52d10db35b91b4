"""What it takes to go elsewhere: to the kernel, to a process, to a city."""

import os
import socket
import sys
import time
from contextlib import contextmanager
from statistics import median
from subprocess import PIPE, Popen
from timeit import Timer

HOST, PORT = "example.com", 80
REPETITIONS = 7
ECHO = "import os\nwhile byte := os.read(0, 1): os.write(1, byte)"


def system_call(times=20_000):
    """A call that has to ask the kernel, less its like that has not."""
    if os.name != "posix":
        return None
    asks = Timer("getppid()", "from os import getppid")
    knows = Timer("get_ident()", "from threading import get_ident")
    return median(
        (asks.timeit(times) - knows.timeit(times)) / times
        for _ in range(REPETITIONS)
    )


def context_switch(times=2_000):
    """Half the round trip of a byte between two processes on one core.

    Less its two calls, as they are where nobody has to be switched.
    """
    if not hasattr(os, "sched_setaffinity"):
        return None
    command = [sys.executable, "-IS", "-c", ECHO]
    with on_one_core(), Popen(command, stdin=PIPE, stdout=PIPE) as other:
        trip = exchange(other.stdin.fileno(), other.stdout.fileno())
        trip.timeit(1)  # waits until the other process has started
        reader, writer = os.pipe()
        with open(reader, "rb"), open(writer, "wb"):
            calls = exchange(writer, reader)
            return median(
                (trip.timeit(times) / 2 - calls.timeit(times)) / times
                for _ in range(REPETITIONS)
            )


@contextmanager
def on_one_core():
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def exchange(there, back):
    names = {"os": os, "there": there, "back": back}
    return Timer("os.write(there, b'.'); os.read(back, 1)", globals=names)


def round_trip():
    """A handshake: TCP goes there and back before connect() returns."""
    address = socket.gethostbyname(HOST), PORT
    return median(handshake(address) for _ in range(3))


def handshake(address):
    with socket.socket() as sock:
        start = time.perf_counter()
        sock.connect(address)
        return time.perf_counter() - start


def demonstrate():
    return {
        "system call": system_call(),
        "context switch": context_switch(),
        "round trip": round_trip(),
    }


if __name__ == "__main__":
    for what, found in demonstrate().items():
        print(f"{what}: {found}")
