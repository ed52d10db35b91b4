"""What sets the project up: pins that agree and carry hashes, and a Makefile that says what it makes."""

import re
import shutil
import subprocess
from itertools import combinations

import pytest

from scripts.files import ROOT

WANTED = sorted(ROOT.glob("requirements*.in"))
PIN = re.compile(r"(?m)^([\w.-]+)==([^ ]+).*\\\n +--hash=sha256:")
NAME = re.compile(r"(?m)^[\w.-]+")


def pinned(file):
    """What was compiled from that file pins: names, and their versions on whatever system or Python."""
    versions = {}
    for name, version in PIN.findall(file.with_suffix(".txt").read_text("utf-8")):
        versions.setdefault(name, set()).add(version)
    return versions


@pytest.mark.parametrize("file", WANTED, ids=lambda file: file.stem)
def test_all_that_is_wanted_is_pinned_with_hashes_and_no_index_is_named(file):
    compiled = file.with_suffix(".txt").read_text("utf-8")
    assert set(NAME.findall(file.read_text("utf-8"))) <= pinned(file).keys()
    assert pinned(file).keys() == set(NAME.findall(compiled))  # none without a hash
    assert "://" not in compiled


@pytest.mark.parametrize(("one", "other"), [*combinations(WANTED, 2)], ids=lambda file: file.stem)
def test_what_two_files_pin_they_pin_alike(one, other):
    one, other = pinned(one), pinned(other)
    both = one.keys() & other.keys()
    assert both
    assert {name: one[name] for name in both} == {name: other[name] for name in both}


def test_no_line_is_wanted_without_a_reason():
    for file in WANTED:
        lines = file.read_text("utf-8").splitlines()
        assert all(" # " in line for line in lines if line and not line.startswith("#"))


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_alone_says_all_that_there_is_to_make():
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.search(r"(?m)^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"))[1].split()
    assert re.findall(r"(?m)^make (\w+) +\w", told) == targets


@pytest.fixture
def interpreter(tmp_path):
    """A stand-in for a Python that is new enough and has its venv module, as whoever runs the tests may not."""
    path = tmp_path / "python3.99"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def make(tmp_path, interpreter):
    """A function that says what make would do in a copy of the project, with a stand-in for uv or without."""
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    for file in (ROOT / "Makefile", *ROOT.glob("requirements*.txt")):
        shutil.copy(file, tmp_path)
    (tmp_path / "runner").mkdir()
    shutil.copy(ROOT / "runner" / "requirements.txt", tmp_path / "runner")
    commands, asked = tmp_path / "commands", tmp_path / "asked"
    commands.mkdir()
    for name in ("sh", "grep", "cat", "echo", "awk"):
        (commands / name).symlink_to(shutil.which(name))

    def make(*arguments, uv=True):
        (commands / "uv").unlink(missing_ok=True)
        if uv:
            # It finds only what it has installed.
            find = f"find) grep -q install {asked} && echo {interpreter}"
            script = f'echo "$@" >>{asked}; case $2 in {find};; esac'
            (commands / "uv").write_text(f"#!/bin/sh\n{script}\n")
            (commands / "uv").chmod(0o755)
        command = [shutil.which("make"), "--dry-run", *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env={"PATH": str(commands)}, capture_output=True, text=True
        )
        return done.stdout + done.stderr, asked.read_text().splitlines() if asked.exists() else []

    return make


def test_a_version_is_fetched_by_uv_where_there_is_none_and_only_where_it_is_asked_for(make, interpreter):
    told, asked = make("PYTHON=3.99", "site")
    assert f"{interpreter} -m venv --clear .venv" in told
    assert [line.partition(" --")[0] for line in asked] == ["python find", "python install", "python find"]
    assert make(f"PYTHON={interpreter}", "site")[1] == asked


def test_without_uv_a_version_that_there_is_not_is_told(make):
    told, _ = make("PYTHON=3.99", "site", uv=False)
    assert "There is no python3.99, nor a uv that brings it" in told


def test_a_python_without_its_venv_module_is_told_with_the_package_that_has_it(make, interpreter):
    interpreter.write_text("#!/bin/sh\ncase $2 in *venv*) exit 1; esac\n")
    told, _ = make(f"PYTHON={interpreter}", "site")
    assert "lacks its venv module: on Debian and Ubuntu, apt install python3.99-venv" in told


def test_another_python_makes_the_environment_anew_and_none_leaves_it(make, interpreter, tmp_path):
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "made-with").write_text(f"{interpreter}\n")
    (tmp_path / ".venv" / "ready").touch()
    assert "-m venv" not in make("site")[0]
    assert "-m venv" not in make(f"PYTHON={interpreter}", "site")[0]
    assert f"{interpreter} -m venv --clear .venv" in make("PYTHON=3.99", "site")[0]
