"""What ten thousand pages at once may take, on two cores, at a round trip and a service time of 150 ms.

    python -m pytest -s tests/measure/test_scale_bounds.py

prints the medians of five.  The bounds are those that the project set itself; a machine may be a third slower from
one hour to the next, so they are looked at by name and not at every run.
"""

import sys
from functools import cache

import pytest

from scripts.lab import Settings
from scripts.measure import measure
from scripts.stages import PAGES, find

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.measures,
    pytest.mark.skipif(sys.platform != "linux", reason="the emulated link needs Linux"),
]
RUNS = 5
LAB = Settings("emulated")
SMALL, LARGE = 1_000, 9_000
KIB = 1024


@cache
def median(name, metric, size=None):
    record = of(name, size)
    print(f"\n{name}, {record.body_size:,} bytes: {metric} {record.median(metric):.4g}", end=" ")
    return record.median(metric)


@cache
def of(name, size=None):
    return measure(find(name), LAB, RUNS, body_size=size)


@pytest.mark.parametrize(("name", "seconds"), [("callbacks@10000", 0.85), ("c10k:uvloop@10000", 1.30)])
def test_ten_thousand_small_pages(name, seconds):
    assert median(name, "wall") <= seconds
    for metric in ("cpu", "link_cpu", "origin_cpu"):
        median(name, metric)


def test_ten_thousand_pages_of_several_segments():
    assert median("callbacks@10000", "wall", LARGE) <= 1.10


@pytest.mark.parametrize(("name", "times"), [("callbacks@1000", 1.12), ("c10k:uvloop@1000", 1.25)])
def test_a_thousand_pages(name, times):
    assert median(name, "wall") <= times * LAB.download


@pytest.mark.parametrize(
    ("name", "bytes_each"),
    [("callbacks", 2 * KIB), ("c10k:asyncio", 10 * KIB), ("c10k:uvloop", 10 * KIB)],
)
def test_memory_of_a_connection_above_an_idle_worker_and_without_the_bodies(name, bytes_each):
    idle, full = median(name, "memory"), median(f"{name}@10000", "memory")
    pages = find(f"{name}@10000").pages
    each = (full - idle - pages * SMALL) / (pages - PAGES)
    print(f"\n{name}: {each:,.0f} bytes a connection", end=" ")
    assert each <= bytes_each
