"""The machine, the commit, and a key that changes when, and only when, an input does."""

import shutil
import subprocess
import sys
from dataclasses import replace

import msgspec
import pytest

from scripts import stages
from scripts.files import ROOT
from scripts.lab import Fault, Settings
from scripts.measure import provenance
from scripts.measure.interpreters import this
from scripts.stages import Case

DEFAULT = Settings()


def test_the_machine_is_told_in_full():
    machine = provenance.machine(this())
    assert machine["python"] == ".".join(map(str, sys.version_info[:3]))
    assert machine["cores"] >= 1
    assert not {None, ""} & {*machine.values()}


def test_the_processor_has_the_kernels_name_for_it_or_at_least_a_kind(tmp_path):
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nmodel name\t: Fast 9000 @ 1 THz\nmodel name\t: x\n")
    assert provenance.processor(tmp_path / "cpuinfo") == "Fast 9000 @ 1 THz"
    assert provenance.processor(tmp_path / "none")


@pytest.fixture
def tree(tmp_path):
    """A git tree with one commit, and its hash."""

    def git(*arguments):
        author = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
        command = ["git", *author, "-C", str(tmp_path), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "--quiet")
    (tmp_path / "file").write_text("one")
    git("add", "file")
    git("commit", "--quiet", "--message", "one")
    return tmp_path, git("rev-parse", "HEAD")


def test_the_commit_of_a_clean_tree(tree):
    root, head = tree
    assert provenance.commit(root) == head


@pytest.mark.parametrize("name", ["file", "new"])
def test_a_tree_that_differs_from_its_commit_is_marked(tree, name):
    root, head = tree
    (root / name).write_text("two")
    assert provenance.commit(root) == f"{head}-dirty"


def test_no_commit_outside_git_nor_before_the_first_nor_of_a_repository_around(tree, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    assert provenance.commit(outside) is None
    subprocess.run(["git", "init", "--quiet", str(outside)], check=True)
    assert provenance.commit(outside) is None
    inner = tree[0] / "copy"
    inner.mkdir()
    assert provenance.commit(inner) is None


def test_no_commit_without_git(tree, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert provenance.commit(tree[0]) is None


@pytest.fixture
def key(program, tmp_path):
    """A function that computes the key of the stage `threads` as its files are at that moment."""
    program("import helper\n")
    (tmp_path / "helper.py").write_text("def f():\n    from deeper import g\n")
    (tmp_path / "deeper.py").write_text("import threads  # a circle\n")

    def compute(settings=DEFAULT, runs=5, case="threads", around=(), python=None):
        found = stages.find(case)
        programs = provenance.hashes(provenance.programs(found.snippet))
        return provenance.inputs_hash(
            provenance.way(found), settings, runs, programs, [*around], python or this()
        )

    return compute


def test_the_key_stays_while_nothing_changes(key, tmp_path):
    before = key()
    (tmp_path / "unrelated.py").write_text("a neighbour that nobody imports")
    (tmp_path / "threads.py").write_text((tmp_path / "threads.py").read_text())
    assert key() == before
    assert key(Settings(rtt=0.150)) == before


@pytest.mark.parametrize("file", ["threads.py", "helper.py", "deeper.py"])
def test_the_key_changes_with_each_file(key, tmp_path, file):
    before = key()
    with open(tmp_path / file, "a") as text:
        text.write("# changed\n")
    assert key() != before


@pytest.mark.parametrize(
    "changed",
    [
        {"link": "loopback"},
        {"rtt": 0.1},
        {"service_time": 0.1},
        {"body_size": 1},
        {"faults": (Fault("refuse", "1"),)},
        {"max_processes": 400},
        {"max_memory": 1 << 30},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_the_key_changes_with_each_setting_of_the_lab(key, changed):
    assert key(replace(DEFAULT, **changed)) != key()


def test_the_key_changes_with_the_way_of_running(key, program):
    program(name="processes")
    keys = [
        key(),
        key(runs=6),
        *(key(case=case) for case in ("threads@20", "processes:fork", "processes:spawn")),
    ]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    "changed", [{"build": "4.0"}, {"implementation": "PyPy"}, {"path": "/usr/bin/python4"}]
)
def test_the_key_changes_with_the_interpreter(key, changed):
    assert key(python=msgspec.structs.replace(this(), **changed)) != key()


def test_the_key_changes_with_what_makes_the_ideal_of_a_stage_and_not_with_its_title(key, monkeypatch):
    def with_threads(**changes):
        monkeypatch.setattr(stages, "CASES", [Case(replace(stages.find("threads").stage, **changes))])
        return key()

    before = key()
    assert with_threads(title="another", seconds_2017=1.0) == before
    assert with_threads(sequential=True) != before


AROUND = [
    "requirements-stages.txt", "scripts/lab/origin.py", "scripts/lab/emulated/link.py", "scripts/lab/loopback/redirect/sitecustomize.py",
    "scripts/measure/worker.py", "scripts/measure/trial.py", "scripts/measure/stats.py",
]  # fmt: skip
BESIDE = [
    "scripts/stages.py",
    "scripts/simulator/clock.py",
    "scripts/page/words.py",
    "scripts/measure/__main__.py",
]


def test_the_key_changes_with_the_lab_and_the_meters_and_with_nothing_else(key, tmp_path):
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / AROUND[0], tmp_path)

    def changed(name):
        with open(tmp_path / name, "r+b") as file:
            content = file.read()
            file.write(b"# changed")
            file.flush()
            found = key(around=provenance.surroundings(tmp_path))
            file.seek(0)
            file.truncate()
            file.write(content)
        return found

    before = key(around=provenance.surroundings(tmp_path))
    assert len({before, *map(changed, AROUND)}) == 1 + len(AROUND)
    assert {*map(changed, BESIDE)} == {before}
    assert key(around=provenance.surroundings(ROOT)) == before


def test_a_program_that_is_no_python_has_a_key_too(key, tmp_path):
    (tmp_path / "threads.py").write_text("def (")
    assert key()
