"""The section of a page in which a recording is played: made once, and moved by player.js."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from scripts.page import tables
from scripts.page.html import Html, element
from scripts.page.pictures import lanes, svg
from scripts.page.player import drawing
from scripts.page.player.listing import listing
from scripts.page.player.rows import LANE, LEFT, Rows, key
from scripts.page.player.sentences import WAITING, sentence
from scripts.page.player.stops import PASSING, stops, waits
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
    ("stack vain", "在 CPU 上空问"),
    ("stack connect", "等连接"),
    ("stack answer", "等回答"),
    ("stack sleep", "等时刻"),
    ("stack turn", "等轮到它"),
    ("stack", "圆：有自己的栈，停在调用里"),
    ("frame", "方：停着的栈帧，收在堆上"),
    ("inner", "小点：里面几层栈帧，用线连着"),
    ("callback", "空心圆：没有栈帧，只登记了一个函数"),
    ("open", "虚线圆：只剩一个打开的描述符，要有人去问"),
    ("created", "空心方：协程还没开始"),
    ("item", "小圈：有人替它看着，还没到"),
    ("item ready", "小实心：到了，还没轮到"),
    ("caller", "橙条：这一行叫了别的行，还没返回"),
    ("running", "橙底：正在跑的一行，或睡在这一行"),
    ("time", "底下的横条：每个连接一条，竖线是现在"),
)
"""Classes of a mark, and what it means; of the last of them there is something in the recording."""


def section(
    title: str, program: str, recording: Recording, run: lanes.Run, note: str = NOTE, anchor: str = "player"
) -> Html:
    """The player of that recording of the program, of that simulated run; a sentence where there is none.

    A link to a step of it finds it by its `anchor`.
    """
    if recording.left_out == "pages" or not any(step.places for step in recording.steps):
        why = LEFT_OUT["pages"] if recording.left_out else NO_PAGES
        return element("p", why, class_="player player--absent")
    names = named(recording)
    heading = f"{title}：{'' if names else '每页'}各在哪一行"
    visited = {line for step in recording.steps for line in lines_at(step)}
    laid = Rows.of(listing(program, visited, recording.statements), recording)
    recording = stops(recording)
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
        *([connections(run)] if run.connections else []),
        *notes(recording),
        legend(recording, run),
        element("details", element("summary", "列成表"), table(recording)),
        # No script: the theme would run it as one when it puts the page in the place of another.
        element("template", data(recording, laid, run)),
        class_="player",
        id=anchor,
        aria_label=heading,
        data_search_exclude="",
    )


def lines_at(step: Step) -> Iterator[int]:
    """All lines of the program that a step speaks of."""
    yield from step.stack
    for place in step.places:
        yield from place.lines
    for name in LISTS:
        yield from (item.line for item in getattr(step, name) if item.line)


def named(recording: Recording) -> list[str]:
    """The names of its lanes where these are functions; none where they are pages, which have numbers."""
    return recording.pages if all(page.isidentifier() for page in recording.pages) else []


def told(recording: Recording, step: Step) -> str:
    """What happens at that step, and to whom."""
    names = named(recording)
    about = "" if step.page is None else f"{names[step.page] if names else f'第 {step.page + 1} 页'}　"
    return about + sentence(step, names)


def picture(step: Step, laid: Rows, pages: int) -> Html:
    """Line numbers and lanes, with where everything stands at that step."""
    width, height = LEFT + LANE * pages, sum(laid.heights)
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
    under_way = {laid.lines[line]: "caller" for line in step.stack[:-1]}
    under_way |= {laid.lines[line]: "running" for line in step.stack[-1:]}
    for row, (kind, label) in enumerate(zip(laid.kinds, laid.labels, strict=True)):
        marked = f"{kind} {under_way[row]}" if row in under_way else kind
        yield element("span", label, class_=f"player__{marked}")


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


def legend(recording: Recording, run: lanes.Run) -> Html:
    """The marks that come up, and what they mean."""
    seen = {"caller", "running", "time" if run.connections else ""}
    for step in recording.steps:
        seen |= {"item"} if step.watched or step.timers else set()
        seen |= {"ready"} if step.handed or step.queue else set()
    for place in {place for step in recording.steps for place in step.places}:
        seen |= {place.state, place.waits or "", "inner" if len(place.lines) > 1 else ""}
    shown = [element("span", mark(kind), means) for kind, means in LEGEND if kind.split()[-1] in seen]
    return element("p", *shown, class_="player__legend")


def mark(kind: str) -> Html:
    """One mark of the legend."""
    match kind.split()[0]:
        case "inner":
            drawn = element("path", class_=kind, d="M6 0V9") + element("circle", cx=6, cy=9, r=2)
        case "item":
            drawn = element("circle", class_=kind, cx=6, cy=6, r=3)
        case "caller":
            drawn = element("rect", class_=kind, x=5, y=0, width=2, height=12)
        case "time":
            drawn = element("path", class_="waiting", d="M0 6H12")
            drawn += element("path", class_="head", d="M8 0V12")
        case _:
            drawn = element("rect", class_=kind, x=2, y=2, width=8, height=8)
    return element("svg", drawn, width=12, height=12, viewBox="0 0 12 12", aria_hidden="true")


def table(recording: Recording) -> Html:
    """The waits, for whoever does not see the dots: from when to when, who waits, which pages stand where.

    Where no time passes, it is all steps.
    """
    steps = recording.steps
    if not any(step.call == PASSING for step in steps):
        rows = (
            [number, told(recording, step), standing(recording, step)] for number, step in enumerate(steps, 1)
        )
        return tables.table(["第几步", "这时候", "都在哪里"], rows)
    return tables.table(
        ["从 / 秒", "到 / 秒", "这时候", "都在哪里"],
        [
            [
                *(f"{step.begin / 1e9:.3f}" for step in (before, after)),
                told(recording, during),
                standing(recording, during),
            ]
            for before, during, after in zip(steps, steps[1:], steps[2:], strict=False)
            if during.call == PASSING
        ],
    )


def standing(recording: Recording, step: Step) -> str:
    """Which lane stands in which line, or how many pages do."""
    where = [
        f"第 {place.lines[0]} 行" if place.lines else WAITING.get(place.state, place.state)
        for place in step.places
    ]
    each = [f"{name} {line}" for name, line in zip(named(recording), where, strict=False)]
    return "，".join(each or (f"{line} {count} 页" for line, count in Counter(where).items()))


MOVES = ("after", "page", "stack", "places", *LISTS)
"""What player.js reads of a step."""


def data(recording: Recording, laid: Rows, run: lanes.Run) -> Html:
    """The recording as player.js reads it: of `plain` what moves, with rows for lines.

    `waits` are the steps in which time passes, `text` has each step's sentence.
    """
    plain: dict[str, Any] = recording.plain()
    told = [sentence(step, named(recording)) for step in recording.steps]
    texts = {text: number for number, text in enumerate(dict.fromkeys(told))}
    given = {
        **{name: plain[name] for name in ("stacks", "places")},
        "steps": [{name: step[name] for name in MOVES if name in step} for step in plain["steps"]],
        "waits": [number for number, step in enumerate(recording.steps) if step.call == PASSING],
        "pages": len(recording.pages),
        "names": named(recording),
        "rows": laid.lines,
        "bottom": laid.bottom,
        "items": [[item[0], key(Item(*item))] for item in plain["items"]],
        "hands": laid.items,
        "texts": list(texts),
        "text": [texts[text] for text in told],
        "busy": [span[:2] for span in run.busy],
        "wall": lanes.end(run),
    }
    text = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    return Html(text.replace("<", "\\u003c").replace("&", "\\u0026"))
