"""What the simulator says of a stage, the emulated link confirms."""

import sys
from dataclasses import replace
from statistics import median

import pytest

from scripts import measure
from scripts.lab import Settings
from scripts.lab.simulator import simulate
from scripts.measure.trial import distances
from scripts.stages import find

pytestmark = [
    pytest.mark.measures,
    pytest.mark.skipif(sys.platform != "linux", reason="the emulated link needs Linux"),
]
FAR = Settings("emulated", rtt=0.5, service_time=0.5)
"""So far that starting ten processes, which the simulator does in no time, is less than a twentieth of it."""
FEW = 3
"""Pages of a stage that downloads one after another."""


def test_simulated_and_emulated_agree(stage):
    case = find(stage)
    if case.stage.sequential:
        case = replace(case, pages=FEW)
    record = measure.measure(case, FAR, 1)
    simulated = simulate(case.snippet.read_text("utf-8"), distances(case, FAR), case.pages, lambda text: None)
    assert simulated.error is None
    assert simulated.wall == pytest.approx(record.median("wall"), rel=0.05)
    (sample,) = record.samples
    for phase in simulated.connections[0]:
        real, virtual = (
            median(connection[phase] for connection in run.connections) for run in (sample, simulated)
        )
        assert virtual == pytest.approx(real, abs=0.05 * FAR.download), phase
