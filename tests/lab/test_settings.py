"""What may be asked of the lab, and what is said to all else."""

import pytest

from scripts.lab import Fault, LabError, Settings


def test_the_ideal_download_is_two_round_trips_and_the_service_time():
    assert Settings(rtt=0.1, service_time=0.05).download == pytest.approx(0.25)


@pytest.mark.parametrize("spec", ["refuse@3", "reset@/?page=3", "truncate@/", "drip@/a", "silent@/a@b"])
def test_a_fault_is_a_kind_and_a_target(spec):
    fault = Fault.parse(spec)
    assert f"{fault.kind}@{fault.target}" == spec


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        ("burn@/a", "KIND one of refuse, reset"),
        ("reset", "write KIND@TARGET"),
        ("refuse@/a", "a connection's number"),
        ("refuse@0", "from 1 to 20000"),
        ("refuse@20001", "from 1 to 20000"),
        ("reset@a", "a path, as in reset@/"),
    ],
)
def test_a_fault_that_there_is_not_is_an_error_with_a_hint(spec, hint):
    with pytest.raises(LabError, match=hint):
        Fault.parse(spec)


@pytest.mark.parametrize(
    "wrong",
    [
        {"link": "wifi"},
        {"rtt": -1},
        {"rtt": float("nan")},
        {"service_time": 61},
        {"body_size": -1},
        {"connections": 60_001},
    ],
)
def test_settings_that_make_no_sense_name_the_one_that_does_not(wrong):
    with pytest.raises(LabError, match=next(iter(wrong))):
        Settings(**wrong)
