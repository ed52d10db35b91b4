"""Records, histories and benchmarks by strangers: whatever text they hold, a page shows it, and it is text."""

import json
from datetime import UTC, datetime
from pathlib import Path

import html5lib
import pytest

from scripts.measure import BadRecords
from scripts.measure.history import Build, Ratios, append
from scripts.measure.measurements import load
from scripts.page.benchmarks import campaign, peers, reproducibility
from scripts.stages import CASES
from tests.conftest import ROOT, build

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><b id=evil>&lt;</b> [x](javascript:1) ![x](javascript:2)"
    " *a* __b__ _c_ `d` | e | {{{{ figure('threads', 'wall') }}}} {{% raw %}} {{: .evil #evil }} <Badge>f</Badge>"
    " <Alert type=\"info\"> \\*g\\* {fence}\n\n{fence}python exec=\"on\"\nopen({target!r}, 'w').close()\n{fence}\n\n# evil\n\n- h\n\n"
    "    i\n\n!!! evil\n    j\n\n=== \"evil\"\n\n| k |\n|---|\n| l |\n\n[x]: javascript:3\n\u2028# evil\u2029\x85\x0b\x0c\r\n\r"
    "{{{{ source('threads') }}}}\x02wzxhzdk:0\x03\x00\x1b[31m</td></table></div></section><!-- -->"
)  # fmt: skip
HARMLESS = "harmless"
SEEN = "alert(1)</script><img src=x onerror=alert(1)>"
"""Of the text, where a page may break it."""
MEANT = ("measured_at", "link", "case")


def hostile(target):
    """A text that, if anything took it for more than a text, would write that file."""
    return HOSTILE.format(fence="`" * 12, target=str(target))


def spoiled(results, text):
    """The results with that text wherever their kind allows any."""
    texts = {"python", "implementation", "system", "processor", "commit"}
    for made in results["records"] + results["findings"]:
        made |= dict.fromkeys(texts & made.keys(), text)
    for made in results["records"]:
        made["notes"] = [text, text]
    for ordeal in results["ordeals"]:
        ordeal["raised"] = {path and text: text for path in ordeal["raised"]}
        if "@" in ordeal["stage"]:
            ordeal |= {"delivered": ordeal["asked"] - 1, "raised": {text: text}}
    for finding in results["findings"]:
        values = {key: text if isinstance(value, str) else value for key, value in finding["values"].items()}
        finding["values"] = values | {text: None}
    results["outputs"] = {name: f"{printed}\n{text}" for name, printed in results["outputs"].items()}
    return results


@pytest.fixture(scope="module")
def pages(measurements, tmp_path_factory):
    """The pages of two sites, by text in their records, and the file that no page may have written."""
    folder = tmp_path_factory.mktemp("hostile")
    target = folder / "written"
    sites = {}
    for name, text in (("hostile", hostile(target)), ("harmless", HARMLESS)):
        records = folder / f"{name}.json"
        results = spoiled(json.loads(Path(measurements).read_text("utf-8")), text)
        records.write_text(json.dumps(results), "utf-8")
        history = folder / f"{name}.jsonl"
        append(history, earlier(text))
        site = build(folder / name, RECORDS=str(records), HISTORY=str(history))
        sites[name] = {path.parent.name: path.read_text("utf-8") for path in site.glob("zh/**/index.html")}
    return sites["hostile"], sites["harmless"], target


def earlier(text):
    """A build of long ago, by an interpreter of that name."""
    cases = {case.name: Ratios([1.0, 1.1], [0.1, 0.1]) for case in CASES}
    return Build(datetime(2025, 1, 1, tzinfo=UTC), text, text, text, text, cases)


def structure(html):
    """Every element, with the names of its attributes and those values that say what it is or leads to."""
    return [
        (each.tag, sorted(each.attrib), [each.get(name) for name in ("class", "href", "src", "style")])
        for each in html5lib.parse(html, namespaceHTMLElements=False).iter()
        if each.tag != "wbr"  # where a long name may break depends on the name
    ]


def words(html):
    """All text that a reader may see."""
    return "".join(html5lib.parse(html, namespaceHTMLElements=False).find("body").itertext())


def with_text(kept, text):
    """The same JSON with that text for every text but those that have to be a date, a link, or a case."""
    if isinstance(kept, dict):
        return {key: kept[key] if key in MEANT else with_text(kept[key], text) for key in kept}
    if isinstance(kept, list):
        return [with_text(each, text) for each in kept]
    return text if isinstance(kept, str) else kept


@pytest.mark.parametrize(
    ("name", "show"),
    [("peers", peers.peers), ("builds", reproducibility.repeats), ("torture", campaign.torture)],
)
def test_no_text_of_a_kept_benchmark_is_more_than_a_text(name, show, keep):
    kept = json.loads((ROOT / "docs" / "assets" / "data" / f"{name}.json").read_text("utf-8"))
    shown = {}
    for text in (HARMLESS, hostile("nowhere")):
        keep(name, with_text(kept, text))
        shown[text] = show()
    harmless, evil = shown.values()
    assert structure(evil) == structure(harmless)
    assert SEEN in words(evil)


def test_no_text_of_a_record_is_more_than_a_text(pages):
    hostile, harmless, target = pages
    assert not target.exists()
    assert hostile.keys() == harmless.keys()
    for name in hostile:
        assert structure(hostile[name]) == structure(harmless[name]), name


def test_what_a_record_says_is_shown(pages):
    hostile, harmless, _ = pages
    for name in ("records", "faults", "errata", "parallel", "method", "threads"):
        assert HARMLESS in words(harmless[name]), name
        assert SEEN in words(hostile[name]), name


def test_half_a_character_is_refused_by_the_name_of_the_file(tmp_path):
    records = tmp_path / "records.json"
    records.write_text('{"records": [], "ordeals": [], "findings": [], "outputs": {"echo": "\\ud800"}}')
    with pytest.raises(BadRecords, match=r"records\.json: "):
        load(records)


def test_a_lab_without_distance_has_no_ideal_and_a_site_all_the_same(measurements, tmp_path):
    results = json.loads(Path(measurements).read_text("utf-8"))
    for made in results["records"]:
        made |= {"ideal": 0.0, "rtt": 0.0, "service_time": 0.0}
    records = tmp_path / "records.json"
    records.write_text(json.dumps(results), "utf-8")
    site = build(tmp_path / "site", RECORDS=str(records))
    assert "量不到" in words((site / "zh" / "index.html").read_text("utf-8"))
