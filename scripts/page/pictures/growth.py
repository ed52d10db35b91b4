"""How something grows, on logarithmic axes."""

from collections.abc import Iterator, Mapping, Sequence

from scripts.page.failures import NoSuchThing
from scripts.page.html import Html
from scripts.page.pictures import svg

LEFT, RIGHT, TOP, BOTTOM = 64, 620, 34, 300
HEIGHT = BOTTOM + 46
APART = 15
"""Units between the base lines of two names, at least."""
COLOURS = 7
"""How many series pictures.css tells apart."""
Series = Mapping[str, Mapping[float, float | None]]
"""Numbers y by numbers x, for each name; a y may be None and is not drawn then."""
Points = Sequence[tuple[float, float]]


def curve(
    title: str, description: str, series: Series, xlabel: str, ylabel: str, computed: str | None = None
) -> Html:
    """A line for each series on log-log axes; a dashed one for that which was `computed`, and not measured.

    All numbers are to be above 0; give them in a unit in which they are easily read.  Raises NoSuchThing for
    series that cannot be drawn.
    """
    points = {name: drawn for name, ys in series.items() if (drawn := points_of(name, ys))}
    if len(series) > COLOURS:
        raise NoSuchThing(f"{len(series)} series in one picture: a reader can tell {COLOURS} apart")
    if not points:
        raise NoSuchThing(f"{title!r}: there is no number to draw")
    xs = sorted({x for line in points.values() for x, _ in line})
    x_decades, y_decades = svg.decades(xs), svg.decades([y for line in points.values() for _, y in line])
    x_scale = svg.logarithmic(x_decades[0], x_decades[-1], LEFT, RIGHT)
    y_scale = svg.logarithmic(y_decades[0], y_decades[-1], BOTTOM, TOP)
    places = {name: [(x_scale(x), y_scale(y)) for x, y in line] for name, line in points.items()}
    kinds = {name: f"series series-{number}" for number, name in enumerate(series, 1)}
    if computed in kinds:
        kinds[computed] += " dashed"
    return svg.picture(
        title,
        description,
        HEIGHT,
        [
            *(svg.line(LEFT, y_scale(y), RIGHT, y_scale(y)) for y in y_decades),
            *(svg.text(round_number(y), LEFT - 8, y_scale(y) + 4, "label end") for y in y_decades),
            *(svg.text(round_number(x), x_scale(x), BOTTOM + 18, "label middle") for x in x_decades),
            svg.text(ylabel, 0, TOP - 18),
            svg.text(xlabel, (LEFT + RIGHT) / 2, BOTTOM + 38, "label middle"),
            *(svg.polyline(kinds[name], line) for name, line in places.items()),
            *(svg.dots(kinds[name], line) for name, line in places.items() if name != computed),
            *names(places),
        ],
        [xlabel, *series],
        [[round_number(x), *(cell(ys.get(x)) for ys in series.values())] for x in xs],
    )


def points_of(name: str, ys: Mapping[float, float | None]) -> Points:
    """The points that there are, from left to right; raises NoSuchThing for one beyond the axes."""
    points = sorted((x, y) for x, y in ys.items() if y is not None)
    for x, y in points:
        if x <= 0 or y <= 0:
            raise NoSuchThing(f"{name!r} has the point ({x:g}, {y:g}): logarithmic axes begin above 0")
    return points


def names(places: Mapping[str, Points]) -> Iterator[Html]:
    """The name of each series where it ends: on the right, or above its last point if it ends before."""
    lowest, farthest = float(HEIGHT), max(line[-1][0] for line in places.values())
    for name, line in sorted(places.items(), key=lambda entry: -entry[1][-1][1]):
        x, y = line[-1]
        if x < farthest:
            yield svg.text(name, x, y - 10, "label end name")
        else:
            lowest = min(y + 4, lowest - APART)
            yield svg.text(name, x + 10, lowest, "label name")


def round_number(value: float) -> str:
    """A number on an axis, or in the first column of the table."""
    return f"{value:,.10g}"


def cell(value: float | None) -> str:
    """A measured number in the table, or a dash."""
    return "–" if value is None else f"{value:,.4g}"
