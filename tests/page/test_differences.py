"""What a stage changed of another, as a page shows it."""

import re
from html import unescape
from itertools import groupby

import pytest

from scripts.page import differences
from scripts.page.failures import NoSuchThing
from scripts.stages import STAGES, UnknownStage, find

PAIRS = [(differences.predecessor(stage).name, stage.name) for stage in STAGES[1:]]


def shown(text):
    """The title, and the lines below it: - what is gone, + what is new, ⋯ where lines are left out."""
    title, code = re.search(r'(?s)<span class="filename">(.*?)</span>.*<code>(.*)</code>', text).groups()
    lines = re.findall(r'(?:<(del|ins|span class="gap")>)?(.*)\n(?:</\w+>)?', code)
    marks = {"del": "-", "ins": "+"}
    return title, [marks.get(kind, " ") + unescape(re.sub("<[^>]*>", "", line)) for kind, line in lines]


def program(name):
    return find(name).snippet.read_text("utf-8").splitlines()


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_difference_is_all_that_changed_since_the_stage_before(before, after):
    title, _ = shown(differences.difference(after))
    assert title == f"snippets/{before}.py → snippets/{after}.py"
    old, new = (find(name).snippet.read_text("utf-8") for name in (before, after))
    _, lines = shown(differences.compared(old, new, "", len(old + new)))
    assert [line[1:] for line in lines if line[0] != "+"] == program(before)
    assert [line[1:] for line in lines if line[0] != "-"] == program(after)


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_what_is_shown_of_it_has_every_change(before, after):
    _, lines = shown(differences.difference(after))
    old, new = (find(name).snippet.read_text("utf-8") for name in (before, after))
    _, everything = shown(differences.compared(old, new, "", len(old + new)))
    assert [line for line in lines if line[0] != " "] == [line for line in everything if line[0] != " "]


def test_a_stage_is_compared_with_the_one_that_it_comes_after():
    assert ("processes", "threads") in PAIRS
    assert ("polling", "callbacks") in PAIRS
    title, lines = shown(differences.difference("threads"))
    assert title == "snippets/processes.py → snippets/threads.py"
    assert "-from concurrent.futures import ProcessPoolExecutor" in lines
    assert "+from concurrent.futures import ThreadPoolExecutor" in lines
    assert differences.difference("threads") == differences.difference("threads@100")


def test_only_a_few_lines_around_each_change_are_shown():
    _, lines = shown(differences.difference("threads"))
    runs = [
        len(list(run))
        for same, run in groupby(lines, key=lambda line: line[0] == " " and line != " ⋯")
        if same
    ]
    assert max(runs) <= 2 * differences.CONTEXT
    assert len(lines) < len(program("threads"))


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("blocking", NoSuchThing, "blocking is the first stage, so there is nothing to compare it with"),
        ("thread", UnknownStage, "did you mean 'threads'"),
    ],
)
def test_a_difference_that_cannot_be(name, error, message):
    with pytest.raises(error, match=message):
        differences.difference(name)


def test_two_programs_without_a_difference(monkeypatch):
    monkeypatch.setattr(differences, "predecessor", lambda stage: stage)
    with pytest.raises(NoSuchThing, match=r"threads\.py and threads\.py do not differ"):
        differences.difference("threads")
