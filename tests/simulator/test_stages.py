"""Every stage that needs no compiled library, as it is: exact to the nanosecond, and with the right pages."""

import pytest

from scripts import stages
from scripts.lab import Settings
from scripts.lab.http import body
from scripts.simulator.clock import SLIVER

BUSY = {"nonblocking", "polling"}
NS = 1_000_000_000


def nanoseconds(seconds):
    return round(seconds * NS)


def ideal(stage, settings):
    """Nanoseconds of the stage's ten pages."""
    rtt, service_time = nanoseconds(settings.rtt), nanoseconds(settings.service_time)
    return (2 * rtt + service_time) * (10 if stages.find(stage).stage.sequential else 1)


def test_a_stage_takes_exactly_its_ideal_time_and_says_so(stage, run):
    ran = run(stage)
    assert ran.outcome.error is None
    assert nanoseconds(ran.outcome.wall) == ideal(stage, ran.settings)
    assert ran.output == f"10 pages in {ran.outcome.wall:.3f} s"


def test_a_busy_loop_is_on_the_cpu_all_the_time_and_the_others_never(stage, run):
    outcome = run(stage).outcome
    assert outcome.cpu == (outcome.wall if stage in BUSY else 0)
    assert outcome.busy == ([(0.0, outcome.wall, 1.0)] if stage in BUSY else [])


def test_all_pages_are_those_of_the_origin(stage, run):
    ran = run(stage, body_size=9_999)
    assert ran.pages == {f"/?page={n}": body(f"/?page={n}", 9_999) for n in range(10)}


def test_distances_that_no_float_holds_come_out_to_the_nanosecond(stage, run):
    ran = run(stage, rtt=0.123_456_789, service_time=0.000_000_001)
    late = nanoseconds(ran.outcome.wall) - ideal(stage, ran.settings)
    waits = 2 * (10 if stages.find(stage).stage.sequential else 1)
    assert 0 <= late <= (waits * SLIVER if stage in BUSY else 0)


def test_a_world_without_distances_takes_no_time(stage, run):
    ran = run(stage, rtt=0, service_time=0)
    assert (ran.outcome.wall, len(ran.pages)) == (0, 10)


def test_each_connection_has_the_phases_of_a_real_one(stage, run):
    ran = run(stage, rtt=0.2, service_time=0.1)
    sequential = stages.find(stage).stage.sequential
    for number, phases in enumerate(ran.outcome.connections):
        begin = number * 0.5 if sequential else 0
        for phase, at in zip(phases, (0, 0.2, 0.2, 0.5, 0.5, 0.5), strict=True):
            assert nanoseconds(phases[phase]) == nanoseconds(begin + at), phase
    assert len(ran.outcome.connections) == 10


@pytest.mark.parametrize("pages", [1, 33])
def test_another_number_of_pages_takes_effect_in_the_tail_as_well(stage, pages, run):
    ran = run(stage, pages=pages)
    assert ran.output.startswith(f"{pages} pages in ")
    assert list(ran.pages) == [f"/?page={n}" for n in range(pages)]


def test_a_body_beyond_the_first_window_takes_another_round_trip(run):
    ran = run("callbacks", body_size=40_000)
    assert nanoseconds(ran.outcome.wall) == ideal("callbacks", Settings()) + nanoseconds(0.15)
    assert all(len(page) == 40_000 for page in ran.pages.values())


def test_a_thousand_pages_at_once_take_as_long_as_one(run):
    ran = run("callbacks", pages=1_000)
    assert (nanoseconds(ran.outcome.wall), len(ran.pages)) == (ideal("callbacks", Settings()), 1_000)
