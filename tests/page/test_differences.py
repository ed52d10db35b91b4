"""What a stage changed of another, as a page shows it."""

import re
from itertools import groupby, pairwise

import pytest

from scripts import page
from scripts.page import differences
from scripts.page.failures import NoSuchThing
from scripts.stages import STAGES, UnknownStage, find

PAIRS = [(before.name, after.name) for before, after in pairwise(STAGES)]


def shown(text):
    """The fence's title, and the lines in it."""
    opening, *lines, closing = text.splitlines()
    title = re.fullmatch(f'{closing}diff title="(.*)"', opening)[1]
    return title, lines


def patched(text, lines):
    """The text that these lines of a difference make of the first one, as patch(1) would."""
    made, at = [], 0
    for line in lines:
        if hunk := re.match(r"@@ -(\d+)", line):
            first = int(hunk[1]) - 1
            made += text[at:first]
            at = first
        elif line[0] == "+":
            made.append(line[1:])
        else:
            assert text[at] == line[1:]
            made += [] if line[0] == "-" else [line[1:]]
            at += 1
    return made + text[at:]


def program(name):
    return find(name).snippet.read_text("utf-8").splitlines()


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_difference_is_all_that_changed_since_the_stage_before(before, after):
    title, lines = shown(page.difference(after))
    assert title == f"snippets/{before}.py → snippets/{after}.py"
    assert patched(program(before), lines) == program(after)


def test_a_difference_from_another_stage_by_any_of_its_cases():
    title, lines = shown(page.difference("threads", "processes:spawn"))
    assert title == "snippets/processes.py → snippets/threads.py"
    assert "-from concurrent.futures import ProcessPoolExecutor" in lines
    assert "+from concurrent.futures import ThreadPoolExecutor" in lines
    assert page.difference("threads", "processes") == page.difference("threads")


def test_only_a_few_lines_around_each_change_are_shown():
    _, lines = shown(page.difference("threads"))
    runs = [len(list(run)) for same, run in groupby(lines, key=lambda line: line[0] == " ") if same]
    assert max(runs) <= 2 * differences.CONTEXT
    assert len(lines) < len(program("threads"))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (["blocking"], NoSuchThing, "blocking is the first stage: name the one it is to be compared with"),
        (["threads", "threads"], NoSuchThing, "threads.py and threads.py do not differ"),
        (["thread"], UnknownStage, "did you mean 'threads'"),
        (["threads", "block"], UnknownStage, "did you mean 'blocking'"),
    ],
)
def test_a_difference_that_cannot_be(arguments, error, message):
    with pytest.raises(error, match=message):
        page.difference(*arguments)
