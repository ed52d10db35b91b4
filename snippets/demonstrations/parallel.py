"""Two spins of the CPU, and two waits: in turn, in threads, beyond the GIL."""

import os
import sys
import time
from concurrent import futures
from contextlib import ExitStack
from itertools import pairwise
from multiprocessing import active_children
from pathlib import Path
from statistics import median

SPIN, WAIT = 0.1, 0.05  # seconds
REPETITIONS = 7


def numbers():
    """As many as sum() adds up in a spin, when nothing disturbs it."""
    sample = range(500_000)
    quickest = min(seconds(map, sum, sample) / 2 for _ in range(5))
    return range(int(SPIN / quickest * len(sample)))


def cores():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def in_line():
    """Seconds that we and our processes wanted a core and got none (Linux)."""
    if not Path("/proc/self/schedstat").exists():
        return None
    pids = os.getpid(), *(child.pid for child in active_children())
    stats = [Path(f"/proc/{pid}/schedstat").read_text() for pid in pids]
    return sum(int(stat.split()[1]) for stat in stats) / 1e9


def pools(stack):
    """Two workers of each kind, awake; None where this Python has no such."""
    found = {}
    for name, executor in {
        "processes": "ProcessPoolExecutor",  # first: fork wants no threads
        "threads": "ThreadPoolExecutor",
        "interpreters": "InterpreterPoolExecutor",  # from 3.14
    }.items():
        found[name] = None
        if hasattr(futures, executor):
            pool = stack.enter_context(getattr(futures, executor)(2))
            list(pool.map(time.sleep, [0.05] * 2))
            found[name] = pool.map
    return found


def seconds(run, work, task):
    """For two such tasks."""
    if run is None:
        return None
    start = time.perf_counter()
    list(run(work, [task, task]))
    return time.perf_counter() - start


def demonstrate():
    with ExitStack() as stack:
        ways = {"in turn": map, **pools(stack)}
        # Builtins: processes and interpreters need not import this file.
        jobs = {"spins": (sum, numbers()), "waits": (time.sleep, WAIT)}
        found = {f"{name}, {way}": [] for name in jobs for way in ways}
        waited = [in_line()]
        for _ in range(REPETITIONS):
            for name, job in jobs.items():
                for way, run in ways.items():
                    found[f"{name}, {way}"].append(seconds(run, *job))
            waited.append(in_line())
    if None not in waited:
        waited = [after - before for before, after in pairwise(waited)]
    found["in line for a core"] = waited
    gil_enabled = getattr(sys, "_is_gil_enabled", lambda: True)  # from 3.13
    return {
        "GIL": gil_enabled(),
        "cores": cores(),
        **{
            key: None if None in times else median(times)
            for key, times in found.items()
        },
    }


if __name__ == "__main__":
    for what, found in demonstrate().items():
        print(f"{what}: {found}")
