"""When a program and its descendants were on the CPU, looked at from outside.

Linux lets any process read the CPU clock of another by the number that clock_getcpuclockid(3) makes of its
PID: one system call for all its threads, and the program itself is not touched.
"""

import os
import time
from collections.abc import Iterable
from contextlib import suppress

INTERVAL = 0.02
"""Seconds between two looks.

The kernel brings the clock of a process that sleeps up to date at once, but of one that runs only at the
ticks of its timer: 100, 250 or 1000 a second, so that in this time there is always the same number of them.
"""
STEP = 0.05
"""Shares are told in steps of so much of a core, so that a steady load is one long interval."""
CPUCLOCK_SCHED = 2
"""The clock of the scheduler, in nanoseconds (the kernel's posix-timers.h)."""

Interval = tuple[float, float, float]
"""From and to, in seconds on CLOCK_MONOTONIC, and how many cores were in use."""


class Busy:
    """Looks at processes from time to time, and keeps when they used how much CPU."""

    def __init__(self) -> None:
        self.intervals: list[Interval] = []
        self._looked_at = time.monotonic()
        self._due = self._looked_at + INTERVAL
        self._clocks: dict[int, float] = {}

    def wait(self) -> float:
        """Seconds until the next look is due."""
        return max(self._due - time.monotonic(), 0.0)

    def look(self, pids: Iterable[int]) -> None:
        """When a look is due, note what these processes have used since the last look, or since they began.

        What a process uses between the last look and its end is missed.
        """
        if self.wait():
            return
        now = time.monotonic()
        clocks = {pid: seconds for pid in pids if (seconds := cpu_clock(pid)) is not None}
        used = sum(seconds - self._clocks.get(pid, 0.0) for pid, seconds in clocks.items())
        self._note(self._looked_at, now, used / (now - self._looked_at))
        self._looked_at, self._clocks = now, clocks
        self._due += INTERVAL * ((now - self._due) // INTERVAL + 1)

    def _note(self, begin: float, end: float, cores: float) -> None:
        cores = round(round(cores / STEP) * STEP, 2)
        if self.intervals and self.intervals[-1][1:] == (begin, cores):
            begin = self.intervals.pop()[0]
        if cores:
            self.intervals.append((begin, end, cores))


def during(intervals: Iterable[Interval], begin: float, wall: float, cpu: float) -> tuple[Interval, ...]:
    """The part of `intervals` that lies within `wall` seconds from `begin`, told in seconds since then.

    What was used before and after is not to count, but one look tells of both sides of an end.  So the
    intervals that are cut get what the whole ones leave of `cpu`, the seconds of CPU that there were in all.
    """
    end = begin + wall
    within = [
        (max(first, begin) - begin, min(last, end) - begin, cores, first < begin or last > end)
        for first, last, cores in intervals
        if last > begin and first < end
    ]
    whole, cut = (
        sum((last - first) * cores for first, last, cores, is_cut in within if is_cut == which)
        for which in (False, True)
    )
    part = min(max(cpu - whole, 0.0) / cut, 1.0) if cut else 1.0
    return tuple((first, last, cores * part if is_cut else cores) for first, last, cores, is_cut in within)


def cpu_clock(pid: int) -> float | None:
    """Seconds of CPU that all threads of the process `pid` have used; None when it has ended."""
    with suppress(OSError):
        return time.clock_gettime(~pid << 3 | CPUCLOCK_SCHED)
    return None


def processes() -> list[int]:
    """The PIDs of every process in this PID namespace; none where /proc tells of another one."""
    if os.readlink("/proc/self") != str(os.getpid()):
        return []
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]
