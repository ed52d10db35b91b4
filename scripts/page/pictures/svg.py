"""What every picture is made of: SVG in the page itself, with its numbers in a table behind it.

The elements bear classes and no colours: pictures.css gives them those of the page, light or dark.  So a
picture is a few kilobytes of text, drawn in a millisecond; importing a plotting library alone takes longer
than all of them.
"""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from math import ceil, floor, log10
from zlib import crc32

WIDTH = 720
"""Units across, each about a pixel where the page is wide enough."""
Scale = Callable[[float], float]
"""From a value to a place along an axis."""


def element(name: str, *content: str, **attributes: object) -> str:
    """One element around markup; an underscore in an attribute's name stands for a hyphen."""
    given = "".join(f' {key.strip("_").replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f"<{name}{given}>{''.join(content)}</{name}>"


def text(words: str, x: float, y: float, kind: str = "label") -> str:
    """Words at that place, on that base line."""
    return element("text", escape(words), class_=kind, x=place(x), y=place(y))


def line(x: float, y: float, to_x: float, to_y: float, kind: str = "grid") -> str:
    """A straight line."""
    return element("path", class_=kind, d=f"M{place(x)} {place(y)}L{place(to_x)} {place(to_y)}")


def strokes(kind: str, spans: Iterable[tuple[float, float, float]], shortest: float = 1.5) -> str:
    """Horizontal strokes, each from x to x at y, as one path; none is too short to be seen."""
    path = "".join(f"M{place(x)} {place(y)}h{place(max(to_x - x, shortest))}" for x, to_x, y in spans)
    return element("path", class_=kind, d=path) if path else ""


def place(coordinate: float) -> str:
    """A coordinate to a tenth of a unit."""
    return f"{round(coordinate, 1):g}"


def linear(low: float, high: float, begin: float, end: float) -> Scale:
    """The scale on which `low` is at `begin` and `high` at `end`."""
    return lambda value: begin + (value - low) / (high - low) * (end - begin)


def logarithmic(low: float, high: float, begin: float, end: float) -> Scale:
    """The same, with equal ratios at equal distances."""
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


def picture(
    title: str, description: str, height: float, drawing: Iterable[str], table: Sequence[Sequence[str]]
) -> str:
    """The picture as it stands in a page: caption, drawing, table; the table's first row is its head.

    The identifiers follow from what is drawn, so that two pictures in one page have different ones.
    """
    drawn = "".join(drawing)
    name = f"picture-{crc32((title + description + drawn).encode()):08x}"
    svg = element(
        "svg",
        element("title", escape(title), id=f"{name}-title"),
        element("desc", escape(description), id=f"{name}-desc"),
        drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {place(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )
    return "\n".join([
        '<figure class="picture" data-search-exclude>',
        f"<figcaption>{escape(title)}</figcaption>",
        f'<div class="picture__scroll" tabindex="0" role="group" aria-label="{escape(title)}">{svg}</div>',
        f"<details><summary>图里的数</summary>{html_table(table)}</details>",
        "</figure>",
        "",
    ])  # fmt: skip


def html_table(rows: Sequence[Sequence[str]]) -> str:
    """A table; the first row is its head, and the first cell of any other names it."""
    head, *body = rows
    return element(
        "table",
        element("thead", html_row(element("th", escape(cell), scope="col") for cell in head)),
        element("tbody", *(
            html_row([
                element("th", escape(first), scope="row"), *(element("td", escape(cell)) for cell in cells)
            ]) for first, *cells in body
        )),
    )  # fmt: skip


def html_row(cells: Iterable[str]) -> str:
    """A row of that markup."""
    return element("tr", *cells)
