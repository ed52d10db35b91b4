"""No number of the prose comes from nowhere: it was measured by the build, or it is marked as quoted."""

import json
import re
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parent.parent.parent / "docs" / "zh"
FENCE = re.compile(
    r"^(?P<indent> *)(?P<ticks>`{3,})(?P<head>.*)\n(?P<body>(?s:.*?))^(?P=indent)(?P=ticks) *$", re.M
)
NO_PROSE = re.compile(
    r"\A---\n(?s:.*?)\n---\n"
    r'|<span class="quoted">[^<]*</span>'
    r"|`[^`\n]*`|\]\([^)]*\)|</?[A-Za-z][^<>]*>"
)
MEASURED = re.compile(r"\d[\d,.]* ?(?:纳秒|微秒|毫秒|秒|倍|%|次)")
"""What a meter shows.  Sizes are what a program was given, and years are no measurements."""


def figures(text):
    """Each number with a unit that is written in the prose of a page, or in a call in it or in its blocks."""
    prose = FENCE.sub(lambda fence: fence["body"] if 'exec="on"' in fence["head"] else "", text)
    return MEASURED.findall(NO_PROSE.sub(" ", prose))


def text_of(notebook):
    """The notebook as a page, its code in blocks."""
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(notebook)["cells"]]
    return "\n\n".join(
        source if kind == "markdown" else f'```python exec="on"\n{source}\n```\n' for kind, source in cells
    )


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.stem)
def test_every_figure_is_measured_or_marked_as_quoted(page):
    assert figures(page.read_text("utf-8")) == []


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.ipynb")), ids=lambda page: page.stem)
def test_every_figure_of_a_notebook_is_measured_or_marked_as_quoted(page):
    assert figures(text_of(page.read_text("utf-8"))) == []


def test_figures_are_found_in_a_notebook():
    cells = [("markdown", ["# A\n", "过了 5 秒"]), ("code", ["x = 3\n", "print(f'{x} 秒，1.5 毫秒')"])]
    notebook = {"cells": [{"cell_type": kind, "source": source} for kind, source in cells]}
    assert figures(text_of(json.dumps(notebook))) == ["5 秒", "1.5 毫秒"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一共 4.52 秒，快了10倍。", ["4.52 秒", "10倍"]),
        ("占 57%，错了 3 次。", ["57%", "3 次"]),
        ('原文量到 <span class="quoted">4.3 秒</span>。', []),
        ("`sleep(5 秒)`，[链接](a.md#9 次)，2017 年，64 MiB。", []),
        ("```text\n等了 5 秒\n```\n", []),
        ('{{ holds("spins", "x", "<", 3, says="它是 {}，至多 1.5 毫秒") }}', ["1.5 毫秒"]),
        ('- 甲\n\n    ```python exec="on"\n    f("7 倍")\n    ```\n', ["7 倍"]),
        ("---\ndescription: 150 毫秒\n---\n", []),
    ],
)
def test_figures_are_found_in_prose_and_in_calls(text, found):
    assert figures(text) == found
