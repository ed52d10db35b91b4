"""The kernel's stamps: by whichever clock it made them, they are read on the monotonic one."""

import time

import pytest

from scripts.lab.clock import on_monotonic, realtime_ahead


@pytest.mark.parametrize("stamp", [time.time, time.monotonic], ids=["realtime", "monotonic"])
def test_a_stamp_of_either_clock_is_told_on_the_monotonic_one(stamp):
    before = time.monotonic()
    told = on_monotonic(stamp(), realtime_ahead())
    assert before - 0.001 <= told <= time.monotonic() + 0.001
