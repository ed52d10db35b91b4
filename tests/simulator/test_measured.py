"""What the simulator says of a stage, the emulated link confirms."""

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from statistics import median

import pytest

from scripts import measure
from scripts.lab import Settings
from scripts.measure.trial import distances
from scripts.simulator import simulate
from scripts.stages import find

from .conftest import STAGES

pytestmark = [
    pytest.mark.measures,
    pytest.mark.skipif(sys.platform != "linux", reason="the emulated link needs Linux"),
]
FAR = Settings("emulated", rtt=0.5, service_time=0.5)
"""As far as a page's own time-out in the late stages lets it be."""
FARTHER = Settings("emulated", rtt=1.0, service_time=1.0)
"""So far that starting ten processes, which the simulator does in no time, is less than a twentieth of it."""
FEW = 2
"""Pages of a stage that downloads one after another."""
TOGETHER = 4
"""So far from the origin, nearly all of them wait nearly all the time."""
ALONE = {"processes"}
"""Not this one: it has ten interpreters to start, and would wait for a core as well."""


def distance(stage):
    return FARTHER if stage in ALONE else FAR


def case_of(stage):
    case = find(stage)
    return replace(case, pages=FEW) if case.stage.sequential else case


@pytest.fixture(scope="module")
def measured():
    """The record of each stage, over the emulated link."""

    def one(stage):
        return stage, measure.measure(case_of(stage), distance(stage), 1)

    with ThreadPoolExecutor(TOGETHER) as pool:
        return dict([*pool.map(one, sorted(set(STAGES) - ALONE)), *map(one, ALONE)])


def test_simulated_and_emulated_agree(measured, stage):
    case, record, far = case_of(stage), measured[stage], distance(stage)
    simulated = simulate(case.snippet.read_text("utf-8"), distances(case, far), case.pages, lambda text: None)
    assert simulated.error is None
    assert simulated.wall == pytest.approx(record.median("wall"), rel=0.05)
    (sample,) = record.samples
    for phase in simulated.connections[0]:
        real, virtual = (
            median(connection[phase] for connection in run.connections) for run in (sample, simulated)
        )
        assert virtual == pytest.approx(real, abs=0.05 * far.download), phase
