"""What others take to execute the same programs."""

from collections.abc import Iterator
from html import escape
from statistics import median
from typing import Any

from scripts.page import words
from scripts.page.benchmarks import archive

OURS = "本站"
KINDS = {"cold": "从头构建，另加", "unchanged": "再构建，什么也没改", "edited": "再构建，改了一页文字"}


def peers() -> str:
    """A table: a row for each tool, ours first, with seconds and how many times ours they are.

    Raises NoSuchThing where no benchmark was kept.
    """
    return archive.show("peers", ["工具", *KINDS.values(), "版本"], rows, told)


def rows(benchmark: archive.Kept) -> Iterator[list[str]]:
    """The cells of each tool."""
    ours, *others = benchmark["tools"]
    yield row(OURS, ours, ours)
    for each in others:
        yield row(each["name"], each, ours)


def row(name: str, tool: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    """The cells of one tool."""
    return [name, *(cell(median(tool[kind]), median(ours[kind])) for kind in KINDS), escape(tool["versions"])]


def cell(seconds: float, ours: float) -> str:
    """A time, and how many times ours that is."""
    return f"{words.digits(seconds)} 秒（{words.digits(seconds / ours)} 倍）"


def told(benchmark: archive.Kept) -> list[str]:
    """Of how many programs and rounds it is."""
    rounds = len(benchmark["tools"][0]["cold"])
    return [f"{len(benchmark['programs'])} 个程序", f"{rounds} 轮的中位数"]
