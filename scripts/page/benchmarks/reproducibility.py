"""How far builds of the same commit agree, one after another."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from scripts.measure.stats import apart
from scripts.page import words
from scripts.page.benchmark import Benchmark
from scripts.page.benchmarks import archive
from scripts.page.html import Html
from scripts.page.vocabulary import block
from scripts.stages import PAGES, Case, UnknownStage, find

Seconds = Annotated[list[Annotated[float, Meta(ge=0)]], Meta(min_length=1)]
COLUMNS = ["程序", "墙钟，最低", "最高", "相差", "CPU 相差", "机器一样快时相差"]


@dataclass(frozen=True)
class Medians:
    """What each build found for one case, in seconds; `even` is as if machines were always equally fast."""

    case: str
    wall: Seconds
    cpu: Seconds
    even: Seconds


@dataclass(frozen=True)
class Series(Benchmark):
    """Builds one after another: how many, and the cases, those furthest apart first."""

    builds: int
    cases: Annotated[list[Medians], Meta(min_length=1)]


@block
def repeats() -> Html:
    """A table: a row for each case, those furthest apart first, with the range of the builds' medians.

    Below it stands which case of ten pages is left furthest apart.  Raises NoSuchThing where none were kept.
    """
    series = archive.load("builds", Series, "scripts.bench builds")
    shown = [(case, medians) for medians in series.cases if (case := known(medians.case))]
    left = sorted((apart(medians.even), case.title) for case, medians in shown if case.pages == PAGES)
    facts = [f"十页的写法，机器一样快时，至多相差 {words.percent(part)}（{of}）" for part, of in left[-1:]]
    facts.append(f"{series.builds} 次构建")
    return archive.show(
        "一次构建接一次构建，中位数相差多少", series, facts, COLUMNS, [row(*each) for each in shown]
    )


def known(name: str) -> Case | None:
    """The case of that name, or None where there is none any more."""
    try:
        return find(name)
    except UnknownStage:
        return None


def row(case: Case, medians: Medians) -> list[str]:
    """The cells of one case: its title, the range of its wall times, and how far all medians lie apart."""
    ends = (words.seconds(end(medians.wall)) for end in (min, max))
    return [case.title, *ends, *(share(each) for each in (medians.wall, medians.cpu, medians.even))]


def share(medians: list[float]) -> str:
    """How far the medians of several builds lie apart, in percent."""
    return words.percent(apart(medians)) if min(medians) else words.UNTOLD
