"""The table of builds that were made one after another."""

import json

import html5lib
import pytest

from scripts import stages
from scripts.bench.series import SPREAD_BOUND
from scripts.measure.stats import apart
from scripts.page.benchmarks import archive, reproducibility
from scripts.page.failures import NoSuchThing
from tests.tiny import rows

KEPT = {
    "measured_at": "2026-01-02T03:04:05+00:00", "commit": None, "python": "3.13.1", "implementation": "CPython",
    "system": "Linux 6.1 x86_64", "processor": "<Processor & Co>", "cores": 2, "link": "emulated", "rtt": 0.15,
    "service_time": 0.15, "builds": 2,
    "cases": [
        {"case": "callbacks@10000", "wall": [0.6, 0.9], "cpu": [0.4, 0.6], "even": [0.6, 0.75]},
        {"case": "processes:spawn", "wall": [1.2, 1.0], "cpu": [1.1, 1.0], "even": [1.1, 1.111]},
        {"case": "threads", "wall": [0.45, 0.4545], "cpu": [0.01, 0.01], "even": [0.45, 0.45]},
    ],
}  # fmt: skip


@pytest.fixture
def builds(keep):
    """The file of the builds in this test."""
    return keep("builds", KEPT)


@pytest.mark.usefixtures("builds")
def test_each_case_has_a_row_of_what_the_builds_found():
    text = reproducibility.repeats()
    found = rows(text)[1:]
    assert found[0] == ["回调（10,000 页）", "0.600 秒", "0.900 秒", "50%", "50%", "25%"]
    assert found[1] == ["多进程（spawn）", "1.00 秒", "1.20 秒", "20%", "10%", "1.0%"]
    assert found[2] == ["多线程", "0.450 秒", "0.455 秒", "1.0%", "0%", "0%"]
    html5lib.HTMLParser(strict=True).parseFragment(text)


def test_a_case_that_is_gone_is_not_shown(builds):
    builds.write_text(builds.read_text("utf-8").replace("threads", "thraeds"), "utf-8")
    assert "多线程" not in reproducibility.repeats()


@pytest.mark.usefixtures("builds")
def test_below_it_stands_what_is_left_of_ten_pages_and_how_it_was_made():
    for told in (
        "至多相差 1.0%（多进程（spawn））",
        "2 次构建",
        "往返 150 毫秒",
        "CPython 3.13.1",
        "2026-01-02 03:04 UTC",
    ):
        assert told in reproducibility.repeats()


@pytest.mark.parametrize("text", [None, "{", "[]", "{}", '{"cases": []}', '{"cases": [{"case": "threads"}]}'])
def test_where_no_builds_were_kept_the_command_is_named(builds, text):
    builds.unlink()
    if text:
        builds.write_text(text)
    with pytest.raises(
        NoSuchThing, match=r"builds\.json holds no benchmark .* python -m scripts\.bench builds --json"
    ):
        reproducibility.repeats()


def test_the_kept_builds_have_all_that_is_shown():
    builds = json.loads((archive.DATA / "builds.json").read_text("utf-8"))
    cases = {case["case"]: case for case in builds["cases"]}
    assert builds["builds"] >= 5
    assert cases.keys() >= {"blocking", "processes:spawn", "tasks"}
    for case in (case for case in stages.CASES if case.name in cases):
        assert all(len(cases[case.name][each]) == builds["builds"] for each in ("wall", "cpu", "even"))
        assert apart(cases[case.name]["even"]) <= SPREAD_BOUND, case.name
