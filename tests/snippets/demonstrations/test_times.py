"""What steps, switches and disks take: each by itself, and one beside the other."""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from scripts.lab import Settings
from scripts.measure import Given
from scripts.stages import WRITES, program
from snippets.demonstrations import disk_time, memory_time, switch_time
from tests.strictly import in_the_lab

PROGRAMS = {
    "memory_time": ["clock cycle", "assignment", "memory access"],
    "switch_time": ["system call", "context switch", "round trip"],
    "disk_time": ["1 MB from the page cache", "1 MB past the page cache"],
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_is_told_by_its_name_and_nothing_warns(name):
    folders = [folder for folder in WRITES.get(name, ()) if os.access(folder, os.W_OK)]
    outcome = in_the_lab(program(name), Settings(), writable=folders)
    assert (outcome.returncode, outcome.stderr) == (0, b"")
    assert [line.split(": ")[0] for line in outcome.stdout.decode().splitlines()] == PROGRAMS[name]


@pytest.fixture(scope="module")
def found(findings):
    """All that they found while the site was measured."""
    return {what: value for name in PROGRAMS for what, value in findings(name).items()}


def ratio(found, of, to):
    """Skips where this system lacks one of the two."""
    if None in (found[of], found[to]):
        pytest.skip(f"this system does not tell {of} or {to}")
    return found[of] / found[to]


@pytest.mark.measures
def test_an_assignment_takes_cycles_but_not_many(found):
    assert 1 < ratio(found, "assignment", "clock cycle") < 200


@pytest.mark.measures
@pytest.mark.parametrize(
    ("longer", "shorter"),
    [
        ("memory access", "assignment"),
        ("system call", "assignment"),
        ("context switch", "system call"),
        ("context switch", "memory access"),
        ("1 MB from the page cache", "context switch"),
        ("1 MB past the page cache", "1 MB from the page cache"),
    ],
)
def test_one_takes_longer_than_the_other(found, longer, shorter):
    assert ratio(found, longer, shorter) > 1


@pytest.mark.measures
def test_connecting_takes_one_round_trip(measured_site):
    switches = Given(measured_site / "measurements.json").finding("switch_time")
    if switches.link != "emulated":
        pytest.skip("on loopback, connecting does not wait")
    assert 0.98 < switches.values["round trip"] / Settings().rtt < 1.3


def test_a_walk_leads_from_each_place_to_the_next(monkeypatch):
    monkeypatch.setattr(memory_time, "FAR", 1)
    slots = [None] * 10
    assert memory_time.walk(slots, [3, 7, 1, 9]) > 0
    assert slots == [None, 9, None, 7, None, None, None, 1, None, None]


@pytest.mark.parametrize(
    ("told", "cycle"),
    [("cpu MHz\t\t: 1000.0\ncpu MHz\t\t: 2000.000\n", 0.5e-9), ("BogoMIPS\t: 50.00\n", None)],
    ids=["x86", "other"],
)
def test_a_cycle_is_that_of_the_fastest_core(told, cycle, monkeypatch):
    monkeypatch.setattr(Path, "read_text", lambda path: told)
    assert memory_time.clock_cycle() == (cycle and pytest.approx(cycle))


def test_without_cpuinfo_there_is_no_cycle(monkeypatch, tmp_path):
    monkeypatch.setattr(memory_time, "Path", lambda name: tmp_path / "cpuinfo")
    assert memory_time.clock_cycle() is None


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system pins no process")
def test_whoever_was_pinned_to_a_core_is_free_again():
    before = os.sched_getaffinity(0)
    assert isinstance(switch_time.context_switch(times=1), float)
    assert os.sched_getaffinity(0) == before


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system pins no process")
def test_an_error_frees_it_too():
    before = os.sched_getaffinity(0)
    with suppress(KeyError), switch_time.on_one_core():
        assert len(os.sched_getaffinity(0)) == 1
        raise KeyError
    assert os.sched_getaffinity(0) == before


@pytest.mark.skipif(not os.path.ismount("/dev/shm"), reason="there is no file system in memory")
def test_a_file_system_in_memory_forgets_nothing():
    with TemporaryFile(buffering=0, dir="/dev/shm") as file:
        file.write(bytes(4096))
        assert not disk_time.forgets(file, bytearray(4096))


def test_what_a_system_lacks_is_not_made_up(monkeypatch):
    monkeypatch.delattr(os, "sched_setaffinity", raising=False)
    monkeypatch.delattr(os, "RWF_NOWAIT", raising=False)
    monkeypatch.setattr(switch_time.os, "name", "nt")
    assert switch_time.context_switch() is None
    assert disk_time.megabyte() == (None, None)
    assert switch_time.system_call() is None
