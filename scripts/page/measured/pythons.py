"""A few lines under every Python of the machine that measured, from the oldest to the newest."""

from collections.abc import Mapping
from itertools import pairwise
from statistics import median

from scripts.measure import Finding, RunFailed
from scripts.measure.interpreters import this
from scripts.page import current, footnote, words
from scripts.page.claims import bound_of
from scripts.page.failures import NoSuchThing
from scripts.page.html import Html, element, paragraph, prose
from scripts.page.pictures.years import year, years
from scripts.page.tables import comparison
from scripts.page.verdicts import CANNOT_BE, Verdict
from scripts.page.vocabulary import block, check
from scripts.stages import hint, version

PROGRAM = "every_python"
COSTS = {
    "resume": "恢复一个生成器",
    "await": "一层 await",
    "page by stream": "用流取一页",
    "page by protocol": "用协议取一页",
    "task": "一个任务的内存",
    "ten threads": "起十个线程",
    "ten processes": "起十个进程",
}
"""What each of them costs under every Python, in seconds or bytes."""
ELSEWHERE = ("ten threads", "ten processes", "task")
"""Costs that hardly depend on what compiled the interpreter."""
WAYS = {"threads": "两个线程", "processes": "两个进程", "interpreters": "两个解释器"}
OTHER_COMPILER = "；两边不是同一个编译器编出来的，不作数"
TURNS = 0.75
"""The least part of the time in turn that two threads take which share a GIL."""
RISE = 1.1
"""The least ratio that is told as a rise: smaller ones the next build may not find again."""
SAME_WAY = "；这个系统上两边的默认办法一样，不作数"
ALONE = (
    "这次构建只找到一个 Python，没有别的可比，这一页就没有数。装上几个再构建，"
    "比如 `uv python install 3.8 3.11 3.15`：PATH 上的、pyenv 的、uv 的，都会自己找到。"
)


def found() -> dict[str, Finding]:
    """What the program found under each Python, the oldest first; empty where there is only one.

    Without those under which it fails (see `failed`).
    """
    source, gone = current.source(), failed()
    names = (python for python in source.pythons(PROGRAM) if python not in gone)
    return {python: source.finding(f"{PROGRAM}/{python}") for python in names}


def failed() -> dict[str, str]:
    """Why the program fails, by Python; raises RunFailed where it does under the one that builds the site."""
    source, reasons = current.source(), {}
    for python in source.pythons(PROGRAM):
        try:
            source.finding(f"{PROGRAM}/{python}")
        except RunFailed as error:
            if python == this().name:
                raise
            reasons[python] = error.reason
    return reasons


def cost(made: Finding, key: str) -> float:
    """What the program found a step to cost under a Python, in seconds or bytes; raises NoSuchThing."""
    if key not in COSTS:
        raise NoSuchThing(f"{PROGRAM!r} finds no cost {key!r}{hint(key, list(COSTS))}")
    value = made.values[key]
    assert isinstance(value, float | int)
    return value


def shown(key: str, value: float) -> str:
    """A cost in words, with its unit."""
    return f"{value:,.0f} 字节" if key == "task" else words.found(value)


def number(python: str, made: Finding, key: str) -> Html:
    """A cost as a number of the page, with where it comes from."""
    facts = [f"Python {python}：{COSTS[key]}", words.build(made), words.machine(made), footnote.made(made)]
    return footnote.number(shown(key, cost(made, key)), facts, made.name)


@block
def pythons() -> Html:
    """A table: which Pythons there are here, and what built them; or a paragraph on how to get some."""
    by_python = found()
    if not by_python:
        return paragraph(ALONE)
    rows = [
        [
            f"{made.implementation} {made.python}",
            f"{year(python)}",
            made.compiler,
            "要过" if made.optimized else "没有要",
            element("code", made.values["start method"]),
        ]
        for python, made in by_python.items()
    ]
    columns = ("解释器", "哪年的版本", "编译器", "向 configure 要剖析优化", "默认怎样起进程")
    left_out = [paragraph("{} 没有跑成，下面没有它：{}", *why) for why in failed().items()]
    return comparison(columns, rows, circumstances(by_python), caption="这里有哪些 Python") + Html().join(
        left_out
    )


def circumstances(by_python: Mapping[str, Finding]) -> list[str]:
    """On which machine and when: for the time the latest speaks."""
    last = max(by_python.values(), key=lambda made: made.measured_at)
    return [f"{last.system}，{last.processor}，{last.cores} 个核心", footnote.made(last)]


