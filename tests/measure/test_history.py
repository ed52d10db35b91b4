"""The history of builds, and what counts as a regression."""

from datetime import UTC, datetime
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from scripts.measure import BadRecords
from scripts.measure.history import Build, append, before, read, regressions
from scripts.measure.stats import mann_whitney


def by_hand(one, other):
    """The p-value of the same test, by trying out every choice."""
    everything = [*one, *other]

    def u(chosen):
        rest = [sample for at, sample in enumerate(everything) if at not in chosen]
        pairs = [(everything[at], sample) for at in chosen for sample in rest]
        return sum((left > right) + (left == right) / 2 for left, right in pairs)

    middle = len(one) * len(other) / 2
    distance = abs(u(range(len(one))) - middle)
    choices = [abs(u(chosen) - middle) for chosen in combinations(range(len(everything)), len(one))]
    return sum(choice >= distance for choice in choices) / len(choices)


FEW = st.lists(st.integers(0, 9), min_size=1, max_size=5)


@given(FEW, FEW)
def test_the_test_counts_every_choice(one, other):
    assert mann_whitney(one, other) == pytest.approx(by_hand(one, other))
    assert mann_whitney(one, other) == mann_whitney(other, one)


def test_the_test_agrees_with_the_tables():
    assert mann_whitney([1, 2, 3], [4, 5, 6]) == pytest.approx(0.1)
    assert mann_whitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]) == pytest.approx(2 / 252)
    assert mann_whitney([1, 1, 1], [1, 1, 1]) == 1
    assert mann_whitney(range(8), range(8, 16)) == pytest.approx(2 / 12870)


@pytest.fixture
def build(record):
    """Make a build with these wall times of the threads, an hour after the last one that was made."""
    made = []

    def make(*walls, **others):
        made.append(walls)
        when = datetime(2026, 11, 23, len(made), tzinfo=UTC)
        others = {"measured_at": when, **others}
        return Build.of([record(walls=walls, **others), record("blocking", **others, ideal=4.5)])

    return make


def test_a_line_holds_ratios(build):
    made = build(0.45, 0.54)
    assert made.cases["threads"].wall == [1.0, 1.2]
    assert made.cases["threads"].cpu == [0.01111, 0.01111]
    assert made.median("threads", "wall") == 1.1
    assert made.median("polling", "wall") is None
    assert (made.python, made.lab) == ("CPython 3.14.0", "emulated, 0.15 s, 0.15 s")


def test_lines_are_read_as_they_were_written(build, tmp_path):
    path = tmp_path / "kept" / "history.jsonl"
    assert read(path) == []
    builds = [build(0.45), build(0.46), replace(build(0.47), python="no\u2028end\x85of a line")]
    for each in (builds[1], builds[0], builds[2]):
        append(path, each)
    assert read(path) == builds
    assert path.read_text("utf-8").count("\n") == 3


def test_a_line_that_breaks_off_spoils_no_other(build, tmp_path):
    path = tmp_path / "history.jsonl"
    builds = [build(0.45), build(0.46)]
    append(path, builds[0])
    with open(path, "a") as file:
        file.write('{"time": "2026')
    append(path, builds[1])
    assert read(path) == builds


ODD = {
    "another file": b'{"records": []}',
    "no JSON": b"hello",
    "NULs": bytes(40),
    "no UTF-8": b'{"time": "\xff"}',
    "a list": b"[]",
    "a text for a number": b'{"time":"2026-11-23T08:00:00Z","commit":null,"python":"","machine":"","lab":"","cases":{"a":{"wall":["1"],"cpu":[1]}}}',
    "no ratio": b'{"time":"2026-11-23T08:00:00Z","commit":null,"python":"","machine":"","lab":"","cases":{"a":{"wall":[],"cpu":[1]}}}',
    "a metric too few": b'{"time":"2026-11-23T08:00:00Z","commit":null,"python":"","machine":"","lab":"","cases":{"a":{"wall":[1]}}}',
    "no time": b'{"time":"now","commit":null,"python":"","machine":"","lab":"","cases":{}}',
}  # fmt: skip


@pytest.mark.parametrize("line", ODD.values(), ids=ODD)
def test_what_is_no_history_is_refused_by_file_and_line(build, tmp_path, line):
    path = tmp_path / "history.jsonl"
    append(path, build(0.45))
    with open(path, "ab") as file:
        file.write(line + b"\n")
    with pytest.raises(BadRecords, match="history.jsonl:2: not a line of a history: "):
        read(path)


def test_a_history_that_cannot_be_opened_is_named(tmp_path):
    with pytest.raises(BadRecords, match=f"{tmp_path}: cannot be read"):
        read(tmp_path)


def test_a_build_without_distance_has_nothing_to_compare(record):
    assert Build.of([record(walls=(0.01,), ideal=0.0, rtt=0.0, service_time=0.0)]).cases == {}


def test_builds_are_compared_with_the_last_in_the_same_circumstances(build):
    builds = [build(0.45), build(0.45), build(0.45, python="3.15.0"), build(0.45)]
    assert before(builds[3], builds) == builds[1]
    assert before(builds[2], builds) is None
    assert before(replace(builds[3], lab="loopback, 0.15 s, 0.15 s"), builds) is None


def slower(factor):
    return [factor * wall for wall in (0.450, 0.451, 0.452, 0.453, 0.454)]


def test_a_regression_is_told(build):
    then, now = build(*slower(1)), build(*slower(1.2))
    (told,) = regressions(now, then)
    assert (
        told
        == f"threads: wall is 1.205 times the ideal, +20% against 1.004 in the build of {then.time:%Y-%m-%d %H:%M} (p = 0.0079)"
    )
    assert not list(regressions(then, now))


def test_what_is_noise_or_little_is_none(build):
    then = build(*slower(1))
    assert not list(regressions(build(*slower(1.05)), then))
    assert not list(regressions(build(0.45, 0.452, 0.453, 0.7, 0.8), then))
    assert not list(regressions(build(0.9, 0.9, 0.9), then))  # three may lie above five by chance
