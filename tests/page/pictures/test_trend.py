"""The picture of the builds' history, and what a build adds to it."""

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from scripts.measure import BadRecords, Fresh
from scripts.measure.history import Build, append, read
from scripts.page import current as chosen
from scripts.page.pictures.trend import trend
from scripts.stages import CASES
from tests.tiny import record


@pytest.fixture(autouse=True)
def of_this_test():
    chosen.forget()
    yield
    chosen.forget()


def earlier(day, factor, python):
    cases = {
        case.name: {"wall": [factor, factor], "cpu": [0.01, 0.02]} for case in CASES if case.name != "cluster"
    }
    return Build(f"2025-12-{day:02}T00:00:00+00:00", None, python, "a machine", "a lab", cases)


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("HISTORY", str(tmp_path / "history.jsonl"))
    return tmp_path / "history.jsonl"


def test_without_a_history_a_page_says_so(records, monkeypatch):
    records()
    monkeypatch.delenv("HISTORY", raising=False)
    assert "还没有可以比较的历史" in trend()


def test_a_history_that_is_empty_yet_is_none(records, path):
    records()
    assert "还没有可以比较的历史" in trend()


def test_each_interpreter_has_a_line_in_each_row(records, path):
    records()
    for day, python in enumerate(["CPython 3.13.1", "CPython 3.14.0", "CPython 3.13.1", "CPython 3.14.0"], 1):
        append(path, earlier(day, 1 + day / 100, python))
    shown = trend()
    picture = ElementTree.fromstring(re.search(r'<svg[^>]* role="img".*</svg>', shown)[0])
    lines = [each.get("class") for each in picture.iter("{http://www.w3.org/2000/svg}path")]
    both = 2 * (len(CASES) - 1)  # in two columns
    assert lines.count("series series-2") == both
    assert lines.count("series series-1") == both + 2  # cluster is new
    assert "5 次构建" in shown
    cells = ["CPython 3.14.0", "1.02", "1.04"]
    assert re.search(
        r'<th scope="row">多线程</th>\s*' + "".join(rf"<td[^>]*>{each}</td>\s*" for each in cells), shown
    )


def test_this_build_is_drawn_once(records, path):
    records()
    append(path, earlier(1, 1.1, "CPython 3.13.1"))
    append(path, Build.of([chosen.get(case.name) for case in CASES]))
    assert "2 次构建" in trend()


def test_this_build_is_drawn_once_where_its_line_holds_more(records, path):
    records()
    later = record("callbacks@100", [0.45], measured_at=datetime(2026, 1, 2, 4, tzinfo=UTC))
    append(path, earlier(1, 1.1, "CPython 3.13.1"))
    append(path, Build.of([*(chosen.get(case.name) for case in CASES), later]))
    assert "2 次构建" in trend()


def test_a_history_that_cannot_be_read_fails(records, path):
    records()
    path.write_text("{}\n")
    with pytest.raises(BadRecords, match="not a line of a history"):
        trend()


def test_a_history_that_cannot_be_read_fails_before_anything_is_measured(path):
    path.write_text("{}\n")
    with pytest.raises(BadRecords, match="history.jsonl:1: not a line of a history"):
        chosen.begin(serving=False)


@pytest.fixture
def measuring(monkeypatch):
    """Have the build measure so: each call of it is another build, an hour later."""
    hours = iter(range(24))

    def measure(walls, **others):
        source = Fresh(None, 5)
        when = datetime(2026, 1, 2, next(hours), tzinfo=UTC)
        source._obtain = lambda want: record(want.name, walls, measured_at=when, **others)
        source.get("threads")
        chosen.use(source)

    return measure


def test_a_build_without_distance_adds_nothing(measuring, path, caplog):
    caplog.set_level("INFO")
    measuring([0.01], ideal=0.0)
    chosen.remember()
    assert not path.exists()
    assert "without distance there is no ideal time" in caplog.text


def test_a_build_that_measured_adds_itself_and_tells_of_regressions(measuring, path, caplog):
    caplog.set_level("INFO", logger="mkdocs.plugins.page")
    measuring([0.45, 0.451, 0.452, 0.453, 0.454])
    chosen.remember()
    assert "No build in the history was measured like this one" in caplog.text
    measuring([0.451, 0.452, 0.453, 0.454, 0.455])
    chosen.remember()
    assert "Nothing is slower than in the build of 2026-01-02 00:00" in caplog.text
    measuring([0.551, 0.552, 0.553, 0.554, 0.555])
    chosen.remember()
    (warning,) = [each for each in caplog.records if each.levelname == "WARNING"]
    assert warning.getMessage().startswith("Slower than before: threads: wall is 1.229 times the ideal, +22%")
    assert not warning.name.startswith("mkdocs")  # those make --strict fail
    assert len(read(path)) == 3


def test_who_measured_too_few_times_to_tell_says_so(measuring, path, caplog):
    caplog.set_level("INFO", logger="mkdocs.plugins.page")
    for walls in ([0.45, 0.45, 0.45], [0.9, 0.9, 0.9]):
        measuring(walls)
        chosen.remember()
    assert "Measured too few times to tell: threads" in caplog.text


def test_a_build_from_records_adds_nothing(records, path):
    records()
    chosen.get("threads")
    chosen.remember()
    assert not path.exists()


def test_a_case_without_any_cpu_is_drawn(records, path):
    records(*(record(case.name, [0.45], cpu=0.0) for case in CASES))
    append(path, earlier(1, 1.1, "CPython 3.13.1"))
    assert "2 次构建" in trend()
