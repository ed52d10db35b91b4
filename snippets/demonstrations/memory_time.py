"""What a step takes on this machine: of the CPU, of Python, of memory."""

import re
import time
from array import array
from contextlib import suppress
from itertools import pairwise, repeat
from pathlib import Path
from random import sample
from statistics import median
from timeit import Timer

REPETITIONS = 7
LINE = 64  # bytes that memory hands to a cache at a time
FAR = 1 << 27  # bytes: several times what most caches hold


def clock_cycle():
    """From the frequency that Linux tells of an x86 processor."""
    with suppress(OSError):
        told = Path("/proc/cpuinfo").read_text()
        if megahertz := re.findall(r"cpu MHz\s*: ([\d.]+)", told):
            return 1e-6 / max(map(float, megahertz))
    return None


def assignment(times=2_000):
    """A loop over a hundred of them, less a loop over none."""
    hundred, none = Timer("a = b\n" * 100, "b = 0"), Timer("pass")
    return median(
        (hundred.timeit(times) - none.timeit(times)) / times / 100
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


def demonstrate():
    return {
        "clock cycle": clock_cycle(),
        "assignment": assignment(),
        "memory access": memory_access(),
    }


if __name__ == "__main__":
    for what, found in demonstrate().items():
        print(f"{what}: {found}")
