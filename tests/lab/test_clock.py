"""The kernel's stamps: by whichever clock it made them, and whoever sets it, they are read on the monotonic one."""

import time

import pytest

from scripts.lab import clock
from scripts.lab.clock import Stamps

HOUR = 3_600.0


class Clocks:
    """Stands in for `time`: CLOCK_MONOTONIC, and CLOCK_REALTIME, which can be set."""

    def __init__(self):
        self.now, self.ahead = 5_000.0, 1_700_000_000.0

    def monotonic(self):
        return self.now

    def time(self):
        return self.now + self.ahead


@pytest.fixture
def clocks(monkeypatch):
    clocks = Clocks()
    monkeypatch.setattr(clock, "time", clocks)
    return clocks


@pytest.mark.parametrize("stamp", [time.time, time.monotonic], ids=["realtime", "monotonic"])
def test_a_stamp_of_either_clock_is_told_on_the_monotonic_one(stamp):
    before = time.monotonic()
    told = Stamps().on_monotonic(stamp())
    assert before - 0.001 <= told <= time.monotonic() + 0.001


def test_a_stamp_made_after_the_last_look_is_told_as_well(clocks):
    stamps = Stamps()
    clocks.now += 10
    assert stamps.on_monotonic(clocks.time()) == pytest.approx(5_010)


@pytest.mark.parametrize("moved", [-HOUR, -1.0, 1.0, HOUR])
def test_who_sets_the_clock_shifts_no_packet(clocks, moved):
    stamps = Stamps()
    under_way = clocks.time()
    clocks.now += 0.05
    clocks.ahead += moved
    stamps.look()
    for _ in range(2):
        assert stamps.on_monotonic(under_way) == pytest.approx(5_000)
        assert stamps.on_monotonic(clocks.time()) == pytest.approx(5_000.05)


@pytest.mark.parametrize(("first", "second"), [(HOUR, -HOUR), (1.0, 1.0), (-1.0, 2.0), (0.1, -0.1)])
def test_a_clock_that_is_set_twice_shifts_no_packet_that_waits(clocks, first, second):
    stamps = Stamps()
    clocks.now += 1
    waiting = clocks.time()
    stamps.look()
    for moved in (first, second):
        clocks.now += 0.01
        stamps.look()
        assert stamps.on_monotonic(waiting) == pytest.approx(5_001)
        clocks.ahead += moved
        clocks.now += 0.01
        stamps.look()
        assert stamps.on_monotonic(waiting) == pytest.approx(5_001)
    assert stamps.on_monotonic(clocks.time()) == pytest.approx(5_001.04)


def test_a_packet_arrived_when_it_was_first_read_if_its_stamp_makes_no_sense(clocks):
    stamps = Stamps()
    for beyond in (HOUR, -HOUR):
        clocks.now += 1
        read, stamp = clocks.now, clocks.time() + beyond
        assert stamps.on_monotonic(stamp) == read
        clocks.now += 1
        assert stamps.on_monotonic(stamp) == read
