"""Builds one after another: what is said of their medians, and of those that fail."""

import json

import pytest
from msgspec.structs import replace

from scripts.bench import series
from scripts.bench.project import BenchFailed
from scripts.bench.series import at_speed, follow
from scripts.measure import Results


@pytest.fixture
def spent(record):
    """Make a record of runs that took so much wall time and CPU, in seconds."""

    def spent(stage, *runs):
        made = record(stage, [wall for wall, _ in runs])
        samples = zip(made.samples, runs, strict=True)
        return replace(
            made, samples=tuple(replace(sample, user=cpu, system=0.0) for sample, (_, cpu) in samples)
        )

    return spent


def test_what_a_slow_machine_adds_to_a_program_is_taken_out(spent):
    slow, fast = spent("threads", (0.85, 0.8)), spent("threads", (0.65, 0.4))
    found = follow("threads", [slow, fast])
    assert (found.wall, found.cpu) == ([0.85, 0.65], [0.8, 0.4])
    assert found.even == pytest.approx([0.75, 0.75])


def test_what_took_no_cpu_is_not_the_machines(spent):
    late, good = spent("threads", (1.45, 0.1)), spent("threads", (0.46, 0.1))
    assert follow("threads", [late, good]).even == pytest.approx([1.45, 0.46])


def test_each_run_has_a_speed_of_its_own(spent):
    assert at_speed(spent("threads", (0.85, 0.8), (0.65, 0.4), (0.45, 0.6)), 0.6) == pytest.approx(
        [0.75, 0.75, 0.45]
    )


def test_a_run_in_which_the_system_saw_no_cpu_stays_as_it_is(spent):
    assert at_speed(spent("threads", (0.46, 0.0)), 0.0) == [0.46]


class Builds:
    """Stands in for a copy of the project: each build gives a run of these records, or fails at None."""

    def __init__(self, folder, outcomes):
        self.folder = folder
        self.outcomes = iter(outcomes)

    def build(self, site):
        self.records = next(self.outcomes)
        if self.records is None:
            raise BenchFailed(
                "docs/zh/threads.md:9: wall of 'threads' by 'ideal' is 1.2: the claim is <= 1.1"
            )
        return 140.0


@pytest.fixture
def run(tmp_path, monkeypatch, spent):
    """Run a series of builds, each with a wall time and a CPU time of that case, and return whether it was good."""

    def run(*outcomes, case="threads", file=None):
        builds = Builds(tmp_path, [outcome and {case: spent(case, outcome)} for outcome in outcomes])
        monkeypatch.setattr(series, "load", lambda path: Results(builds.records))
        return series.run(builds, len(outcomes), file)

    return run


def test_builds_whose_medians_agree_at_one_speed_are_good(run, capsys):
    assert run((0.85, 0.8), (0.65, 0.4), (0.753, 0.6))
    told = capsys.readouterr().out.splitlines()
    assert told[2] == "build 3 of 3: 140 s"
    assert told[4].split() == ["threads", "0.6500", "s", "0.8500", "s", "30.8%", "100.0%", "0.4%"]
    assert told[5:] == [
        "0 of 3 builds failed",
        "at one speed none of ten pages lie more than 5% apart",
        "and none of other numbers of pages, for which that is no bound",
    ]


def test_medians_too_far_apart_are_named(run, capsys):
    assert not run((0.460, 0.01), (0.484, 0.01))
    assert "at one speed 1 (threads) of ten pages lie more than 5% apart" in capsys.readouterr().out


def test_of_other_numbers_of_pages_those_far_apart_are_named_too(run, capsys):
    assert run((0.460, 0.01), (0.484, 0.01), case="threads@100")
    assert "and 1 (threads@100) of other numbers of pages" in capsys.readouterr().out


def test_a_build_that_fails_says_why_and_the_others_go_on(run, capsys):
    assert not run((0.46, 0.01), None, (0.46, 0.01))
    told = capsys.readouterr().out
    assert "build 2 of 3 failed: docs/zh/threads.md:9: wall of 'threads'" in told
    assert "build 3 of 3: 140 s" in told
    assert "1 of 3 builds failed" in told


def test_a_series_with_a_hole_replaces_none_without(run, tmp_path):
    run((0.46, 0.01), None, file=tmp_path / "builds.json")
    assert not (tmp_path / "builds.json").exists()


def test_when_all_fail_there_is_nothing_to_compare_and_nothing_to_keep(run, capsys, tmp_path):
    assert not run(None, None, file=tmp_path / "builds.json")
    assert "2 of 2 builds failed" in capsys.readouterr().out
    assert not (tmp_path / "builds.json").exists()


def test_the_medians_can_be_kept_with_the_circumstances(run, tmp_path):
    run((0.85, 0.8), (0.65, 0.4), file=tmp_path / "builds.json")
    made = json.loads((tmp_path / "builds.json").read_text("utf-8"))
    assert made["builds"] == 2
    assert (made["link"], made["cores"], made["rtt"]) == ("emulated", 2, 0.15)
    assert made["cases"] == [
        {"case": "threads", "wall": [0.85, 0.65], "cpu": [0.8, 0.4], "even": pytest.approx([0.75, 0.75])}
    ]


def test_the_widest_comes_first(spent):
    first = {"threads": spent("threads", (0.5, 0.1)), "polling": spent("polling", (0.5, 0.1))}
    second = {"threads": spent("threads", (0.6, 0.1)), "polling": spent("polling", (0.7, 0.1))}
    assert [each.case for each in series.series([first, second])] == ["polling", "threads"]
