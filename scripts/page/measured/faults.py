"""Every stage under every fault: who loses what, says what, and gives up when."""

import re
from concurrent.futures import ThreadPoolExecutor

from scripts.measure import Ordeal
from scripts.measure.ordeal import FAULTS, NEAR, PATIENCE
from scripts.page import current, words
from scripts.page.html import Html, element
from scripts.page.measured.cards import bar, link
from scripts.page.tables import comparison
from scripts.page.verdicts import Verdict
from scripts.page.vocabulary import block, check, inline
from scripts.stages import BESIDE, CASES, Case, find

TOGETHER = {"drip": 9, "silent": 9, "refuse": 4, "reset": 4, "truncate": 4}
"""Cells that are made at a time: more where who has a deadline waits for it, and takes next to no CPU."""
MAY_BREAK = Html("<wbr>")
TITLES = {
    "refuse": "拒绝连接",
    "reset": "半途重置",
    "truncate": "截断",
    "drip": "一字节一字节地滴",
    "silent": "不作声",
}


@inline
def distance() -> str:
    """The round trip, and the service time, of the runs in which something goes wrong."""
    return words.milliseconds(NEAR)


@inline
def patience() -> str:
    """How long a stage without time-outs may wait there before it is ended."""
    return f"{PATIENCE:g} 秒"


@block
def matrix() -> Html:
    """A table: a row for each stage, a column for each fault; pages, what was reported, time and CPU."""
    endure_all()
    rows = [
        [
            case.title if case in BESIDE else link(case),
            *(cell(case, current.source().ordeal(case.name, fault)) for fault in FAULTS),
        ]
        for case in endurers()
    ]
    columns = ["程序", *(TITLES[kind(fault)] for fault in FAULTS)]
    return comparison(columns, rows, kind="comparison matrix", caption="十页里收到几页；点一格，看它的详情")


def endure_all() -> None:
    """Have every cell made, some at a time, since most of what they do is wait: the late stages longest."""
    source = current.source()
    for together in sorted(set(TOGETHER.values()), reverse=True):
        faults = [fault for fault in FAULTS if TOGETHER[kind(fault)] == together]
        asked = [(case.name, fault) for case in reversed(endurers()) for fault in faults]
        with ThreadPoolExecutor(together) as pool:
            list(pool.map(lambda cell: source.ordeal(*cell), asked))


def endurers() -> list[Case]:
    """Each stage, in one way only if it has several start methods, with every loop; and its variants."""
    stages = [case for case in CASES if not case.start_method or case == find(case.stage.name)]
    return [*stages, *BESIDE]


def cell(case: Case, ordeal: Ordeal) -> str | Html:
    """How many pages one stage kept under one fault; what it reported, how long it took: on demand."""
    if (ordeal.link, ordeal.stage, kind(ordeal.fault)) == ("loopback", "processes:fork", "refuse"):
        return "回环上量不了"  # since each process of the pool counts its connections for itself
    outcome = "stuck" if ordeal.gave_up else "kept" if ordeal.delivered else "lost"
    name = re.sub(r"\W", "-", f"{case.name}-{kind(ordeal.fault)}")
    shown = element(
        "button",
        "停" if ordeal.gave_up else str(ordeal.delivered),
        element("small", words.seconds(ordeal.wall, 2)),
        type="button",
        popovertarget=name,
        class_=f"matrix__cell matrix__{outcome} {bar(ordeal.cpu / ordeal.wall)}",
    )
    return shown + details(name, f"{case.title}，{TITLES[kind(ordeal.fault)]}", ordeal)


def details(name: str, title: str, ordeal: Ordeal) -> Html:
    """All there is to say of a cell, until somebody asks out of sight."""
    return element(
        "div",
        element("p", element("strong", title)),
        element("p", f"收到 {ordeal.delivered} / {ordeal.asked} 页。"),
        element("p", "报告：", report(ordeal) or "什么也没说", "。"),
        element(
            "p",
            f"用了 {words.seconds(ordeal.wall, 2)}，CPU 占墙钟的 {words.percent(ordeal.cpu / ordeal.wall)}。",
        ),
        popover="",
        id=name,
        class_="matrix__details",
    )


def report(ordeal: Ordeal) -> str | Html:
    """What a stage said of the page that went wrong: its path, and the exception."""
    if ordeal.gave_up:
        return "没有下文"
    told = [(path, exception(error)) for path, error in ordeal.raised.items()]
    return Html("，").join(element("code", each) for pair in told for each in pair if each)


def exception(error: str) -> Html:
    """The name of the exception, which may go on in the next line where a word of it begins."""
    return MAY_BREAK.join(re.split(r"(?<=[a-z])(?=[A-Z])", error.partition(":")[0]))


@check
def survives(*names: str) -> Verdict:
    """A sentence that has been checked: these lose one page under any fault, name it, and end."""
    titles = "、".join(find(name).title for name in names)
    said = f"{titles}：{len(FAULTS)} 种故障之下，九页好的一页不少，坏的那页报得出是哪一页，都自己结束"
    for name in names:
        for fault in FAULTS:
            ordeal = current.source().ordeal(name, fault)
            names_it = len(ordeal.raised) == 1 and "" not in ordeal.raised
            if ordeal.gave_up or ordeal.delivered != ordeal.asked - 1 or not names_it:
                ending = ", and it had to be ended" if ordeal.gave_up else ""
                told = f"{ordeal.delivered} of {ordeal.asked} pages came, {ordeal.raised} was reported"
                return Verdict(said, against=f"{find(name).name!r} under {fault}: {told}{ending}")
    return Verdict(said)


def kind(fault: str) -> str:
    """What goes wrong under that fault, without where it does."""
    return fault.partition("@")[0]
