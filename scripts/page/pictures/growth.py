"""How something grows, on logarithmic axes."""

from collections.abc import Mapping, Sequence

from scripts.page.failures import NoSuchThing
from scripts.page.html import Html
from scripts.page.pictures import svg

LEFT, RIGHT, TOP, BOTTOM = 64, svg.WIDTH - 24, 36, 300
HEIGHT = BOTTOM + 42
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
    latest = sorted(places, key=lambda name: places[name][-1][1])
    return svg.picture(
        title,
        description,
        HEIGHT,
        [
            *(svg.line(0, y_scale(y), svg.WIDTH, y_scale(y)) for y in y_decades),
            *(svg.polyline(kinds[name], line) for name, line in places.items()),
            *(svg.dots(kinds[name], line) for name, line in places.items() if name != computed),
            *(svg.text(round_number(y), 0, y_scale(y) - 4) for y in y_decades),
            *(svg.text(round_number(x), x_scale(x), BOTTOM + 16, "label middle") for x in x_decades),
            svg.text(ylabel, 0, 12),
            svg.text(xlabel, (LEFT + RIGHT) / 2, BOTTOM + 36, "label middle"),
        ],
        [xlabel, *series],
        [[round_number(x), *(cell(ys.get(x)) for ys in series.values())] for x in xs],
        [(kinds[name], name) for name in latest],
    )


def points_of(name: str, ys: Mapping[float, float | None]) -> Points:
    """The points that there are, from left to right; raises NoSuchThing for one beyond the axes."""
    points = sorted((x, y) for x, y in ys.items() if y is not None)
    for x, y in points:
        if x <= 0 or y <= 0:
            raise NoSuchThing(f"{name!r} has the point ({x:g}, {y:g}): logarithmic axes begin above 0")
    return points


def round_number(value: float) -> str:
    """A number on an axis, or in the first column of the table."""
    return f"{value:,.10g}"


def cell(value: float | None) -> str:
    """A measured number in the table, or a dash."""
    return "–" if value is None else f"{value:,.4g}"
