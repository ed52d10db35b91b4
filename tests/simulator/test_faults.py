"""The lab's faults, one page of ten: who reports it, when, and who keeps the other nine."""

import pytest

from scripts.lab.http import Request, body
from snippets import tasks

EARLY_KINDS = {
    "refuse@4": "ConnectionRefusedError",
    "reset@/?page=3": "ConnectionResetError",
    "truncate@/?page=3": "OSError",
}
WAITING = {"tasks", "loops", "c10k"}
"""Stages that wait no longer than a deadline of their own."""


@pytest.mark.parametrize("fault", EARLY_KINDS)
def test_a_fail_fast_stage_raises_what_went_wrong(stage, fault, run):
    ran = run(stage, fault)
    message, line, _ = ran.outcome.error
    assert message.startswith(EARLY_KINDS[fault])
    assert line is not None
    assert ran.pages == {}


def test_half_a_body_is_what_a_truncated_answer_has(stage, run):
    message, *_ = run(stage, "truncate@/?page=3", body_size=8_000).outcome.error
    assert message == "OSError: 4000 of 8000 bytes came"


@pytest.mark.usefixtures("impatient")
def test_where_nothing_will_ever_come_the_run_ends_and_says_so(stage, run):
    message, _, _ = run(stage, "silent@/?page=3").outcome.error
    assert message.startswith("TimeoutError" if stage in WAITING else "Deadlock: ")


def test_who_has_a_deadline_waits_exactly_until_it(run):
    assert run("tasks", "silent@/?page=3").outcome.wall == tasks.TIMEOUT


def test_a_page_that_drips_comes_to_its_end_at_last(stage, run):
    ran = run(stage, "drip@/?page=3", body_size=100, rtt=0.01, service_time=0.005)
    assert ran.outcome.error is None
    assert ran.pages["/?page=3"] == body("/?page=3", 100)
    slow = max(ran.outcome.connections, key=lambda phases: phases["last_byte"] - phases["first_byte"])
    drops = len(b"".join(Request(200, "/?page=3").answer(100)))
    assert slow["last_byte"] - slow["first_byte"] == pytest.approx((drops - 1) * 0.005)


@pytest.mark.parametrize("fault", [*EARLY_KINDS, "silent@/?page=3", "drip@/?page=3"])
@pytest.mark.parametrize("late", sorted(WAITING))
def test_a_late_stage_loses_only_the_page_that_went_wrong(late, fault, run):
    ran = run(late, fault, call="fetch_each")
    assert ran.outcome.error is None
    wrong = {path for path, page in ran.pages.items() if not isinstance(page, bytes)}
    assert wrong == {"/?page=3"}
    assert all(page == body(path, 9_000) for path, page in ran.pages.items() if path not in wrong)


def test_a_refused_connection_has_a_syn_and_nothing_else(run):
    phases = run("threads", "refuse@4").outcome.connections[3]
    assert {phase for phase, at in phases.items() if at is not None} == {"syn"}


def test_a_silent_one_has_a_request_and_no_byte(run):
    phases = run("tasks", "silent@/?page=3", call="fetch_each").outcome.connections[3]
    assert phases["first_byte"] is None
    assert (phases["request"], phases["closed"]) == (0.15, tasks.TIMEOUT)
