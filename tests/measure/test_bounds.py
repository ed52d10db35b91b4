"""What the stages must take at a round trip and a service time of 150 ms, by the site's own measurements."""

import pytest

from scripts.measure import Given

pytestmark = pytest.mark.measures


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
