"""The benchmarks' arithmetic; the benchmarks themselves are run by hand, since no test is timed."""

import pytest

from scripts.bench import rendering
from scripts.bench.figures import alternately, verdict
from scripts.bench.stopwatch import covered, noting


def test_kinds_of_builds_take_turns():
    turns = []

    def build(kind, seconds):
        turns.append(kind)
        return seconds.pop()

    plain, rendered = [3.0, 9.0, 2.0], [4.0, 4.0, 1.0]
    medians = alternately(3, lambda: build("plain", plain), lambda: build("rendering", rendered))
    assert medians == [3.0, 4.0]
    assert turns == ["plain", "rendering"] * 3


def test_a_figure_beyond_its_bound_is_said_to_be(capsys):
    assert verdict("ratio", 1.5, 1.5)
    assert not verdict("overhead", 0.31, 0.3, "s")
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["ratio", "1.50", "×", "within", "1.5", "×"],
        ["overhead", "0.31", "s", "MORE", "THAN", "0.3", "s"],
    ]


def span(begin, end, kind="measure", walls=()):
    return {"kind": kind, "begin": begin, "end": end, "walls": list(walls)}


@pytest.mark.parametrize(
    ("spans", "seconds"),
    [
        ([], 0),
        ([span(1, 2), span(4, 6)], 3),
        ([span(4, 6), span(1, 2)], 3),
        ([span(0, 10), span(1, 2), span(3, 12)], 12),  # as faults are, four at a time
    ],
)
def test_what_happens_at_the_same_time_counts_once(spans, seconds):
    assert covered(spans) == seconds


def test_a_stopwatch_notes_the_samples_of_records_and_the_time_of_all(record):
    spans = []
    made = record(walls=(1.0, 2.0))
    assert noting("measure", lambda case, settings, runs: made, spans)("case", None, 2) is made
    assert noting("printed", lambda program, settings: "text", spans)("program", None) == "text"
    measured, printed = spans
    assert (measured["kind"], measured["walls"]) == ("measure", [1.0, 2.0])
    assert (printed["kind"], printed["walls"]) == ("printed", [])
    assert measured["begin"] <= measured["end"] <= printed["begin"] <= printed["end"]


def test_what_is_no_sample_is_shown_and_not_counted(capsys):
    spans = [
        span(0.0, 5.0, walls=[1.0, 1.5, 2.0]),
        span(5.0, 8.0, "endure"),
        span(6.0, 9.0, "endure"),
        span(20.0, 21.0, "find"),
    ]
    assert rendering.overhead(10.1, [1.0, 1.5, 2.0], aside=5.0) == pytest.approx(0.2)
    assert rendering.account(10.1, spans)
    assert not rendering.account(10.7, spans)
    told = capsys.readouterr().out
    assert "4.50 s  of 3 runs" in told
    assert "5.00 s  3 faults, demonstrations and printed programs" in told
    assert "0.40 s  MORE THAN 0.3 s" in told
