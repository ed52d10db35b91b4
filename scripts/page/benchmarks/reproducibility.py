"""How far builds of the same commit agree, one after another."""

from collections.abc import Iterator
from contextlib import suppress
from html import escape
from typing import Any

from scripts import stages
from scripts.measure.stats import apart
from scripts.page import words
from scripts.page.benchmarks import archive

COLUMNS = ["程序", "墙钟，最低", "最高", "相差", "CPU 相差", "机器一样快时相差"]


def repeats() -> str:
    """A table: a row for each case, those furthest apart first, with the range of the builds' medians.

    Below it stands which case of ten pages is left furthest apart.  Raises NoSuchThing where none were kept.
    """
    return archive.show("builds", COLUMNS, rows, told)


def rows(benchmark: archive.Kept) -> Iterator[list[str]]:
    """The cells of each case."""
    for case in still(benchmark):
        wall = case["wall"]
        yield [
            escape(stages.find(case["case"]).title),
            *(words.seconds(seconds) for seconds in (min(wall), max(wall))),
            *(share(medians) for medians in (wall, case["cpu"], case["even"])),
        ]


def still(benchmark: archive.Kept) -> Iterator[dict[str, Any]]:
    """The cases that there still are."""
    for case in benchmark["cases"]:
        with suppress(stages.UnknownStage):
            stages.find(case["case"])
            yield case


def told(benchmark: archive.Kept) -> list[str]:
    """What is left of the differences between stages, and of how many builds it is."""
    ten = [case for case in still(benchmark) if stages.find(case["case"]).pages == stages.PAGES]
    last = max(ten, key=lambda case: apart(case["even"]))
    title, left = escape(stages.find(last["case"]).title), share(last["even"])
    return [f"十页的写法，机器一样快时，至多相差 {left}（{title}）", f"{benchmark['builds']} 次构建"]


def share(medians: list[float]) -> str:
    """How far they lie apart."""
    return words.share(apart(medians)) if min(medians) else words.UNTOLD
