"""Runs drawn on one time axis: what each connection did when, and when the program was on the CPU.

It needs no record and imports nothing else of the project but words and strokes, since it also runs in the
reader's browser, where it draws the reader's own run.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import ceil
from typing import Protocol

from scripts.page import words
from scripts.page.html import Html, element
from scripts.page.pictures import svg
from scripts.page.pictures.svg import Scale

ROW, ABOVE, BELOW = 16, 20, 20
"""Units for one connection that is looked at closely; above the connections of a run, for its name; below."""
TICK = 0.2
"""Of a core: by so much may the kernel's timer overstate what ran in one look (see cpu_watch.py)."""
SPANS = 100
"""Of time on the CPU that a picture shows at most: a run that others held up has one for each look."""

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


class Run(Protocol):
    """What there is to draw of one run, in seconds from its beginning: a Sample, or a simulated run."""

    @property
    def wall(self) -> float: ...
    @property
    def cpu(self) -> float: ...
    @property
    def connections(self) -> Sequence[Mapping[str, float | None]]: ...
    @property
    def busy(self) -> Sequence[tuple[float, float, float]]: ...


def panels(title: str, kind: str, description: str, shown: Sequence[tuple[str, Run, float]]) -> Html:
    """A picture of several runs on one axis, one below the other; each has a name, and a height for its rows.

    `kind` is what the names are names of, for the table behind the picture.
    """
    runs = [run for _, run, _ in shown]
    latest, bottom = max(map(end, runs)), sum(ABOVE + height + BELOW for *_, height in shown)
    scale = svg.linear(0, latest, 0, svg.WIDTH)
    drawn: list[Html] = [*grid(scale, latest, bottom)]
    top = 0.0
    for name, run, height in shown:
        pitch = height / max(len(run.connections), 1)
        top += ABOVE
        drawn += [
            svg.text(name, 0, top - 5, "name"),
            element("g", *rows(run, scale, top, pitch), **({"class_": "wide"} if pitch >= ROW else {})),
            *load(runs, run, scale, top + height + 10, 9),
        ]
        top += height + BELOW
    return svg.picture(
        title,
        description,
        bottom,
        drawn,
        [kind, "最早发起连接 / 秒", "最晚关闭连接 / 秒", "墙钟 / 秒", "CPU / 秒"],
        [[name, *map(words.cell, (*outermost(run), run.wall, run.cpu))] for name, run, _ in shown],
        legend(runs),
        svg.axis(scale, latest),
    )


def moments(run: Run, moment: str) -> list[float]:
    """When each connection of a run came to that moment, of those that did."""
    return [at for connection in run.connections if (at := connection[moment]) is not None]


def outermost(run: Run) -> tuple[float | None, float | None]:
    """When the first connection was begun, and the last one closed."""
    return min(moments(run, "syn"), default=None), max(moments(run, "closed"), default=None)


def end(run: Run) -> float:
    """Where the time axis of a run has to reach, in seconds; without distance, a run may take none at all."""
    return max([run.wall, *(at for moment in MOMENTS for at in moments(run, moment))]) or 1.0


def rows(run: Run, scale: Scale, top: float, pitch: float) -> Iterator[Html]:
    """A row for each connection: a thin line as long as it is open, and on it a stroke for each phase."""
    for kind, _, begin, last in reversed(PHASES):
        yield svg.strokes(
            kind,
            (
                (scale(first), scale(end), top + pitch * (row + 0.5))
                for row, connection in enumerate(run.connections)
                if (first := connection[begin]) is not None and (end := connection[last]) is not None
            ),
        )


def load(shown: Iterable[Run], run: Run, scale: Scale, base: float, height: float) -> Iterator[Html]:
    """How many cores a run used at each moment; `height` is for as many as any of those shown did."""
    if not run.busy:
        return
    most = cores(shown)
    path = "".join(
        f"M{svg.place(scale(begin))} {svg.place(base)}v{svg.place(-min(used / most, 1) * height)}"
        f"h{svg.place(max(scale(last) - scale(begin), 0.5))}V{svg.place(base)}z"
        for begin, last, used in spans(run)
    )
    yield element("path", class_="load", d=path)
    yield svg.line(0, base, svg.WIDTH, base)


def spans(run: Run) -> list[tuple[float, float, float]]:
    """When a run used how many cores, from and to in seconds: means of no more parts than are shown."""
    width = (run.busy[-1][1] if run.busy else 0) / SPANS

    def mean(part: list[tuple[float, float, float]]) -> tuple[float, float, float]:
        begin, last = part[0][0], part[-1][1]
        return begin, last, sum((to - since) * used for since, to, used in part) / (last - begin)

    if len(run.busy) <= SPANS:
        return list(run.busy)
    return [mean(list(part)) for _, part in groupby(run.busy, lambda span: span[0] // width)]


def cores(shown: Iterable[Run]) -> int:
    """How many cores any of those used at most, as far as the kernel tells; 0 where it does not."""
    return max((ceil(max(1, used - TICK)) for each in shown for _, _, used in each.busy), default=0)


def legend(shown: Iterable[Run]) -> list[tuple[str, str]]:
    """What the strokes of each phase look like, and the CPU where it is known."""
    most = cores(shown)
    cpu = "占用 CPU" if most == 1 else f"占用 CPU（画满是 {most} 个核心）"
    return [*((f"{kind} key", name) for kind, name, *_ in PHASES), *([("load key", cpu)] if most else [])]


def grid(scale: Scale, latest: float, bottom: float) -> Iterator[Html]:
    """Lines at round seconds, down to the bottom."""
    for at in svg.steps(latest, svg.MARKS):
        yield svg.line(scale(at), 0, scale(at), bottom)
