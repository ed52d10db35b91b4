"""What others take to execute the same programs."""

from dataclasses import dataclass
from statistics import median
from typing import Annotated

from msgspec import Meta

from scripts.page import words
from scripts.page.benchmark import Benchmark
from scripts.page.benchmarks import archive
from scripts.page.html import Html
from scripts.page.vocabulary import block

OURS = "本站"
Seconds = Annotated[list[Annotated[float, Meta(gt=0)]], Meta(min_length=1)]
COLUMNS = ["工具", "从头构建，另加", "再构建，什么也没改", "再构建，改了一页文字", "版本"]


@dataclass(frozen=True)
class Tool:
    """One that executes programs in pages, and the time of each round, for each kind of build."""

    name: str
    versions: str
    cold: Seconds
    unchanged: Seconds
    edited: Seconds


@dataclass(frozen=True)
class Contest(Benchmark):
    """The tools on the same programs; the first one is ours."""

    programs: list[str]
    tools: Annotated[list[Tool], Meta(min_length=1)]


@block
def peers() -> Html:
    """A table: a row for each tool, ours first, with seconds and how many times ours they are.

    Raises NoSuchThing where no benchmark was kept.
    """
    contest = archive.load("peers", Contest, "scripts.bench peers")
    ours, *others = contest.tools
    facts = [f"{len(contest.programs)} 个程序", f"{len(ours.cold)} 轮的中位数"]
    rows = [row(OURS, ours, ours), *(row(tool.name, tool, ours) for tool in others)]
    return archive.show("同样的程序，各家把页面做出来要多久", contest, facts, COLUMNS, rows)


def row(name: str, tool: Tool, ours: Tool) -> list[str]:
    """The cells of one tool: its name, what each kind of build takes, and its versions."""
    builds = (tool.cold, ours.cold), (tool.unchanged, ours.unchanged), (tool.edited, ours.edited)
    return [name, *(cell(median(its), median(own)) for its, own in builds), tool.versions]


def cell(seconds: float, ours: float) -> str:
    """A time, and how many times ours that is."""
    return f"{words.digits(seconds)} 秒（{words.digits(seconds / ours)} 倍）"
