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
