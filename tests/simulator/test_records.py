"""What this build measured of each stage under each fault, the simulator tells word for word."""

import pytest

from scripts.measure import Given
from scripts.measure.ordeal import FAULTS
from scripts.stages import find

LATE = {"tasks", "loops", "c10k"}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", FAULTS)
def test_the_simulator_reports_what_was_reported_on_the_link(stage, fault, measurements, run):
    ordeal = Given(measurements).ordeal(find(stage).name, fault)
    call = "fetch_each" if stage in LATE else "fetch_all"
    distances = {"rtt": ordeal.rtt, "service_time": ordeal.service_time}
    if fault.startswith(
        "drip"
    ):  # no longer than outlasts all patience: a busy loop asks many times for each byte
        distances["body_size"] = int(ordeal.patience / ordeal.service_time)
    ran = run(stage, fault, call=call, **distances)
    error = ran.outcome.error and ran.outcome.error[0]
    if ordeal.gave_up:
        assert ran.outcome.wall > ordeal.patience or error.startswith("Deadlock: ")
    else:
        told = {path: page for path, page in ran.pages.items() if isinstance(page, str)}
        assert ({"": error} if error else told) == ordeal.raised
