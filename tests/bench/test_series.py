"""Builds one after another: what is said of their medians, and of those that fail."""

import pytest

from scripts.bench import series
from scripts.bench.project import BenchFailed
from scripts.bench.series import Range, ranges
from scripts.measure import Results


def test_ranges_of_medians_begin_with_the_widest():
    builds = [{"threads": 0.50, "blocking": 4.5}, {"threads": 0.45, "blocking": 4.5}, {"threads": 0.46}]
    assert ranges(builds) == [Range("threads", 0.45, 0.50), Range("blocking", 4.5, 4.5)]
    assert [each.spread for each in ranges(builds)] == [pytest.approx(0.05 / 0.45), 0]


class Builds:
    """Stands in for a copy of the project: each build gives these medians of threads, or fails at None."""

    def __init__(self, folder, outcomes):
        self.folder = folder
        self.outcomes = iter(outcomes)

    def build(self, site):
        self.median = next(self.outcomes)
        if self.median is None:
            raise BenchFailed("docs/zh/threads.md:9: wall of 'threads' by 'ideal' is 1.2: the claim is <= 1.1")
        return 140.0


@pytest.fixture
def run(tmp_path, monkeypatch, record):
    """Run a series of builds with these outcomes, and return whether it was good."""

    def run(*outcomes):
        builds = Builds(tmp_path, outcomes)
        results = lambda path: Results({"threads": record(walls=(0.3, builds.median, 0.9))})  # noqa: E731
        monkeypatch.setattr(series, "load", results)
        return series.run(builds, len(outcomes))

    return run


def test_builds_whose_medians_agree_are_good(run, capsys):
    assert run(0.460, 0.482, 0.470)
    told = capsys.readouterr().out
    assert "build 3 of 3: 140 s" in told
    assert told.splitlines()[4].split() == ["threads", "0.4600", "s", "0.4820", "s", "4.8%"]
    assert "0 of 3 builds failed" in told
    assert "0 of 1 medians lie more than 5% apart" in told


def test_medians_too_far_apart_are_named(run, capsys):
    assert not run(0.460, 0.484)
    assert "1 of 1 medians lie more than 5% apart: threads" in capsys.readouterr().out


def test_a_build_that_fails_says_why_and_the_others_go_on(run, capsys):
    assert not run(0.46, None, 0.46)
    told = capsys.readouterr().out
    assert "build 2 of 3 failed: docs/zh/threads.md:9: wall of 'threads'" in told
    assert "build 3 of 3: 140 s" in told
    assert "1 of 3 builds failed" in told


def test_when_all_fail_there_is_nothing_to_compare(run, capsys):
    assert not run(None, None)
    assert "2 of 2 builds failed" in capsys.readouterr().out
