"""How something changed from one release of Python to the next."""

from collections.abc import Collection, Iterator, Mapping

from scripts.page import words
from scripts.page.html import Html
from scripts.page.pictures import svg
from scripts.page.pictures.growth import COLOURS, LEFT, RIGHT, TOP
from scripts.stages import version

BOTTOM = 260
STEPS = 6
"""Lines across, at most."""


def year(python: str) -> int:
    """In which year that version of Python came out: one each October since 3.8 in 2019 (PEP 602)."""
    return 2011 + version(python)[1]


def years(
    title: str, description: str, ratios: Mapping[str, Mapping[str, float]], breaks: Collection[str]
) -> Html:
    """A line for each series over the years of the releases: ratios by Python, 1 where nothing changed.

    A dashed line parts those of `breaks` from the ones before them.
    """
    pythons = list(dict.fromkeys(python for points in ratios.values() for python in points))
    across = svg.linear(year(pythons[0]), max(year(pythons[-1]), year(pythons[0]) + 1), LEFT, RIGHT)
    most = max(ratio for points in ratios.values() for ratio in points.values())
    marks = svg.steps(most * 1.1, STEPS)
    up = svg.linear(0, most * 1.1, BOTTOM, TOP)
    places = {
        name: [(across(year(python)), up(ratio)) for python, ratio in points.items()]
        for name, points in ratios.items()
    }
    gap = (across(1) - across(0)) / 2
    kinds = {name: f"series series-{number % COLOURS + 1}" for number, name in enumerate(ratios)}
    latest = sorted(places, key=lambda name: places[name][-1][1])
    return svg.picture(
        title,
        description,
        BOTTOM + 40,
        [
            *(svg.line(0, up(mark), svg.WIDTH, up(mark)) for mark in marks),
            *(svg.text(f"{mark:g}", 0, up(mark) - 4) for mark in marks),
            svg.text(f"× {pythons[0]}", 0, 12),
            *(
                piece
                for python in pythons
                if python in breaks
                for piece in broken(across(year(python)) - gap)
            ),
            *(piece for python in pythons for piece in release(python, across(year(python)))),
            *(svg.polyline(kinds[name], line) for name, line in places.items()),
            *(svg.dots(kinds[name], line) for name, line in places.items()),
        ],
        ["什么", *pythons],
        [
            [name, *(words.digits(points[python]) if python in points else "–" for python in pythons)]
            for name, points in ratios.items()
        ],
        [(kinds[name], name) for name in latest],
    )


def broken(x: float) -> Iterator[Html]:
    """What parts two releases that another compiler built."""
    yield svg.line(x, TOP, x, BOTTOM, "grid dashed")
    yield svg.text("换了编译器", x, TOP - 6, "label middle")


def release(python: str, x: float) -> Iterator[Html]:
    """The version below the axis, and its year."""
    yield svg.text(python, x, BOTTOM + 18, "label middle")
    yield svg.text(str(year(python)), x, BOTTOM + 34, "label middle")
