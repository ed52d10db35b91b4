"""Whatever once broke the project has a test, which recipes.md names."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
TEXT = (TESTS / "recipes.md").read_text("utf-8")
ROWS = re.findall(r"(?m)^\| (?!what \|)(?P<what>.+) \| .+ \| (?P<tests>.+) \|$", TEXT)


def test_every_recipe_is_kept():
    assert len(ROWS) == TEXT.count("\n| ") - TEXT.count("\n| what |") >= 40


@pytest.mark.parametrize(("what", "tests"), ROWS)
def test_what_once_broke_it_has_a_test(what, tests):
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", tests)
    assert named
    for file, name in named:
        assert re.search(rf"(?m)^def {name}\(", (TESTS / file).read_text("utf-8")), f"{file} has no {name}"
