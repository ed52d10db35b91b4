"""What the stages must take at a round trip and a service time of 150 ms, by the site's own measurements."""

import pytest

from scripts.measure import Given
from scripts.measure.ordeal import FAULTS
from scripts.stages import CASES

pytestmark = pytest.mark.measures
PATHS = [f"/?page={number}" for number in range(10)]


@pytest.fixture(scope="module")
def source(measured_site):
    return Given(measured_site / "measurements.json")


@pytest.mark.parametrize(
    ("stage", "bound"),
    [
        ("blocking", 1.02),
        ("nonblocking", 1.03),
        ("threads", 1.10),
        ("polling", 1.10),
        ("greenlets", 1.10),
        ("callbacks", 1.06),
        ("event_loop", 1.06),
        ("generators", 1.06),
        ("yield_from", 1.06),
        ("async_await", 1.06),
        ("tasks", 1.06),
        ("processes:fork", 1.25),
    ],
)
def test_wall_against_the_ideal(source, stage, bound):
    record = source.get(stage)
    assert 0.99 <= record.median("wall") / record.ideal <= bound


@pytest.mark.parametrize("stage", ["nonblocking", "polling"])
def test_a_busy_loop_is_busy(source, stage):
    record = source.get(stage)
    assert record.median("cpu") >= 0.80 * record.median("wall")


def test_a_blocked_program_is_not(source):
    record = source.get("blocking")
    assert record.median("cpu") <= 0.02 * record.median("wall")


@pytest.mark.parametrize(
    "stage", ["callbacks", "event_loop", "generators", "yield_from", "async_await", "tasks"]
)
def test_a_loop_that_sleeps_until_something_is_ready_is_not(source, stage):
    record = source.get(stage)
    assert record.median("cpu") <= 0.10 * record.median("wall")


def test_at_a_thousand_pages_at_least_one_loop_is_near_the_ideal(source):
    records = [source.get(f"loops:{loop}@1000") for loop in ("asyncio", "uvloop", "trio")]
    assert min(record.median("wall") / record.ideal for record in records) <= 1.5


EACH = [
    "greenlets", "tasks", "loops:asyncio", "loops:uvloop", "loops:trio", "cluster", "c10k:asyncio", "c10k:uvloop",
    "deadlines",
]  # fmt: skip
"""Stages with deadlines, and a `fetch_each`."""


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("stage", EACH)
def test_a_stage_with_deadlines_loses_the_page_that_went_wrong_and_names_it(source, stage, fault):
    ordeal = source.ordeal(stage, fault)
    assert (ordeal.delivered, ordeal.gave_up) == (9, False)
    (path,) = ordeal.raised
    assert path == "/?page=3" or (fault.startswith("refuse") and path in PATHS)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("case", [case for case in CASES if case.name not in EACH and not case.start_method])
def test_a_stage_without_raises_or_would_wait_for_ever(source, case, fault):
    ordeal = source.ordeal(case.name, fault)
    assert ordeal.delivered == 0
    assert ordeal.gave_up == (fault.partition("@")[0] in ("drip", "silent"))
    assert list(ordeal.raised) == ([] if ordeal.gave_up else [""])
