"""How something grows, on logarithmic axes."""

from collections.abc import Iterator, Mapping, Sequence

from scripts.page.failures import NoSuchThing
from scripts.page.html import Html
from scripts.page.pictures import svg
from scripts.page.pictures.svg import Scale

LEFT, RIGHT, TOP, BOTTOM = 64, 620, 34, 300
HEIGHT = BOTTOM + 46
APART = 15
"""Units between the base lines of two labels, at least."""
COLOURS = 7
"""How many series pictures.css tells apart."""

Series = Mapping[str, Mapping[float, float | None]]


def curve(
    title: str, description: str, series: Series, xlabel: str, ylabel: str, dashed: Sequence[str] = ()
) -> Html:
    """Lines on log-log axes: `series` is {label: {x: y}}, where a y may be None and is not drawn then.

    All numbers are to be above 0; give them in a unit in which they are easily read.  Those series that are
    named in `dashed` are drawn so, as what was not measured.  Raises NoSuchThing for series that cannot be.
    """
    points = {label: told(label, ys) for label, ys in series.items()}
    if unknown := [label for label in dashed if label not in series]:
        raise NoSuchThing(f"no series is called {unknown[0]!r}: there are {', '.join(series)}")
    if len(points) > COLOURS:
        raise NoSuchThing(f"{len(points)} series in one picture: a reader can tell {COLOURS} apart")
    if not any(points.values()):
        raise NoSuchThing(f"{title!r}: there is no number to draw")
    drawn = {label: part for label, part in points.items() if part}
    xs = sorted({x for part in drawn.values() for x, _ in part})
    ys = [y for part in drawn.values() for _, y in part]
    x_decades, y_decades = svg.decades(xs), svg.decades(ys)
    x_scale = svg.logarithmic(x_decades[0], x_decades[-1], LEFT, RIGHT)
    y_scale = svg.logarithmic(y_decades[0], y_decades[-1], BOTTOM, TOP)
    return svg.picture(
        title,
        description,
        HEIGHT,
        [
            *(svg.line(LEFT, y_scale(y), RIGHT, y_scale(y)) for y in y_decades),
            *(svg.text(number(y), LEFT - 8, y_scale(y) + 4, "label end") for y in y_decades),
            *(svg.text(number(x), x_scale(x), BOTTOM + 18, "label middle") for x in x_decades),
            svg.text(ylabel, 0, TOP - 18),
            svg.text(xlabel, (LEFT + RIGHT) / 2, BOTTOM + 38, "label middle"),
            *lines(drawn, list(series), dashed, x_scale, y_scale),
            *labels(drawn, xs[-1], x_scale, y_scale),
        ],
        [xlabel, *series],
        [[number(x), *(cell(ys.get(x)) for ys in series.values())] for x in xs],
    )


Points = list[tuple[float, float]]


def told(label: str, ys: Mapping[float, float | None]) -> Points:
    """The points that there are, from left to right; raises NoSuchThing for one beyond the axes."""
    points = sorted((x, y) for x, y in ys.items() if y is not None)
    for x, y in points:
        if x <= 0 or y <= 0:
            raise NoSuchThing(f"{label!r} has the point ({x:g}, {y:g}): logarithmic axes begin above 0")
    return points


def lines(
    drawn: Mapping[str, Points], order: list[str], dashed: Sequence[str], x_scale: Scale, y_scale: Scale
) -> Iterator[Html]:
    """A line through the points of each series, and a dot on each point that was measured."""
    for label, points in drawn.items():
        places = [(x_scale(x), y_scale(y)) for x, y in points]
        is_dashed = label in dashed
        kind = f"series series-{order.index(label) + 1}{' dashed' if is_dashed else ''}"
        yield from svg.series(kind, places, dots=slice(0 if is_dashed else None))


def labels(drawn: Mapping[str, Points], last: float, x_scale: Scale, y_scale: Scale) -> Iterator[Html]:
    """The name of each series where it ends: on the right, or above its last point if it ends before."""
    lowest = HEIGHT
    for label, points in sorted(drawn.items(), key=lambda entry: entry[1][-1][1]):
        x, y = x_scale(points[-1][0]), y_scale(points[-1][1])
        if points[-1][0] < last:
            yield svg.text(label, x, y - 10, "label end name")
        else:
            lowest = min(y + 4, lowest - APART)
            yield svg.text(label, x + 10, lowest, "label name")


def number(value: float) -> str:
    """A number on an axis or in a table's first column."""
    return f"{value:,.10g}"


def cell(value: float | None) -> str:
    """A measured number in the table, or a dash."""
    return "–" if value is None else f"{value:,.4g}"
