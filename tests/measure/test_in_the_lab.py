"""The real programs in the real lab: what they are given when something goes wrong on the way."""

import pytest

from scripts import stages
from scripts.lab import Fault, Settings
from scripts.measure import RunFailed, measure
from tests.patience import PATIENCE

STAGE = stages.find("threads")
PHASES = ("syn", "established", "request", "first_byte", "last_byte")


def near(*faults):
    return Settings(rtt=0.01, service_time=0.01, faults=tuple(Fault.parse(fault) for fault in faults))


@pytest.mark.parametrize("case", stages.CASES, ids=lambda case: case.name)
def test_each_case_gets_its_ten_pages_over_ten_connections(case):
    # Where others have the cores, ten interpreters take more than ten seconds to start.
    (sample,) = measure(case, near(), 1, timeout=PATIENCE).samples
    assert (sample.pages, sample.bytes, len(sample.connections)) == (10, 90_000, 10)
    for connection in sample.connections:
        phases = [connection[phase] for phase in PHASES]
        assert phases == sorted(phases)
        assert phases[0] >= 0
        assert phases[-1] <= sample.wall


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ("refuse@3", "ConnectionRefusedError"),
        ("reset@/?page=3", "ConnectionResetError"),
        ("truncate@/?page=3", "OSError: 4500 of 9000 bytes came"),
    ],
)
def test_a_fault_is_the_programs_own_error(fault, complaint):
    with pytest.raises(RunFailed, match=complaint):
        measure(STAGE, near(fault), 1)


def test_a_page_that_never_comes_is_a_timeout():
    with pytest.raises(RunFailed, match=r"stage 'threads': no end after 1\.0 s"):
        measure(STAGE, near("silent@/?page=3"), 1, timeout=1.0)
