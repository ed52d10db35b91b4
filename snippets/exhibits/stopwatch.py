"""A clock that may be set, and a stopwatch that also times the printing."""

import os
import time
from threading import Timer

PAUSE = 0.1  # seconds in which nobody reads what is printed
LINES = ["x" * 10_000] * 20  # more than a pipe holds


def busy_reader():
    reading, writing = os.pipe()
    Timer(PAUSE, drain, [reading]).start()
    return open(writing, "w")


def drain(reading):
    with open(reading) as file:
        file.read()


if __name__ == "__main__":
    clocks = {
        name: time.get_clock_info(name) for name in ("time", "perf_counter")
    }
    assert clocks["time"].adjustable, "nobody can set the clock of time()"
    assert not clocks["perf_counter"].adjustable, "perf_counter() may jump"
    for name, clock in clocks.items():
        print(f"{name}(): {'may jump' if clock.adjustable else 'only grows'}")

    with busy_reader() as terminal:
        start = time.perf_counter()
        pages = list(LINES)  # this is what was to be timed
        fetched = time.perf_counter()
        for page in pages:
            print(page, file=terminal)
        printed = time.perf_counter()
    right, wrong = fetched - start, printed - start
    assert wrong > PAUSE / 2 > right, "printing did not wait for its reader"
    print(f"with the printing: {wrong:.3f} s, without: {right:.6f} s")
