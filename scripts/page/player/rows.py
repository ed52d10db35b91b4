"""The rows of a player, whose places are fixed, so that nothing moves but the marks: which row means what."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from scripts.page.html import Html, prose
from scripts.page.player.listing import Line
from scripts.page.player.sentences import EVENTS
from scripts.simulator.recording import LISTS, Item, Place, Recording

ROW, GAP, LANE, LEFT = 20, 10, 11, 34
"""Pixels: the height of a row, and of one that stands for lines left out; the width of a page's lane, and
what the line numbers take before them."""
HEADS = {
    "watched": "内核替它看着（selector）",
    "handed": "select() 交回来的，还没轮到",
    "queue": "就绪队列",
    "timers": "定时器",
}


@dataclass
class Rows:
    """What each row is called, in their order, and where lines, trays and things in hand are among them."""

    labels: list[Html] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    lines: dict[int, int] = field(default_factory=dict)
    items: dict[str, dict[str, int]] = field(default_factory=dict)
    bottom: int = 0
    """The row of pages that are done."""

    @property
    def heights(self) -> list[int]:
        """How high each row is."""
        return [GAP if kind == "gap" else ROW for kind in self.kinds]

    @property
    def middles(self) -> list[int]:
        """How far down the middle of each row is."""
        heights = self.heights
        return [bottom - height // 2 for bottom, height in zip(accumulate(heights), heights, strict=True)]

    @classmethod
    def of(cls, listing: Iterable[Line], recording: Recording) -> "Rows":
        """Trays above and below the listing, and below them a row for each kind of thing in hand."""
        rows = cls()
        rows.add("tray", Html("还没开始"))
        for line in listing:
            if line.number is not None:
                rows.lines[line.number] = len(rows.labels)
            rows.add("line" if line.number else "gap", line.code, line.number)
        rows.bottom = rows.add("tray", Html("完成了"))
        for name in LISTS:
            found = dict.fromkeys(
                (key(item), label(item)) for step in recording.steps for item in getattr(step, name)
            )
            if found:
                rows.add("head", Html(HEADS[name]))
                rows.items[name] = {each: rows.add("item", told) for each, told in found}
        return rows

    def add(self, kind: str, label: Html, number: int | None = None) -> int:
        """One row more; returns its place."""
        self.kinds.append(kind)
        self.labels.append(label)
        self.numbers.append(number)
        return len(self.labels) - 1

    def of_place(self, place: Place) -> int:
        """The row of a page that has no frame: of what will be called for it, or a tray."""
        if place.state in ("done", "failed"):
            return self.bottom
        return self.lines[place.lines[-1]] if place.lines else 0

    def of_item(self, name: str, item: Item) -> int:
        """The row of a thing in hand, in the list of that name."""
        return self.items[name][key(item)]


def key(item: Item) -> str:
    """What all things of one row have in common."""
    return f"{item.event or ''}:{item.call}"


def label(item: Item) -> Html:
    """What that row says."""
    when = f"{EVENTS[item.event]}时" if item.event else "叫" if item.at is None else "到时"
    return prose(f"{when} `{item.call}`")
