"""The site as a publisher builds it: every case measured, every claim held against what was measured."""

import sys

import pytest

from scripts.measure.measurements import load
from scripts.stages import CASES, find
from tests.conftest import RUNS
from tests.site.claims import claims, problems

pytestmark = pytest.mark.measures


def test_a_build_measures_every_case_and_says_on_which_link(measured_site):
    records = load(measured_site / "measurements.json").records
    usual = [name for name in records if "@" not in name and not find(name).link]
    assert usual == [case.name for case in CASES]
    for name, record in records.items():
        case = find(name)
        assert 1 <= len(record.samples) <= int(RUNS), name
        assert len(record.samples) == int(RUNS) or case.stage.sequential or case.link or "@" in name, name
    links = {record.link for name, record in records.items() if not find(name).link}
    assert links <= ({"emulated", "loopback"} if sys.platform == "linux" else {"loopback"})
    assert len(links) == 1


def test_every_claim_of_the_pages_is_on_the_site_with_the_ratio_that_was_measured(measured_site):
    told = [claim for page in measured_site.rglob("index.html") for claim in claims(page.read_text("utf-8"))]
    assert len(told) >= len(CASES)
    assert list(problems(told, load(measured_site / "measurements.json").records)) == []