@block
def over_the_years(*keys: str) -> Html:
    """A picture: these costs by release, as ratios to the oldest Python here; nothing where it is alone."""
    by_python = found()
    if not by_python:
        return Html()
    oldest, *_ = by_python
    first = by_python[oldest]
    ratios = {
        COSTS[key]: {python: cost(made, key) / cost(first, key) for python, made in by_python.items()}
        for key in keys
        if cost(first, key)
    }
    description = f"横轴是版本和它的年份，纵轴是 {oldest} 的多少倍，越低越省；虚线两边不是同一个编译器。"
    pairs = pairwise(by_python.items())
    breaks = [python for (_, old), (python, new) in pairs if words.build(old) != words.build(new)]
    return years("、".join(ratios), description, ratios, breaks)


@block
def costs_of_each() -> Html:
    """A table: every cost under every Python; nothing where it is alone."""
    by_python = found()
    if not by_python:
        return Html()
    rows = [[python, *(number(python, made, key) for key in COSTS)] for python, made in by_python.items()]
    return comparison(
        ("Python", *COSTS.values()), rows, circumstances(by_python), caption="每个 Python 各要多少"
    )


@block
def spins_of_each() -> Html:
    """A table: two computations by each way, as a part of the time they take in turn, under every Python."""
    by_python = found()
    if not by_python:
        return Html()
    rows = [
        [python, *(words.digits(part, 2) if (part := of_turn(made, way)) else "没有" for way in WAYS)]
        for python, made in by_python.items()
    ]
    return comparison(
        ("Python", *WAYS.values()),
        rows,
        ["一个接一个是 1", *circumstances(by_python)],
        caption="两段计算，各用几成的时间",
    )


def of_turn(made: Finding, way: str) -> float | None:
    """What two computations take that way, by the time they take in turn; None where this Python lacks it."""
    whole, part = made.values["spins, in turn"], made.values[f"spins, {way}"]
    return part / whole if isinstance(whole, float) and isinstance(part, float) else None


@check
def changed(key: str, release: str, bound: str, limit: float, says: str) -> Verdict:
    """A sentence that has been checked: what a release changed of a cost, the ratio in the place of {}.

    The first Python here from that release on is divided by the last before it.  Where either is missing, or
    another compiler built it and the cost hangs on that, or processes start as before, nothing is judged.
    """
    keeps, bound_words = bound_of(bound)
    by_python = found()
    before = [python for python in by_python if version(python) < version(release)]
    after = [python for python in by_python if version(python) >= version(release)]
    if not before or not after:
        return Verdict(prose(says, words.UNTOLD), unjudged=CANNOT_BE)
    old, new = before[-1], after[0]
    ratio = cost(by_python[new], key) / cost(by_python[old], key)
    said, asked = (
        prose(says, f"{words.digits(ratio)} 倍") + f"（{new} 比 {old}）",
        f"{bound_words} {limit:g} 倍",
    )
    against = None
    if not keeps(ratio, limit):
        quotient = f"{cost(by_python[new], key):.6g} / {cost(by_python[old], key):.6g} = {ratio:.4g}"
        against = f"{key!r} of {new} by {old} is {quotient}: the claim is {bound} {limit:g}"
    return Verdict(said, asked, against, unlike(key, by_python[old], by_python[new]))


def unlike(key: str, old: Finding, new: Finding) -> str:
    """Why a release cannot be judged by what these two found; empty where it can."""
    if key == "ten processes" and old.values["start method"] == new.values["start method"]:
        return SAME_WAY
    return "" if key in ELSEWHERE or words.build(old) == words.build(new) else OTHER_COMPILER


@block
def went_back() -> Html:
    """A paragraph: what took more CPU from one Python to the next, by a tenth; nothing if nothing did."""
    by_python = found()
    rises = [
        Html("{}，{} 是 {} 的 {} 倍").format(COSTS[key], new, old, words.digits(ratio, 2))
        for (old, before), (new, after) in pairwise(by_python.items())
        for key in COSTS
        if key not in ELSEWHERE
        if words.build(before) == words.build(after)
        and (ratio := cost(after, key) / cost(before, key)) >= RISE
    ]
    if not rises:
        return Html()
    return paragraph("新的并不样样都更省。同一个编译器，这次量到往回走的有：{}。", Html("；").join(rises))


def threads_take_turns() -> Verdict:
    """What two threads take of the time in turn, in the median Python."""
    parts = [part for made in found().values() if made.values["GIL"] and (part := of_turn(made, "threads"))]
    if not parts:
        return Verdict("带着 GIL 的 Python 里，两个线程各算各的", unjudged=CANNOT_BE)
    typical = median(parts)
    said = f"带着 GIL，两个线程各算各的，用时是一个接一个的 {words.digits(typical)} 倍（各版的中位数）"
    against = f"two spins in threads take {typical:.4g} of the time in turn: the claim is >= {TURNS:g}"
    return Verdict(said, f"不低于 {TURNS:g} 倍", None if typical >= TURNS else against)
