"""The section of a page in which a recording is played: made once, and moved by player.js."""

import json
from collections.abc import Iterator
from typing import Any

from scripts.page import tables
from scripts.page.html import Html, element
from scripts.page.pictures import lanes, svg
from scripts.page.player import drawing, rows
from scripts.page.player.listing import listing
from scripts.page.player.rows import LANE, LEFT, Rows, key
from scripts.page.player.sentences import sentence
from scripts.simulator.recorder import MOST_PAGES, MOST_STEPS
from scripts.simulator.recording import LISTS, Item, Recording, Step

THIN = 5
"""Units for a connection on the time axis."""
NOTE = "模拟的网络，虚拟时间；程序是测试过的那一份。"
LEFT_OUT = {
    "pages": f"页数太多，点挤在一起分不清了：{MOST_PAGES} 页以内才画得出来。",
    "steps": f"步数太多，只记下了开头的 {MOST_STEPS:,} 步。",
}
NO_PAGES = "没有哪一步说得出是哪一页的：PATHS 里要有页，取它们的函数要拿到这一页的路径。"
LEGEND = (
    ("stack cpu", "在 CPU 上"),
    ("stack connect", "等连接"),
    ("stack answer", "等回答"),
    ("stack turn", "等轮到它"),
    ("stack", "圆：有自己的栈，停在调用里"),
    ("frame", "方：停着的栈帧，收在堆上"),
    ("callback", "空心圆：没有栈帧，只登记了一个函数"),
    ("created", "空心方：协程还没开始"),
)
"""Classes of a mark, and what it means."""


def section(title: str, program: str, recording: Recording, run: lanes.Run, note: str = NOTE) -> Html:
    """The player of that recording of the program, of that simulated run; a sentence where there is none."""
    if recording.left_out == "pages" or not any(step.places for step in recording.steps):
        why = LEFT_OUT["pages"] if recording.left_out else NO_PAGES
        return element("p", why, class_="player player--absent")
    heading = f"{title}：每页各在哪一行"
    visited = {line for step in recording.steps for line in lines_of(step)}
    laid = Rows.of(listing(program, visited, recording.statements), recording)
    first = next(waits(recording), recording.steps[0])
    return element(
        "section",
        element("p", heading, element("small", note), class_="player__title"),
        element("div", class_="player__controls", hidden=""),
        element("p", told(recording, first), class_="player__now", aria_live="polite"),
        element(
            "div",
            picture(first, laid, len(recording.pages)),
            element("div", *code(first, laid), class_="player__code", tabindex=0, lang="en"),
            class_="player__stage",
        ),
        connections(run),
        *notes(recording),
        legend(recording),
        element("details", element("summary", "按时刻列成表"), table(recording)),
        # No script: the theme would run it as one when it puts the page in the place of another.
        element("template", data(recording, laid, run)),
        class_="player",
        aria_label=heading,
        data_search_exclude="",
    )


def lines_of(step: Step) -> Iterator[int]:
    """All lines of the program that a step speaks of."""
    yield from step.stack
    for place in step.places:
        yield from place.lines
    for name in LISTS:
        yield from (item.line for item in getattr(step, name) if item.line)


def waits(recording: Recording) -> Iterator[Step]:
    """The steps that take time."""
    return (step for step in recording.steps if step.end > step.begin)


def told(recording: Recording, step: Step) -> str:
    """What happens at that step."""
    return sentence(step, None if step.page is None else f"第 {step.page + 1} 页")


def picture(step: Step, laid: Rows, pages: int) -> Html:
    """Line numbers and lanes, with where everything stands at that step."""
    width, height = LEFT + LANE * pages, laid.height
    numbers = [
        element("text", number, x=LEFT - 8, y=middle + 4)
        for middle, number in zip(laid.middles, laid.numbers, strict=True)
        if number is not None
    ]
    lanes = "".join(f"M{drawing.lane(page)} 0v{height}" for page in range(pages))
    return element(
        "svg",
        *numbers,
        element("path", class_="lane", d=lanes),
        element("g", *drawing.marks(step, laid), class_="player__marks"),
        width=width,
        height=height,
        viewBox=f"0 0 {width} {height}",
        aria_hidden="true",
    )


