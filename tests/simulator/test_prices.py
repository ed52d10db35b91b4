"""Where work has a price, what the simulator says of many pages is what was measured."""

import json
import time
from statistics import median
from textwrap import dedent

import pytest

from scripts.lab import Settings
from scripts.measure.trial import distances
from scripts.page.benchmarks.archive import DATA
from scripts.simulator import Prices, simulate
from scripts.simulator.prices import calibrated
from scripts.stages import find

from .conftest import text

BUILDS = json.loads((DATA / "builds.json").read_text("utf-8"))
CLOSE = 0.25
"""How far the simulated wall may be from the measured one, as a part of it."""
CASES = (
    "blocking", "callbacks@1", "callbacks", "callbacks@100", "callbacks@1000", "callbacks@10000",
    "threads", "threads@100", "threads@1000", "processes:fork", "processes:fork@100",
    "event_loop", "generators", "yield_from", "async_await", "tasks",
    "c10k:asyncio", "c10k:asyncio@1000", "c10k:asyncio@10000",
)  # fmt: skip


def priced(stage, pages, **settings):
    return simulate(text(stage), Settings(**settings), pages, lambda text: None, Prices())


def measured(case):
    """Seconds of wall and CPU, of builds that are kept: a machine that does something else proves nothing."""
    (found,) = (each for each in BUILDS["cases"] if each["case"] == case)
    return median(found["wall"]), median(found["cpu"])


@pytest.mark.parametrize("case", CASES)
def test_simulated_and_measured_agree_from_one_page_to_ten_thousand(case):
    prices = calibrated(
        *(measured(f"{each}@1000")[1] / 1_000 for each in ("callbacks", "threads", "c10k:asyncio"))
    )
    settings = distances(find(case), Settings(rtt=BUILDS["rtt"], service_time=BUILDS["service_time"]))
    program = find(case).snippet.read_text("utf-8")
    simulated = simulate(program, settings, find(case).pages, lambda text: None, prices)
    assert simulated.error is None
    assert simulated.wall == pytest.approx(measured(case)[0], rel=CLOSE)


def test_the_price_of_a_page_is_the_one_that_was_measured():
    prices = calibrated(page=50e-6, thread=400e-6, protocol=150e-6)
    assert prices.page == pytest.approx(50_000, rel=0.01)
    assert (prices.thread, prices.handle) == (350_000, 10_000)
    assert calibrated(Prices().page / 1e9, 1, 1).connect == Prices().connect


def test_more_pages_take_longer_and_threads_longer_than_callbacks():
    few, many = priced("callbacks", 10), priced("callbacks", 1_000)
    threads = priced("threads", 1_000)
    assert 0.45 < few.wall < many.wall < threads.wall
    assert few.cpu < many.cpu < threads.cpu


def test_a_small_program_costs_the_same_in_every_run():
    first, second = priced("event_loop", 10), priced("event_loop", 10)
    assert first == second
    assert 0 < first.cpu < 0.01


def test_what_python_does_by_itself_counts_as_long_as_it_takes():
    lines = """
        import time
        time.sleep(1)
        begin = time.perf_counter()
        sum(range(3_000_000))
        print(time.perf_counter() - begin)
    """
    written, begin = [], time.process_time()
    outcome = simulate(dedent(lines), Settings(), None, written.append, Prices())
    took = time.process_time() - begin
    assert outcome.error is None
    assert 0.001 < float(written[0]) < took
    assert 1 + float(written[0]) <= outcome.wall < 1 + took


def test_so_many_intervals_of_work_are_told_as_can_be_drawn():
    outcome = priced("threads", 200)
    assert 10 < len(outcome.busy) <= 200
    assert sum((end - begin) * cores for begin, end, cores in outcome.busy) == pytest.approx(outcome.cpu)
