"""When programs were on the CPU, as seen from outside."""

import os
import subprocess
import sys
import time

import pytest

from scripts.lab import cpu_watch
from scripts.lab.cpu_watch import INTERVAL, Busy, cpu_clock, processes

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux has the clocks of other processes"
)

SPIN_THEN_WAIT = """
import sys, time
while time.process_time() < 0.3:
    pass
print("done", flush=True)
sys.stdin.read()
"""


class Clock:
    """Stands in for `time`: the moments, and what the processes have used until each."""

    def __init__(self, used):
        self.now, self.used = 100.0, used

    def monotonic(self):
        return self.now

    def seconds(self, pid):
        return self.used[pid][round((self.now - 100) / INTERVAL)]


@pytest.fixture
def looked(monkeypatch):
    """A function that looks after each interval at processes which have used so much, and returns the intervals."""

    def look(**used):
        clock = Clock(used)
        monkeypatch.setattr(cpu_watch, "time", clock)
        monkeypatch.setattr(cpu_watch, "cpu_clock", clock.seconds)
        watch = Busy()
        for number in range(1, len(next(iter(used.values())))):
            clock.now = 100 + number * INTERVAL
            watch.look(used)
        return [
            (round((begin - 100) / INTERVAL), round((end - 100) / INTERVAL), cores)
            for begin, end, cores in watch.intervals
        ]

    return look


def shares(*shares):
    """The readings of a clock that goes on by these shares of an interval, after one in which it stood."""
    readings = [0.0]
    for share in shares:
        readings.append(readings[-1] + share * INTERVAL)
    return readings


def test_an_interval_tells_how_many_cores_were_in_use(looked):
    assert looked(one=shares(0.0, 0.5, 1.0, 0.0, 0.25)) == [(1, 2, 0.5), (2, 3, 1.0), (4, 5, 0.25)]


def test_a_steady_load_is_one_interval(looked):
    assert looked(one=shares(1.0, 0.99, 1.01, 1.0)) == [(0, 4, 1.0)]


def test_processes_add_up_and_come_and_go(looked):
    ended = [*shares(1.0), None, None]
    begun = [None, *shares(0.5, 0.5)]
    assert looked(ended=ended, begun=begun, steady=shares(0.5, 0.5, 0.5)) == [(0, 1, 1.5), (1, 3, 1.0)]


def test_nothing_is_noted_before_it_is_due(looked, monkeypatch):
    clock = Clock({"one": [0.0, 1.0]})
    monkeypatch.setattr(cpu_watch, "time", clock)
    watch = Busy()
    assert watch.wait() == pytest.approx(INTERVAL)
    watch.look(["one"])
    clock.now += 2.5 * INTERVAL
    assert watch.wait() == 0
    monkeypatch.setattr(cpu_watch, "cpu_clock", lambda pid: 0.01)
    watch.look(["one"])
    assert watch.wait() == pytest.approx(INTERVAL / 2)  # in step, however late a look was


@pytest.mark.parametrize(
    ("intervals", "cpu", "expected"),
    [
        ([(9.0, 9.9, 1.0), (12.1, 13.0, 1.0)], 0.5, []),  # before it and after it
        ([(10.5, 11.5, 1.0)], 1.0, [(0.5, 1.5, 1.0)]),
        ([(9.5, 10.5, 1.0)], 0.5, [(0.0, 0.5, 1.0)]),  # as much as there was room for
        ([(9.5, 10.5, 1.0)], 0.1, [(0.0, 0.5, 0.2)]),  # most of it was before
        ([(9.0, 13.0, 1.0)], 1.8, [(0.0, 2.0, 0.9)]),
        (
            [(9.5, 10.5, 0.5), (10.5, 11.5, 1.0), (11.5, 12.5, 1.0)],
            1.15,
            [(0.0, 0.5, 0.1), (0.5, 1.5, 1.0), (1.5, 2.0, 0.2)],
        ),
        ([(9.5, 10.5, 1.0), (10.5, 11.5, 1.0)], 0.9, [(0.0, 0.5, 0.0), (0.5, 1.5, 1.0)]),
    ],
)
def test_only_what_was_used_while_it_was_measured_counts(intervals, cpu, expected):
    found = cpu_watch.during(intervals, begin=10.0, wall=2.0, cpu=cpu)
    assert found == tuple(pytest.approx(interval) for interval in expected)


def test_the_clock_of_a_process_that_has_ended():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert cpu_clock(ended.pid) is None


def test_every_process_is_found():
    assert {os.getpid(), os.getppid()} <= set(processes())


@pytest.mark.measures
def test_a_program_is_seen_to_spin_and_then_to_wait():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", SPIN_THEN_WAIT], **pipes) as program:
        watch = Busy()
        while cpu_clock(program.pid) < 0.3:
            watch.look([program.pid])
        program.stdout.readline()
        spent = cpu_clock(program.pid)
        waiting_from = time.monotonic()
        while time.monotonic() < waiting_from + 10 * INTERVAL:
            watch.look([program.pid])
        assert cpu_clock(program.pid) - spent < 0.01
        program.stdin.close()
    seen = sum((end - begin) * cores for begin, end, cores in watch.intervals)
    assert seen == pytest.approx(spent, rel=0.15)
    assert all(begin < waiting_from for begin, _, _ in watch.intervals)