def code(step: Step, laid: Rows) -> Iterator[Html]:
    """The rows beside the lanes; those of the lines under way are marked."""
    under_way = {laid.of_line(line): "caller" for line in step.stack[:-1]}
    under_way |= {laid.of_line(line): "running" for line in step.stack[-1:]}
    for row, (kind, label) in enumerate(zip(laid.kinds, laid.labels, strict=True)):
        yield rows.code(f"{kind} {under_way[row]}" if row in under_way else kind, label)


def connections(run: lanes.Run) -> Html:
    """Each connection as a line in time, with a head that player.js moves."""
    height = THIN * max(len(run.connections), 1)
    scale = svg.linear(0, lanes.end(run), 0, svg.WIDTH)
    return element(
        "svg",
        *lanes.rows(run, scale, 0, THIN),
        element("path", class_="head", d=f"M0 0v{height}"),
        class_="player__time",
        viewBox=f"0 0 {svg.WIDTH} {height}",
        preserveAspectRatio="none",
        height=height,
        aria_hidden="true",
    )


def notes(recording: Recording) -> list[Html]:
    """What was left out, if anything was."""
    return [element("p", LEFT_OUT[recording.left_out], class_="player__note")] if recording.left_out else []


def legend(recording: Recording) -> Html:
    """The marks that come up, and what they mean."""
    places = {place for step in recording.steps for place in step.places}
    seen = {f"{place.state} {place.waits or ''}" for place in places}
    words = {word for each in seen for word in each.split()}
    shown = [
        element("span", mark(kind), words_of)
        for kind, words_of in LEGEND
        if kind.split()[-1] in words or (kind == "stack" and "stack" in words)
    ]
    return element("p", *shown, class_="player__legend")


def mark(kind: str) -> Html:
    """One mark of the legend."""
    box = element("rect", class_=kind, x=2, y=2, width=8, height=8)
    return element("svg", box, width=12, height=12, viewBox="0 0 12 12", aria_hidden="true")


def table(recording: Recording) -> Html:
    """The waits, for whoever does not see the dots: when, how long, for what, and which pages stand where."""
    return tables.table(
        ["时刻 / 秒", "等了 / 秒", "在做什么", "页都在哪里"],
        [
            [
                *(f"{ns / 1e9:.3f}" for ns in (step.begin, step.end - step.begin)),
                told(recording, step),
                standing(step),
            ]
            for step in waits(recording)
        ],
    )


def standing(step: Step) -> str:
    """How many pages stand in which line."""
    counts: dict[str, int] = {}
    for place in step.places:
        where = f"第 {place.lines[0]} 行" if place.lines else STATES.get(place.state, place.state)
        counts[where] = counts.get(where, 0) + 1
    return "，".join(f"{where} {count} 页" for where, count in counts.items())


STATES = {"not begun": "还没开始", "done": "取完了", "failed": "没取成"}


def data(recording: Recording, laid: Rows, run: lanes.Run) -> Html:
    """The recording as player.js reads it: `plain`, with rows for lines, and each step's sentence."""
    plain: dict[str, Any] = recording.plain()
    texts: dict[str, int] = {}
    for step in recording.steps:
        texts.setdefault(sentence(step, None), len(texts))
    given = {
        **plain,
        "pages": len(recording.pages),
        "rows": laid.lines,
        "bottom": laid.bottom,
        "middles": laid.middles,
        "items": [[item[0], key(Item(*item))] for item in plain["items"]],
        "hands": laid.items,
        "texts": list(texts),
        "text": [texts[sentence(step, None)] for step in recording.steps],
        "busy": [span[:2] for span in run.busy],
        "wall": lanes.end(run),
    }
    del given["statements"], given["actors"]
    text = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    return Html(text.replace("<", "\\u003c").replace("&", "\\u0026"))
