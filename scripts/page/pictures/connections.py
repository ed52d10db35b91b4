"""What each connection of a stage did when, and when the program was on the CPU."""

from collections.abc import Iterable, Iterator
from math import ceil

from scripts.measure import Record, Sample
from scripts.page import records, words
from scripts.page.failures import NoSuchThing
from scripts.page.pictures import svg
from scripts.page.pictures.svg import Scale
from scripts.stages import STAGES, find

LEFT, RIGHT = 112, 696
TOP, AXIS = 52, 38
"""Where the rows begin, and where the axis ends above them; what is above that is the legend."""
ROW, PANEL = 16, 44
"""Units for one connection in a picture of its own, and for one stage among others."""
MOST = 40
"""Connections in one picture."""
TICK = 0.2
"""Of a core: by so much may the kernel's timer overstate what ran in one look (see busy.py)."""

PHASES = (
    ("connecting", "建立连接", "syn", "established"),
    ("waiting", "等回答", "request", "first_byte"),
    ("receiving", "收正文", "first_byte", "last_byte"),
    ("open", "连接开着", "syn", "closed"),
)
"""Class and name of each, and the moments from which and to which it lasts."""
MOMENTS = {
    "syn": "发起连接", "established": "连上", "request": "发出请求",
    "first_byte": "首字节", "last_byte": "末字节", "closed": "关闭",
}  # fmt: skip


def timeline(name: str) -> str:
    """The connections of that case, one in each row, from the run that took about as long as the median.

    Below them, where this is known, when the program was on the CPU.  Raises what `records.get` raises, and
    NoSuchThing for so many connections that nobody could tell their rows apart.
    """
    case, sample = find(name), typical(records.get(name))
    number = len(sample.connections)
    if number > MOST:
        raise NoSuchThing(f"{name!r} has {number} connections: a timeline shows at most {MOST}")
    bottom = TOP + ROW * number
    below = bottom + (36 if sample.busy else 6)
    scale = svg.linear(0, end(sample), LEFT, RIGHT)
    return svg.picture(
        f"{case.title}：每个连接在做什么",
        description(sample),
        below + 24,
        [
            *legend(),
            *axis(scale, end(sample), below),
            *(
                svg.text(f"第 {row} 个连接", LEFT - 10, TOP + ROW * (row - 0.5) + 4, "label end")
                for row in range(1, number + 1)
            ),
            svg.element("g", *rows(sample, scale, TOP, ROW), class_="wide"),
            *load([sample], sample, scale, below - 4, 24),
        ],
        [
            ["连接", *(f"{name} / 秒" for name in MOMENTS.values())],
            *(
                [f"第 {row} 个", *(seconds(connection[moment]) for moment in MOMENTS)]
                for row, connection in enumerate(sample.connections, 1)
            ),
        ],
    )


def history() -> str:
    """Every stage's connections and CPU on one axis, one stage below the other."""
    shown = [(stage.title, typical(records.get(stage.name))) for stage in STAGES]
    samples = [sample for _, sample in shown]
    latest, bottom = max(map(end, samples)), TOP + PANEL * len(shown)
    scale = svg.linear(0, latest, LEFT, RIGHT)
    panels: list[str] = []
    for top, (title, sample) in zip(range(TOP, bottom, PANEL), shown, strict=True):
        panels += [
            svg.text(title, LEFT - 10, top + 18, "label end"),
            *rows(sample, scale, top, 26 / max(len(sample.connections), 1)),
            *load(samples, sample, scale, top + 36, 9),
        ]
    told = "；".join(f"{title} {words.seconds(sample.wall)}" for title, sample in shown)
    return svg.picture(
        "同样的十页，同一条时间轴",
        f"一种写法一栏，每个连接一行，从左往右是时间。各用了：{told}。",
        bottom + 20,
        [*legend(), *axis(scale, latest, bottom), *panels],
        [
            ["程序", "最早发起连接 / 秒", "最晚关闭连接 / 秒", "墙钟 / 秒", "CPU / 秒"],
            *(
                [title, *map(seconds, (*outermost(sample), sample.wall, sample.cpu))]
                for title, sample in shown
            ),
        ],
    )


def typical(record: Record) -> Sample:
    """The run that took about as long as the median."""
    wall = record.median("wall")
    return min(record.samples, key=lambda sample: abs(sample.wall - wall))


def moments(sample: Sample, moment: str) -> list[float]:
    """When each connection came to it, of those that did."""
    return [at for connection in sample.connections if (at := connection[moment]) is not None]


def outermost(sample: Sample) -> tuple[float | None, float | None]:
    """When the first connection was begun, and the last one closed."""
    return min(moments(sample, "syn"), default=None), max(moments(sample, "closed"), default=None)


def end(sample: Sample) -> float:
    """Where its time axis has to reach."""
    return max([sample.wall, *moments(sample, "closed")])


def description(sample: Sample) -> str:
    """What there is to see, for whoever does not see it."""
    first, last = outermost(sample)
    begun = moments(sample, "syn")
    if first is None or last is None:
        return f"{len(sample.connections)} 个连接；墙钟 {words.seconds(sample.wall)}。"
    return (
        f"{len(sample.connections)} 个连接，每个一行，从左往右是时间。头一个在第 {seconds(first)} 秒发起，"
        f"末一个在第 {seconds(max(begun))} 秒发起；全部关闭是在第 {seconds(last)} 秒。"
        f"墙钟 {words.seconds(sample.wall)}，CPU {words.seconds(sample.cpu)}。"
    )


def rows(sample: Sample, scale: Scale, top: float, pitch: float) -> Iterator[str]:
    """A row for each connection: a thin line as long as it is open, and on it a stroke for each phase."""
    for kind, _, begin, last in reversed(PHASES):
        yield svg.strokes(
            kind,
            (
                (scale(connection[begin]), scale(connection[last]), top + pitch * (row + 0.5))
                for row, connection in enumerate(sample.connections)
                if None not in (connection[begin], connection[last])
            ),
        )


def load(shown: Iterable[Sample], sample: Sample, scale: Scale, base: float, height: float) -> Iterator[str]:
    """How many cores it used at each moment; `height` is for as many as any of those shown did."""
    if not sample.busy:
        return
    most = max(1, ceil(max(cores for each in shown for _, _, cores in each.busy) - TICK))
    path = "".join(
        f"M{svg.place(scale(begin))} {svg.place(base)}v{svg.place(-min(cores / most, 1) * height)}"
        f"h{svg.place(max(scale(last) - scale(begin), 0.5))}V{svg.place(base)}z"
        for begin, last, cores in sample.busy
    )
    yield svg.element("path", class_="load", d=path)
    yield svg.line(LEFT, base, RIGHT, base)
    unit = "CPU" if most == 1 else f"CPU（{most} 核）"
    yield svg.text(unit, LEFT - 10, base - 1, "label end")


def legend() -> Iterator[str]:
    """What the strokes mean."""
    for number, (kind, name, *_) in enumerate(PHASES):
        at = LEFT + 104 * number
        yield svg.strokes(f"{kind} key", [(at, at + 18, 12)])
        yield svg.text(name, at + 24, 16)


def axis(scale: Scale, latest: float, bottom: float) -> Iterator[str]:
    """Lines at round seconds, down to the bottom."""
    for at in svg.steps(latest, 8):
        yield svg.line(scale(at), AXIS + 4, scale(at), bottom)
        yield svg.text(f"{at:g}" if at else "0 秒", scale(at), AXIS, "label middle")


def seconds(value: float | None) -> str:
    """A moment in a table, to the millisecond."""
    return words.UNTOLD if value is None else f"{value:.3f}"
