"""Records measured now, measured before, or given."""

import pytest

from scripts.measure import BadRecords, Cached, Fresh, Given, StageFailed, dump, provenance
from scripts.stages import UnknownStage

from .conftest import QUICK


@pytest.fixture
def measurer(record):
    """Stands in for `measure`: counts, and fails on request."""

    class Measurer:
        calls = 0
        failure = None

        def __call__(self, case, settings, runs):
            self.calls += 1
            if self.failure:
                raise StageFailed(case, self.failure)
            return record(case.name, inputs_hash=provenance.inputs_hash(case, settings, runs))

    return Measurer()


def test_fresh_measures_each_case_once(measurer):
    source = Fresh(QUICK, 5, measurer)
    assert source.get("threads") is source.get("threads")
    assert source.get("processes") is source.get("processes:fork")
    assert measurer.calls == 2
    assert [record.stage for record in source.records] == ["processes:fork", "threads"]


def test_a_failure_is_remembered_too(measurer):
    measurer.failure = "broken"
    source = Fresh(QUICK, 5, measurer)
    for _ in range(2):
        with pytest.raises(StageFailed, match="stage 'threads': broken"):
            source.get("threads")
    assert measurer.calls == 1
    assert source.records == []


def test_a_misspelt_stage_is_no_measurement(measurer):
    with pytest.raises(UnknownStage, match="did you mean 'threads'"):
        Fresh(QUICK, 5, measurer).get("thread")
    assert measurer.calls == 0


def test_cached_reuses_what_an_earlier_build_measured(measurer, program, tmp_path):
    program()
    first = Cached(QUICK, 5, tmp_path / "cache", measurer).get("threads")
    assert Cached(QUICK, 5, tmp_path / "cache", measurer).get("threads") == first
    assert measurer.calls == 1


def test_cached_measures_again_what_has_changed_and_nothing_else(measurer, program, tmp_path):
    def get_both():
        source = Cached(QUICK, 5, tmp_path / "cache", measurer)
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


@pytest.mark.parametrize("text", ["", '{"records": [', '{"records": []}', '{"records": [{"stage": "x"}]}'])
def test_a_spoilt_cache_is_measured_again(measurer, program, tmp_path, text):
    program()
    Cached(QUICK, 5, tmp_path / "cache", measurer).get("threads")
    (file,) = (tmp_path / "cache").iterdir()
    file.write_text(text)
    Cached(QUICK, 5, tmp_path / "cache", measurer).get("threads")
    assert measurer.calls == 2
    Cached(QUICK, 5, tmp_path / "cache", measurer).get("threads")
    assert measurer.calls == 2


def test_a_failure_is_not_cached(measurer, program, tmp_path):
    program()
    measurer.failure = "broken"
    with pytest.raises(StageFailed):
        Cached(QUICK, 5, tmp_path / "cache", measurer).get("threads")
    measurer.failure = None
    assert Cached(QUICK, 5, tmp_path / "cache", measurer).get("threads")


def test_cached_says_that_a_program_is_missing(program, tmp_path):
    program().snippet.unlink()
    with pytest.raises(StageFailed, match="there is no program threads.py"):
        Cached(QUICK, 5, tmp_path / "cache").get("threads")


def test_given_records_are_what_the_file_holds(record, tmp_path):
    records = [record("blocking"), record("threads")]
    dump(records, tmp_path / "given.json")
    source = Given(tmp_path / "given.json")
    assert source.get("threads") == records[1]
    with pytest.raises(BadRecords, match="given.json: holds no record of 'polling', only of blocking, thr"):
        source.get("polling")


def test_given_a_file_that_is_not_there(tmp_path):
    source = Given(tmp_path / "none.json")
    for _ in range(2):
        with pytest.raises(BadRecords, match="none.json: cannot be read"):
            source.get("threads")
