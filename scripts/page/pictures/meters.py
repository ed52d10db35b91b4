"""The two meters of every case, side by side."""

from collections.abc import Iterator

from scripts.measure import Record
from scripts.page import current, words
from scripts.page.html import Html
from scripts.page.pictures import svg
from scripts.page.pictures.svg import Scale
from scripts.page.vocabulary import block
from scripts.stages import CASES

LEFT, RIGHT = 150, 610
TOP, ROW = 40, 36
METERS = (("wall", "墙钟", 12), ("cpu", "CPU", 25))
"""Metric and class, name, and how far below the top of a row its bar is."""


@block
def bars() -> Html:
    """Wall time and CPU time of each case, as bars on one scale."""
    shown = [(case.title, current.get(case.name)) for case in CASES]
    longest = max(value for _, record in shown for value in meters(record))
    bottom = TOP + ROW * len(shown)
    scale = svg.linear(0, longest, LEFT, RIGHT)
    slow = max(shown, key=lambda entry: entry[1].median("wall"))
    return svg.picture(
        "两只表：墙钟与 CPU",
        f"每种写法两根横条，上面是墙钟，下面是 CPU。墙钟最长的是{slow[0]}，"
        f"{words.seconds(slow[1].median('wall'))}。",
        bottom + 4,
        [
            *svg.legend([(metric, name) for metric, name, _ in METERS], LEFT, 80),
            *axis(scale, longest, bottom),
            *(
                part
                for top, (title, record) in zip(range(TOP, bottom, ROW), shown, strict=True)
                for part in row(title, record, scale, top)
            ),
        ],
        ["程序", "墙钟 / 秒", "CPU / 秒"],
        [[title, *map(words.cell, meters(record))] for title, record in shown],
    )


def meters(record: Record) -> list[float]:
    """The median seconds of a record, by either meter."""
    return [record.median("wall"), record.median("cpu")]


def row(title: str, record: Record, scale: Scale, top: float) -> Iterator[Html]:
    """One case: its name and two bars, each with its time."""
    yield svg.text(title, LEFT - 10, top + 23, "label end")
    for value, (metric, _, down) in zip(meters(record), METERS, strict=True):
        yield svg.strokes(metric, [(LEFT, scale(value), top + down)])
        yield svg.text(words.seconds(value), scale(value) + 6, top + down + 4)


def axis(scale: Scale, longest: float, bottom: float) -> Iterator[Html]:
    """Lines at round seconds, which the bars' own numbers name."""
    for at in svg.steps(longest, 8):
        yield svg.line(scale(at), TOP - 4, scale(at), bottom)
