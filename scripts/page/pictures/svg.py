"""What every picture is made of: SVG in the page itself, with its numbers in a table behind it.

The elements bear classes and no colours: pictures.css gives them those of the page, light or dark.  So a
picture is a few kilobytes of text, drawn in a millisecond; importing a plotting library alone takes longer
than all of them.

A picture is as wide as its page, on a desk and in a hand: what is drawn is stretched, words keep their size.
"""

from collections.abc import Callable, Iterable, Sequence
from math import ceil, floor, log10
from zlib import crc32

from scripts.page import tables
from scripts.page.html import Html, element

WIDTH = 720
"""Units across, each about a pixel on a desk; down, each is one everywhere."""
MARKS = 6
"""Round numbers along an axis, at most, beside 0: so many a phone has room for."""
SHORTEST = 2
"""Units of a stroke that can still be seen."""
Scale = Callable[[float], float]
"""From a value to a place along an axis."""
Keys = Iterable[tuple[str, str]]
"""Classes of strokes, and what each of them means."""


class Words(Html):
    """Words in a picture."""

    __slots__ = ()


def text(words: str, x: float, y: float, kind: str = "label") -> Words:
    """Words that begin at x, on the base line y."""
    return Words(element("text", words, class_=kind, x=f"{place(x / WIDTH * 100)}%", y=place(y)))


def line(x: float, y: float, to_x: float, to_y: float, kind: str = "grid") -> Html:
    """A straight line."""
    return element("path", class_=kind, d=f"M{place(x)} {place(y)}L{place(to_x)} {place(to_y)}")


def strokes(kind: str, spans: Iterable[tuple[float, float, float]]) -> Html:
    """Horizontal strokes, each from x to x at y, as one path; none is too short to be seen."""
    path = "".join(f"M{place(x)} {place(y)}h{place(max(to_x - x, SHORTEST))}" for x, to_x, y in spans)
    return element("path", class_=kind, d=path) if path else Html()


def legend(keys: Keys) -> Html:
    """What strokes of each class mean."""
    return element(
        "p", *(element("span", swatch(kind), name) for kind, name in keys), class_="picture__legend"
    )


def swatch(kind: str) -> Html:
    """A stroke of that class, as it stands beside its meaning."""
    return element("svg", element("path", class_=kind, d="M0 6h18"), width=18, height=12, aria_hidden="true")


def polyline(kind: str, places: Iterable[tuple[float, float]]) -> Html:
    """Straight lines from each of those places to the next."""
    return element("path", class_=kind, d=f"M{'L'.join(f'{place(x)} {place(y)}' for x, y in places)}")


def dots(kind: str, places: Iterable[tuple[float, float]]) -> Html:
    """A dot at each of those places."""
    return element("path", class_=f"{kind} dots", d="".join(f"M{place(x)} {place(y)}h0" for x, y in places))


def place(coordinate: float) -> str:
    """A coordinate to a tenth of a unit."""
    return f"{round(coordinate, 1):g}"


def linear(low: float, high: float, begin: float, end: float) -> Scale:
    """The scale on which `low` is at `begin` and `high` at `end`."""
    return lambda value: begin + (value - low) / (high - low) * (end - begin)


def logarithmic(low: float, high: float, begin: float, end: float) -> Scale:
    """The scale on which `low` is at `begin`, `high` at `end`, and equal ratios at equal distances."""
    scale = linear(log10(low), log10(high), begin, end)
    return lambda value: scale(log10(value))


def decades(values: Sequence[float]) -> list[float]:
    """Powers of ten, from one below all values to one above."""
    first, last = floor(log10(min(values))), ceil(log10(max(values)))
    return [10.0**power for power in range(first, max(last, first + 1) + 1)]


def steps(high: float, most: int) -> list[float]:
    """Round numbers from 0 to `high`, in equal steps, at most so many of them beside 0."""
    unit = 10.0 ** floor(log10(high / most))
    step = next(unit * factor for factor in (1, 2, 5, 10) if high / (unit * factor) <= most)
    return [step * number for number in range(floor(high / step) + 1)]


def axis(scale: Scale, latest: float) -> list[Words]:
    """Round seconds along the top of a picture; those at its ends stay within it."""
    return [
        text(f"{at:g}" if at else "0 秒", scale(at), 12, f"label {_anchor(scale(at))}".strip())
        for at in steps(latest, MARKS)
    ]


def _anchor(x: float) -> str:
    return "" if x < WIDTH / 24 else "end" if x > WIDTH * 23 / 24 else "middle"


def picture(
    title: str,
    description: str,
    height: float,
    drawing: Iterable[Html],
    columns: Sequence[str],
    rows: tables.Rows,
    keys: Keys = (),
    marks: Iterable[Words] = (),
) -> Html:
    """The picture as it stands in a page: caption, legend, drawing, and the table of its numbers.

    The `marks` of its axis stay in sight above it while it is scrolled.  The identifiers follow from what is
    drawn, so that two pictures in one page have different ones.
    """
    pieces = list(drawing)
    words = [piece for piece in pieces if isinstance(piece, Words)]
    strokes = [piece for piece in pieces if not isinstance(piece, Words)]
    drawn = element(
        "svg", *strokes, viewBox=f"0 0 {WIDTH} {place(height)}", preserveAspectRatio="none",
        width="100%", height=place(height),
    ) + Html().join(words)  # fmt: skip
    name = f"picture-{crc32((title + description + drawn).encode()):08x}"
    svg = element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        drawn,
        xmlns="http://www.w3.org/2000/svg",
        height=place(height),
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )
    above = Html().join(marks)
    return element(
        "figure",
        element("figcaption", title),
        legend(keys) if keys else "",
        element("svg", above, class_="picture__axis", height=16, aria_hidden="true") if above else "",
        svg,
        element("details", element("summary", "图里的数"), tables.table(columns, rows)),
        class_="picture",
        data_search_exclude="",
    )
