"""Who calls whom, and who holds what: small drawings for pages where the player shows where, but not why."""

from collections.abc import Iterator
from dataclasses import dataclass

from scripts.page.failures import NoSuchThing
from scripts.page.html import Html, element
from scripts.page.pictures.svg import place
from scripts.page.vocabulary import block
from scripts.stages import hint

WIDTH, BOX, HIGH, PITCH = 380, 132, 46, 82
"""Units: across all, across a box, down a box, and from one row of boxes to the next."""
COLUMNS = (0, WIDTH - BOX)


@dataclass(frozen=True)
class Box:
    """Someone who calls or is called: a name, what it holds, and where it stands."""

    name: str
    holds: str
    column: int
    row: int

    @property
    def left(self) -> float:
        return COLUMNS[self.column]

    @property
    def top(self) -> float:
        return self.row * PITCH


@dataclass(frozen=True)
class Diagram:
    """Boxes by a short name; the calls in their order, none across another: from whom, to whom, what."""

    title: str
    boxes: dict[str, Box]
    calls: tuple[tuple[str, str, str], ...]


LOOP = {
    "queue": Box("就绪队列", "拿着 step", 0, 0),
    "loop": Box("Loop.run", "在最外层转", 0, 1),
    "selector": Box("selector", "拿着 Future", 0, 2),
}
DIAGRAMS = {
    "event_loop": Diagram(
        "事件循环：谁叫谁，谁拿着什么",
        {
            "loop": Box("Loop.run", "在最外层转", 0, 0),
            "selector": Box("selector", "拿着回调", 0, 1),
            "callback": Box("send / receive", "一段做完就返回", 1, 0),
            "fetch": Box("fetch", "局部变量由闭包拿着", 1, 1),
        },
        (
            ("fetch", "selector", "call_when"),
            ("loop", "selector", "select()"),
            ("loop", "callback", "callback()"),
            ("callback", "selector", "call_when"),
        ),
    ),
    "futures": Diagram(
        "Future 与就绪队列：谁叫谁，谁拿着什么",
        {
            "queue": Box("就绪队列", "拿着轮到的回调", 0, 0),
            "loop": LOOP["loop"],
            "selector": LOOP["selector"],
            "future": Box("Future", "拿着回调", 1, 0),
            "callback": Box("send / receive", "一段做完就返回", 1, 1),
        },
        (
            ("loop", "selector", "select()"),
            ("loop", "future", "set_result()"),
            ("future", "queue", "call_soon"),
            ("loop", "queue", "popleft()"),
            ("loop", "callback", "callback()"),
        ),
    ),
    "generators": Diagram(
        "循环、Future、Task 与生成器：谁叫谁，谁拿着什么",
        {
            **LOOP,
            "future": Box("Future", "拿着 step", 1, 0),
            "task": Box("Task", "拿着生成器", 1, 1),
            "generator": Box("生成器", "拿着自己的栈帧", 1, 2),
        },
        (
            ("loop", "queue", "popleft()"),
            ("loop", "task", "step()"),
            ("task", "generator", "send(None)"),
            ("loop", "selector", "select()"),
            ("loop", "future", "set_result()"),
            ("future", "queue", "call_soon"),
        ),
    ),
    "tasks": Diagram(
        "asyncio：谁叫谁，谁拿着什么",
        {
            "queue": Box("就绪队列与定时器", "拿着 Handle", 0, 0),
            "loop": Box("BaseEventLoop", "在最外层转", 0, 1),
            "selector": Box("selector", "拿着读写回调", 0, 2),
            "future": Box("Future", "拿着 wakeup", 1, 0),
            "task": Box("Task", "拿着协程", 1, 1),
            "coroutine": Box("协程", "拿着自己的栈帧", 1, 2),
        },
        (
            ("loop", "queue", "到点的、轮到的"),
            ("loop", "task", "step()"),
            ("task", "coroutine", "send / throw"),
            ("loop", "selector", "select(时限)"),
            ("loop", "future", "set_result()"),
            ("future", "queue", "call_soon"),
        ),
    ),
}


@block
def diagram(name: str) -> Html:
    """The drawing of that name, its calls numbered in their order; raises NoSuchThing."""
    if name not in DIAGRAMS:
        raise NoSuchThing(f"there is no diagram {name!r}{hint(name, list(DIAGRAMS))}")
    shown = DIAGRAMS[name]
    rows = 1 + max(box.row for box in shown.boxes.values())
    calls = [(shown.boxes[begin], shown.boxes[end], words) for begin, end, words in shown.calls]
    told = "；".join(
        f"{number}，{begin.name} 叫 {end.name}：{words}"
        for number, (begin, end, words) in enumerate(calls, 1)
    )
    drawing = element(
        "svg",
        element("title", shown.title),
        element("desc", told),
        element("defs", head()),
        *(part for number, call in enumerate(calls, 1) for part in arrow(number, *call)),
        *(part for box in shown.boxes.values() for part in drawn(box)),
        viewBox=f"-2 -2 {WIDTH + 4} {rows * PITCH - PITCH + HIGH + 4}",
        role="img",
        class_="diagram",
    )
    return element(
        "figure", element("figcaption", shown.title), drawing, class_="picture", data_search_exclude=""
    )


def head() -> Html:
    """The head of an arrow."""
    path = element("path", d="M0 0L8 4L0 8z", class_="diagram__head")
    return element(
        "marker", path, id="head", viewBox="0 0 8 8", refX=8, refY=4, markerWidth=7, markerHeight=7,
        orient="auto-start-reverse",
    )  # fmt: skip


def drawn(box: Box) -> Iterator[Html]:
    """A box, its name, and what it holds."""
    yield element("rect", class_="diagram__box", x=box.left, y=box.top, width=BOX, height=HIGH, rx=3)
    yield text(box.name, box.left + BOX / 2, box.top + 19, "name middle")
    yield text(box.holds, box.left + BOX / 2, box.top + 36, "label middle")


def text(words: str, x: float, y: float, kind: str) -> Html:
    """Words that begin at x, on the base line y, and shrink with the drawing."""
    return element("text", words, class_=kind, x=place(x), y=place(y))


def arrow(number: int, begin: Box, end: Box, words: str) -> Iterator[Html]:
    """A call: from the edge of one box to the edge of the other, with its number and what is called."""
    x, y, to_x, to_y = edges(begin, end)
    middle_x, middle_y = (x + to_x) / 2, (y + to_y) / 2
    yield element("path", class_="diagram__call", d=f"M{x} {y}L{to_x} {to_y}", marker_end="url(#head)")
    if x == to_x:
        yield text(f"{number} {words}", middle_x + 6, middle_y + 4, "label")
    else:
        above = 5 if y == to_y else -4  # on a slope the words stand in the line, which stops for them
        yield text(f"{number} {words}", middle_x, middle_y - above, "label middle diagram__call-words")


def edges(begin: Box, end: Box) -> tuple[float, float, float, float]:
    """Where the arrow leaves the one box, and where it reaches the other."""
    if begin.column == end.column:
        x = begin.left + BOX / 4  # to its right is room for words
        return (x, begin.top, x, end.top + HIGH) if end.row < begin.row else (x, begin.top + HIGH, x, end.top)
    down = (end.row > begin.row) - (end.row < begin.row)
    y, to_y = begin.top + HIGH / 2 + 12 * down, end.top + HIGH / 2 - 12 * down
    return (BOX, y, WIDTH - BOX, to_y) if begin.column < end.column else (WIDTH - BOX, y, BOX, to_y)
