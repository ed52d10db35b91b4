"""Whatever the network does: the pages are right or an error is told, and every run ends."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.lab.http import body
from scripts.simulator.network import Network

pytestmark = pytest.mark.usefixtures("impatient")

SIZE, PAGES = 300, 4
PATHS = [f"/?page={number}" for number in range(PAGES)]
BUSY = {"nonblocking", "polling"}
LATE = {"tasks": "fetch_each", "loops": "fetch_each", "c10k": "fetch_each"}
ERRORS = ("ConnectionRefusedError", "ConnectionResetError", "OSError", "TimeoutError", "Deadlock")

cuts = st.lists(st.tuples(st.integers(0, 4_000_000), st.integers(1, 500)), min_size=1, max_size=12)
"""Nanoseconds between two segments, and the bytes of a segment; over and over again, for all answers.

Few enough for an answer in single bytes to come before the stages' own deadline of two seconds.
"""
faults = st.lists(
    st.one_of(
        st.integers(1, PAGES + 1).map(lambda number: f"refuse@{number}"),
        st.tuples(st.sampled_from(["reset", "truncate", "silent", "drip"]), st.sampled_from(PATHS)).map(
            "@".join
        ),
    ),
    max_size=2,
    unique_by=lambda fault: fault.partition("@")[2],
)
distances = st.fixed_dictionaries({"rtt": st.floats(0, 0.05), "service_time": st.floats(0, 0.002)})
few = settings(
    max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def torn(pieces):
    """A kind of network whose segments have these delays and sizes, one after another."""
    endless = itertools.cycle(pieces)

    class Torn(Network):
        def flights(self, payload):
            delay = 0
            while payload:
                wait, size = next(endless)
                delay += wait
                yield delay, payload[:size]
                payload = payload[size:]

    return Torn


@few
@given(cuts=cuts, distances=distances)
def test_however_segments_are_cut_and_ordered_the_pages_are_right(stage, run, cuts, distances):
    ran = run(stage, pages=PAGES, network=torn(cuts), body_size=SIZE, **distances)
    assert ran.outcome.error is None
    assert ran.pages == {path: body(path, SIZE) for path in PATHS}
    assert ran.outcome.cpu == (ran.outcome.wall if stage in BUSY else 0)
    for phases in ran.outcome.connections:
        moments = list(phases.values())
        assert moments == sorted(moments)


@few
@given(cuts=cuts, faults=faults, distances=distances)
def test_whatever_goes_wrong_the_pages_are_right_or_an_error_is_told(stage, run, cuts, faults, distances):
    call = LATE.get(stage, "fetch_all")
    ran = run(stage, *faults, pages=PAGES, call=call, network=torn(cuts), body_size=SIZE, **distances)
    harmful = {fault for fault in faults if not fault.startswith("drip")} - {f"refuse@{PAGES + 1}"}
    if stage in LATE or not harmful:
        assert ran.outcome.error is None
        assert list(ran.pages) == PATHS
        wrong = [path for path, page in ran.pages.items() if page != body(path, SIZE)]
        assert len(wrong) <= len(harmful)
        assert all(isinstance(ran.pages[path], str) for path in wrong)
    else:
        assert ran.outcome.error[0].startswith(ERRORS)
        assert ran.pages == {}


@few
@given(cuts=cuts, faults=faults, distances=distances)
def test_the_same_run_again_comes_out_the_same(stage, run, cuts, faults, distances):
    first, second = (
        run(stage, *faults, pages=PAGES, network=torn(cuts), body_size=SIZE, **distances) for _ in range(2)
    )
    assert without_traceback(first.outcome) == without_traceback(second.outcome)
    assert first.pages == second.pages


def without_traceback(outcome):
    """Tracebacks may tell where in memory something was."""
    return replace(outcome, error=outcome.error and outcome.error[:2])


@pytest.mark.parametrize("late", LATE)
@few
@given(cuts=cuts, faults=faults, distances=distances)
def test_a_late_stage_loses_no_page_with_which_nothing_went_wrong(late, run, cuts, faults, distances):
    ran = run(late, *faults, pages=PAGES, call="fetch_each", network=torn(cuts), body_size=SIZE, **distances)
    targets = {fault.partition("@")[2] for fault in faults}
    for number, path in enumerate(PATHS, start=1):
        if path not in targets and str(number) not in targets:
            assert ran.pages[path] == body(path, SIZE)
