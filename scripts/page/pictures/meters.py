"""The two meters of every case, side by side."""

from collections.abc import Iterator, Mapping
from itertools import count

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
    """Wall time and CPU time of each case, as bars on one scale; raises what `current.get` raises."""
    records = {case.title: current.get(case.name) for case in CASES}
    shown = {title: (record.median("wall"), record.median("cpu")) for title, record in records.items()}
    longest, slowest = max(map(max, shown.values())), max(shown, key=shown.__getitem__)
    scale, bottom = svg.linear(0, longest, LEFT, RIGHT), TOP + ROW * len(shown)
    return svg.picture(
        "两只表：墙钟与 CPU",
        f"每种写法两根横条，上面是墙钟，下面是 CPU。"
        f"墙钟最长的是{slowest}，{words.seconds(shown[slowest][0])}。",
        bottom + 4,
        [
            *svg.legend([(metric, name) for metric, name, _ in METERS], LEFT, 80),
            *(svg.line(scale(at), TOP - 4, scale(at), bottom) for at in svg.steps(longest, 8)),
            *rows(shown, scale),
        ],
        ["程序", "墙钟 / 秒", "CPU / 秒"],
        [[title, *map(words.cell, seconds)] for title, seconds in shown.items()],
    )


def rows(shown: Mapping[str, tuple[float, float]], scale: Scale) -> Iterator[Html]:
    """The name of each case and its two bars, each with its time."""
    for top, (title, seconds) in zip(count(TOP, ROW), shown.items(), strict=False):
        yield svg.text(title, LEFT - 10, top + 23, "label end")
        for value, (metric, _, down) in zip(seconds, METERS, strict=True):
            yield svg.strokes(metric, [(LEFT, scale(value), top + down)])
            yield svg.text(words.seconds(value), scale(value) + 6, top + down + 4)
