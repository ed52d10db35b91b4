"""Where everything stands at one step, drawn on the rows of a player: its marks, as SVG.

player.js draws the same of any step: a class says what is kept of a page (a circle or a square, filled or
not) and for what it waits (the colour), and player.css does the rest.
"""

from collections.abc import Iterator

from scripts.page.html import Html, element
from scripts.page.player.rows import LANE, LEFT, Rows
from scripts.simulator.recording import LISTS, Place, Step


def marks(step: Step, rows: Rows) -> Iterator[Html]:
    """A mark for each page, its frames joined by a line, and one for each thing in hand."""
    for page, place in enumerate(step.places):
        yield element("g", *of_page(page, place, rows))
    for name in LISTS:
        for item in getattr(step, name):
            y = rows.middles[rows.of_item(name, item)]
            yield element("circle", class_=f"item {name}", cx=lane(item.page), cy=y, r=3)


def of_page(page: int, place: Place, rows: Rows) -> Iterator[Html]:
    """The mark stands in the outermost frame of the page, its inner frames hang on it."""
    kind = f"{place.state.replace(' ', '-')} {place.waits or ''}".strip()
    standing = [rows.lines[line] for line in place.lines] if place.state in ("stack", "frame") else []
    x, levels = lane(page), [rows.middles[row] for row in standing or [rows.of_place(place)]]
    if len(levels) > 1:
        yield element("path", class_=kind, d=f"M{x} {min(levels)}V{max(levels)}")
        yield from (element("circle", class_=kind, cx=x, cy=level, r=2) for level in levels[1:])
    yield element("rect", class_=kind, x=x - 4, y=levels[0] - 4, width=8, height=8)


def lane(page: int) -> int:
    """The middle of that page's lane."""
    return LEFT + LANE * page + LANE // 2
