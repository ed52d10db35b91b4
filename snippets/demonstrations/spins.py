"""Two spins of the CPU: one after another, and in two threads."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

TURNS = 1_500_000
REPETITIONS = 9


def spin(turns=TURNS):
    while turns:
        turns -= 1


def one_after_another():
    spin()
    spin()


def in_two_threads():
    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(spin) for _ in range(2)]:
            job.result()


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def demonstrate():
    # Interleaved: whatever disturbs the machine meanwhile disturbs both.
    pairs = [
        (seconds(one_after_another), seconds(in_two_threads))
        for _ in range(REPETITIONS)
    ]
    alone, together = zip(*pairs)
    gil_enabled = getattr(sys, "_is_gil_enabled", lambda: True)  # from 3.13
    return {
        "GIL": gil_enabled(),
        "one after another": median(alone),
        "in two threads": median(together),
    }


if __name__ == "__main__":
    for what, found in demonstrate().items():
        print(f"{what}: {found}")
