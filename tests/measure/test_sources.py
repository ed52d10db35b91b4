"""Records measured now, measured before, or given."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event
from time import time

import msgspec
import pytest
from msgspec.structs import replace

from scripts.files import Cache
from scripts.measure import (
    BadRecords,
    Cached,
    Finding,
    Fresh,
    Given,
    Ordeal,
    Pending,
    Preview,
    Results,
    RunFailed,
    dump,
    interpreters,
)
from scripts.measure.interpreters import Found, this
from scripts.measure.sources import NOT_ALONE
from scripts.stages import CASES, UnknownStage
from tests.patience import PATIENCE

from .conftest import QUICK

WHEN = datetime(2026, 11, 23, 8, tzinfo=UTC)
ORDEAL = Ordeal(
    "threads", "refuse@4", 10, 9, {"/?page=3": "OSError"}, False, 0.1, 0.01, 1.0, "emulated", 0.02, 0.02, WHEN
)  # fmt: skip
FINDING = Finding(
    "echo", {"one": 0.1}, "loopback", "3.14.0", "CPython", "Linux", "A processor", 2, None, WHEN
)


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache", 1 << 20)


@pytest.fixture
def measurer(record):
    """Stands in for what makes results: counts, and fails on request."""

    class Measurer:
        calls = 0
        runs = None
        walls = ()  # of the next measurements, the last of them first
        failure = None
        output = None

        def count(self, name):
            self.calls += 1
            if self.failure:
                raise RunFailed(f"stage {name!r}", self.failure, self.output)

        def measure(self, case, settings, runs):
            self.count(case.name)
            self.runs = runs
            walls = self.walls.pop() if self.walls else (0.45,) * runs
            return record(case.name, walls=walls)

        def endure(self, case, fault, settings):
            self.count(case.name)
            return replace(ORDEAL, stage=case.name, fault=fault)

        def find(self, program, settings, interpreter):
            self.count(program.stem)
            return replace(FINDING, name=program.stem, python=interpreter.version)

        def printed(self, program, settings):
            self.count(program.stem)
            return program.read_text()

    return Measurer()


def test_fresh_measures_each_case_once(measurer):
    source = Fresh(QUICK, 5, measurer)
    assert source.get("threads") is source.get("threads")
    assert source.get("processes") is source.get("processes:fork")
    assert measurer.calls == 2
    assert list(source.results.records) == ["processes:fork", "threads"]


def test_another_python_makes_results_of_another_name(measurer, monkeypatch):
    newer = msgspec.structs.replace(this(), version="3.99.1", path=f"{os.sep}opt{os.sep}python3.99")
    monkeypatch.setattr(interpreters, "here", lambda: Found((this(), newer)))
    source = Fresh(QUICK, 1, measurer)
    assert source.finding("echo/3.99").python == "3.99.1"
    assert source.finding("echo").python == this().version
    assert source.get("threads/3.99") is not source.get("threads")
    assert list(source.results.findings) == ["echo", "echo/3.99"]
    assert list(source.results.records) == ["threads", "threads/3.99"]


def test_a_result_under_another_python_is_cached_by_what_that_one_is(measurer, cache, monkeypatch):
    newer = msgspec.structs.replace(this(), version="3.99.1", path=f"{os.sep}opt{os.sep}python3.99")
    for build, calls in (("one", 1), ("one", 1), ("two", 2)):
        found = Found((this(), msgspec.structs.replace(newer, build=build)))
        monkeypatch.setattr(interpreters, "here", lambda found=found: found)
        assert Cached(QUICK, 1, measurer, cache=cache).finding("echo/3.99").name == "echo/3.99"
        assert measurer.calls == calls


def test_what_is_unstable_is_measured_again_once_and_says_so(measurer):
    unstable, steady = (0.4, 0.4, 0.8), (0.45, 0.45, 0.45)
    measurer.walls = [steady, unstable]
    made = Fresh(QUICK, 3, measurer).get("threads")
    assert (measurer.calls, made.samples_of("wall")) == (2, list(steady))
    assert made.notes[-1].startswith("measured again, since at first the standard deviation is 43%")
    assert [sample.wall for sample in made.set_aside] == list(unstable)
    measurer.walls = [steady, unstable, unstable]
    assert Fresh(QUICK, 3, measurer).get("threads").samples_of("wall") == list(unstable)


@pytest.mark.parametrize(
    ("asked", "sequential", "hundred", "thousand", "myriad"),
    [(5, 3, 3, 2, 2), (3, 2, 2, 1, 1), (1, 1, 1, 1, 1)],
)
def test_what_takes_long_is_run_less_often(measurer, asked, sequential, hundred, thousand, myriad):
    source = Fresh(QUICK, asked, measurer)
    for name, runs in {
        "loops:uvloop": asked,
        "loops@1": asked,
        "blocking": sequential,
        "loops:uvloop@100": hundred,
        "loops:uvloop@1000": thousand,
        "loops:uvloop@10000": myriad,
        "callbacks:loopback": 1,
    }.items():
        source.get(name)
        assert measurer.runs == runs


def test_what_has_more_pages_stands_last_and_another_link_behind_it(measurer):
    source = Fresh(QUICK, 5, measurer)
    names = [
        "callbacks@1",
        "callbacks",
        "callbacks@200",
        "callbacks@1000",
        "callbacks:loopback@1",
        "loops:uvloop",
    ]
    for name in reversed(names):
        source.get(name)
    assert list(source.results.records) == names


def test_a_failure_is_remembered_too(measurer):
    measurer.failure = "broken"
    source = Fresh(QUICK, 5, measurer)
    for _ in range(2):
        with pytest.raises(RunFailed, match="stage 'threads': broken"):
            source.get("threads")
    assert measurer.calls == 1
    assert source.results.records == {}


def test_the_output_of_a_failure_is_told_once_and_after_a_preview_too(measurer, preview):
    measurer.failure, measurer.output = "broken", b"a traceback"
    source = preview()
    source.prepare(lambda *progress: None)
    told = []
    for _ in range(3):
        with pytest.raises(RunFailed) as failure:
            source.get("threads")
        told.append(str(failure.value))
    assert told == ["stage 'threads': broken\na traceback", *["stage 'threads': broken"] * 2]


def test_a_misspelt_stage_is_no_measurement(measurer):
    with pytest.raises(UnknownStage, match="did you mean 'threads'"):
        Fresh(QUICK, 5, measurer).get("thread")
    assert measurer.calls == 0


def test_cached_reuses_what_an_earlier_build_measured(measurer, program, cache):
    program()
    first = Cached(QUICK, 5, measurer, cache=cache).get("threads")
    assert Cached(QUICK, 5, measurer, cache=cache).get("threads") == first
    assert measurer.calls == 1


def test_cached_measures_again_what_has_changed_and_nothing_else(measurer, program, cache):
    def get_both():
        source = Cached(QUICK, 5, measurer, cache=cache)
        source.get("threads")
        source.get("blocking")
        return measurer.calls

    program()
    program(name="blocking")
    assert get_both() == 2
    program("# changed")
    assert get_both() == 3
    assert get_both() == 3
    program()  # as it was
    assert get_both() == 3


def test_cached_keeps_results_of_every_kind(measurer, program, cache):
    program()

    def get_all():
        source = Cached(QUICK, 5, measurer, cache=cache)
        results = source.ordeal("threads", "refuse@4"), source.finding("threads"), source.output("threads")
        return results, measurer.calls

    assert get_all() == get_all()
    assert measurer.calls == 3
    program("# changed")
    assert get_all()[1] == 6


def test_cached_keeps_nothing_of_a_program_that_changed_meanwhile(measurer, program, cache):
    program()
    made, measurer.printed = measurer.printed, lambda *arguments: program("# changed") and "old"
    assert Cached(QUICK, 5, measurer, cache=cache).output("threads") == "old"
    program()
    measurer.printed = made
    assert "def fetch_all" in Cached(QUICK, 5, measurer, cache=cache).output("threads")


@pytest.mark.parametrize("content", [b"", b"{}", b'{"stage": "threads"}', b"[]"])
def test_what_another_version_kept_is_measured_again(measurer, program, cache, tmp_path, content):
    program()
    Cached(QUICK, 5, measurer, cache=cache).get("threads")
    (file,) = (tmp_path / "cache").iterdir()
    cache.put(file.name, content)
    Cached(QUICK, 5, measurer, cache=cache).get("threads")
    assert measurer.calls == 2
    Cached(QUICK, 5, measurer, cache=cache).get("threads")
    assert measurer.calls == 2


def test_a_failure_is_not_cached(measurer, program, cache):
    program()
    measurer.failure = "broken"
    with pytest.raises(RunFailed):
        Cached(QUICK, 5, measurer, cache=cache).get("threads")
    measurer.failure = None
    assert Cached(QUICK, 5, measurer, cache=cache).get("threads")


def test_cached_says_that_a_program_is_missing(program, cache):
    program().snippet.unlink()
    with pytest.raises(RunFailed, match="there is no program threads.py"):
        Cached(QUICK, 5, cache=cache).get("threads")


def test_a_record_of_more_runs_will_do_but_one_of_fewer_will_not(measurer, program, cache):
    program()

    def get(runs):
        return len(Cached(QUICK, runs, measurer, cache=cache).get("threads").samples)

    assert [get(2), get(1), get(5), get(2)] == [2, 2, 5, 5]
    assert measurer.calls == 2


def test_of_two_builds_one_measures_and_the_other_waits(measurer, program, cache, tmp_path):
    program()
    begun, waiting, enough = Event(), Event(), Event()
    measure = measurer.measure

    def slowly(*arguments):
        begun.set()
        assert enough.wait(PATIENCE)
        return measure(*arguments)

    class Waiting(Cache):
        def alone(self, key):
            waiting.set()
            return super().alone(key)

    measurer.measure = slowly
    with ThreadPoolExecutor() as pool:
        one = pool.submit(Cached(QUICK, 5, measurer, cache=cache).get, "threads")
        assert begun.wait(PATIENCE)
        other = pool.submit(
            Cached(QUICK, 5, measurer, cache=Waiting(tmp_path / "cache", 1 << 20)).get, "threads"
        )
        assert waiting.wait(PATIENCE)
        assert not other.done()
        enough.set()
        assert other.result(PATIENCE) == one.result(PATIENCE)
    assert measurer.calls == 1


@pytest.fixture
def preview(measurer, program, cache):
    """Make a preview that begins `later` seconds from now; there are programs of every stage."""
    for case in CASES:
        program(name=case.name)
    return lambda later=3600: Preview(QUICK, measurer, cache=cache, since=time() + later)


def test_a_preview_runs_each_stage_once(measurer, preview):
    told = []
    source = preview()
    source.prepare(lambda *progress: told.append(progress))
    assert measurer.calls == len(CASES)
    assert sorted(name for name, _, _ in told) == sorted(case.name for case in CASES)
    assert [progress[1:] for progress in told] == [(done + 1, len(CASES)) for done in range(len(CASES))]
    record = source.get("threads")
    assert len(record.samples) == 1
    assert NOT_ALONE in record.notes


def test_who_asks_for_one_run_gets_none_of_several_at_a_time(measurer, preview, cache):
    preview().prepare(lambda *progress: None)
    before = measurer.calls
    cached = Cached(QUICK, 1, measurer, cache=cache)
    assert NOT_ALONE not in cached.get("threads").notes
    assert measurer.calls == before + 1
    assert NOT_ALONE not in preview().get("threads").notes


def test_a_preview_looks_only_at_what_has_changed(measurer, preview, program):
    preview().prepare(lambda *progress: None)
    program("# changed")
    told = []
    source = preview()
    source.prepare(lambda *progress: told.append(progress))
    assert told == [("threads", 1, 1)]
    assert NOT_ALONE not in source.get("threads").notes


def test_a_failure_in_a_preview_is_told_where_it_is_asked_for(measurer, preview):
    measurer.failure = "broken"
    source = preview()
    source.prepare(lambda *progress: None)
    with pytest.raises(RunFailed, match="stage 'threads': broken"):
        source.get("threads")
    assert measurer.calls == len(CASES)


LONG = {
    "more pages": lambda source: source.get("threads@1000"),
    "a fault": lambda source: source.ordeal("threads", "refuse@4"),
    "a finding": lambda source: source.finding("threads"),
    "an output": lambda source: source.output("threads"),
}


@pytest.mark.parametrize("ask", LONG.values(), ids=LONG)
def test_what_takes_long_is_pending_in_a_preview(measurer, preview, ask, cache):
    for _ in range(2):
        with pytest.raises(Pending):
            ask(preview())
    assert measurer.calls == 0
    made = ask(Cached(QUICK, 5, measurer, cache=cache))
    assert ask(preview()) == made


def test_a_demonstration_that_is_saved_runs_in_a_preview(measurer, preview, program):
    program("# changed")
    assert "# changed" in preview(later=-3600).output("threads")
    assert preview(later=-3600).finding("threads").name == "threads"
    with pytest.raises(Pending):
        preview(later=-3600).ordeal("threads", "refuse@4")


def test_given_records_are_what_the_file_holds(record, tmp_path):
    records = {name: record(name) for name in ("blocking", "threads")}
    dump(
        Results(records, {ORDEAL.name: ORDEAL}, {"echo": FINDING}, {"echo": "hello"}), tmp_path / "given.json"
    )
    source = Given(tmp_path / "given.json")
    assert source.get("threads") == records["threads"]
    assert source.ordeal("threads", "refuse@4") == ORDEAL
    assert source.finding("echo") == FINDING
    assert source.output("echo") == "hello"
    with pytest.raises(BadRecords, match="given.json: holds no record of 'polling', only of blocking, thr"):
        source.get("polling")


def test_given_a_file_that_is_not_there(tmp_path):
    source = Given(tmp_path / "none.json")
    for _ in range(2):
        with pytest.raises(BadRecords, match="none.json: cannot be read"):
            source.get("threads")
