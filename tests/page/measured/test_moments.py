"""How long a connection takes between two moments, as a part of another time."""

import pytest
from msgspec.structs import replace

from scripts.page.failures import ClaimFailed, NoSuchThing
from scripts.page.measured import moments
from tests.tiny import record

MOMENTS = ("syn", "established", "request", "first_byte", "last_byte", "closed")


def traced(name, *times):
    """A record of that case, all of whose connections came to their moments at these times."""
    plain = record(name, [0.5])
    connections = (dict(zip(MOMENTS, times, strict=True)),) * 10
    return replace(plain, samples=tuple(replace(each, connections=connections) for each in plain.samples))


@pytest.fixture(autouse=True)
def given(records_given):
    """Blocking and threads have connections, polling tells of none."""
    records_given(
        traced("blocking", 0, 0.15, 0.15, 0.45, 0.5, 0.6),
        traced("threads", 0, 0.15, 0.15, 0.75, 0.8, 0.9),
        record("polling", [0.5]),
    )


def test_a_part_of_the_whole_connection():
    said = moments.lasts("blocking", "syn", "established", "<=", 0.5)
    assert "同步阻塞的连接，从发起连接到连上，用时是全程的 30%，检验要求不超过 50%。" in said


def test_a_ratio_to_another_case():
    said = moments.lasts("threads", "request", "first_byte", ">=", 1.5, of="blocking")
    assert "用时是同步阻塞的 2.00 倍，检验要求不低于 1.5 倍。" in said


def test_what_is_not_traced_is_not_judged():
    assert "无从检验" in moments.lasts("polling", "syn", "established", "<=", 0.5)
    assert "无从检验" in moments.lasts("blocking", "syn", "established", "<=", 0.5, of="polling")


def test_what_does_not_hold_or_is_none():
    with pytest.raises(
        ClaimFailed, match=r"from syn to established of 'blocking' is 0.15 / 0.5 = 0.3: .*<= 0.1"
    ):
        moments.lasts("blocking", "syn", "established", "<=", 0.1)
    with pytest.raises(NoSuchThing, match="did you mean 'first_byte'"):
        moments.lasts("blocking", "syn", "first_bite", "<=", 0.1)
