"""What a CPU waits for on this machine, and for how long."""

import os
import re
import socket
import sys
import time
from array import array
from contextlib import contextmanager, suppress
from itertools import pairwise, repeat
from pathlib import Path
from random import sample
from statistics import median
from subprocess import PIPE, Popen
from tempfile import TemporaryFile
from timeit import Timer

HOST, PORT = "example.com", 80
REPETITIONS = 7
LINE = 64  # bytes that memory hands to a cache at a time
FAR = 1 << 27  # bytes: several times what most caches hold
MEGABYTE = 1 << 20
ECHO = "import os\nwhile byte := os.read(0, 1): os.write(1, byte)"


def clock_cycle():
    """From the frequency that Linux tells of an x86 processor."""
    with suppress(OSError):
        told = Path("/proc/cpuinfo").read_text()
        if megahertz := re.findall(r"cpu MHz\s*: ([\d.]+)", told):
            return 1e-6 / max(map(float, megahertz))
    return None


def assignment():
    """A loop over a hundred of them, less a loop over none."""
    hundred, none = Timer("a = b\n" * 100, "b = 0"), Timer("pass")
    return difference(hundred, none, 2_000) / 100


def difference(long, short, times):
    """Seconds by which one turn of `long` takes longer than of `short`."""
    return median(
        (long.timeit(times) - short.timeit(times)) / times
        for _ in range(REPETITIONS)
    )


def memory_access(steps=50_000):
    """A step between distant lines of memory, less one to the next line."""
    slots = array("Q", bytes(FAR))
    lines = range(0, len(slots), LINE // slots.itemsize)
    distant, next_ones = sample(lines, steps + 1), lines[: steps + 1]
    return median(
        (walk(slots, distant) - walk(slots, next_ones)) / steps
        for _ in range(3)
    )


def walk(slots, places):
    """Seconds; where a step leads is not known before it has been read."""
    for here, there in pairwise(places):
        slots[here] = there
    bytearray(b"?") * FAR  # drives them out of the caches
    place, start = places[0], time.perf_counter()
    for _ in repeat(None, len(places) - 1):
        place = slots[place]
    return time.perf_counter() - start


def system_call():
    """A call that has to ask the kernel, less its like that has not."""
    if os.name != "posix":
        return None
    asks = Timer("getppid()", "from os import getppid")
    knows = Timer("get_ident()", "from threading import get_ident")
    return difference(asks, knows, 20_000)


def context_switch(times=2_000):
    """Half the round trip of a byte between two processes on one core.

    Less its two calls, as they are where nobody has to be switched.
    """
    if not hasattr(os, "sched_setaffinity"):
        return None
    with on_one_core(), own_pipe() as (reader, writer), echo() as other:
        calls = exchange(writer, reader)
        trip = exchange(other.stdin.fileno(), other.stdout.fileno())
        trip.timeit(1)  # waits until the other process has started
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


@contextmanager
def own_pipe():
    reader, writer = os.pipe()
    with open(reader, "rb"), open(writer, "wb"):
        yield reader, writer


def echo():
    command = [sys.executable, "-IS", "-c", ECHO]
    return Popen(command, stdin=PIPE, stdout=PIPE)


def exchange(there, back):
    names = {"os": os, "there": there, "back": back}
    return Timer("os.write(there, b'.'); os.read(back, 1)", globals=names)


def megabyte():
    """Read past the page cache, and from it; None where nothing gets past.

    What lies in memory even after it should have been forgotten can be
    read with RWF_NOWAIT, which never waits for a disk.
    """
    if not hasattr(os, "RWF_NOWAIT"):
        return None, None
    # What is in /var/tmp outlives a restart, and so lies on a disk.
    folder = "/var/tmp" if os.access("/var/tmp", os.W_OK) else None
    with TemporaryFile(buffering=0, dir=folder) as file:
        data = bytearray(os.urandom(MEGABYTE))
        file.write(data)
        os.fsync(file)
        if not any(forgets(file, data) for _ in range(REPETITIONS)):
            return None, None
        pairs = [
            (forget(file) or read(file, data), read(file, data))
            for _ in range(REPETITIONS)
        ]
    return tuple(map(median, zip(*pairs)))


def forget(file):
    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def forgets(file, data):
    forget(file)
    try:
        return os.preadv(file.fileno(), [data], 0, os.RWF_NOWAIT) < len(data)
    except BlockingIOError:
        return True
    except OSError:  # a file system that does not know RWF_NOWAIT
        return False


def read(file, data):
    start = time.perf_counter()
    os.preadv(file.fileno(), [data], 0)
    return time.perf_counter() - start


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
    past_cache, from_cache = megabyte()
    return {
        "clock cycle": clock_cycle(),
        "assignment": assignment(),
        "memory access": memory_access(),
        "system call": system_call(),
        "context switch": context_switch(),
        "1 MB from the page cache": from_cache,
        "1 MB past the page cache": past_cache,
        "round trip": round_trip(),
    }


if __name__ == "__main__":
    for what, found in demonstrate().items():
        print(f"{what}: {found}")
