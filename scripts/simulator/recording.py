"""A recording of a run, as plain data: each call into the simulated system, and where each page stood then.

`Recording` is for Python: every step holds the whole of what was to be seen at it.  `Recording.plain` is for
JSON, as `recording.schema.json` beside this module describes it: a step tells only what has changed since the
one before, and what comes up again and again stands in a table, once.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, Literal, NamedTuple, TypeVar

Row = TypeVar("Row", bound=Hashable)

State = Literal["not begun", "created", "stack", "frame", "callback", "open", "done", "failed"]
"""What is kept of a page: nothing yet; a coroutine that has not begun; a stack of its own; suspended frames;
a function that will be called; an open descriptor, for which somebody will have to ask; nothing any more."""
Waits = Literal["cpu", "vain", "connect", "answer", "sleep", "turn", "other"]
"""For what it waits: it does not, it runs; it asks in vain; for the connection, the answer, a time; until it
is its turn; for something else."""
Result = int | str | bool | None

LISTS = ("watched", "handed", "queue", "timers")
"""What the kernel and a loop have in hand; see `Step`."""


class Place(NamedTuple):
    """Where a page stands: in which lines of the program, the outermost first."""

    state: State
    lines: tuple[int, ...] = ()
    waits: Waits | None = None


class Item(NamedTuple):
    """What will be called for a page: `call` is its name, `line` that of its `def` in the program, if there.

    `event` is "read" or "write" where the kernel watches for that; `at` when a timer is due, in ns.
    """

    page: int
    call: str
    line: int | None = None
    event: str | None = None
    at: int | None = None


@dataclass
class Step:
    """One call, or several that differ only in their results, by one actor; begin and end in ns.

    `result` is the bytes that went or came, the name of an error, what was printed; None for nothing.
    `stack` are the lines of the program that were under way, the outermost first.  `watched` is what the
    kernel watches, `handed` what `select()` gave back and nobody has looked at yet, `queue` the callbacks
    that are ready, `timers` those with a time.
    """

    actor: int
    call: str
    begin: int
    end: int
    stack: tuple[int, ...]
    page: int | None = None
    result: Result = None
    times: int = 1
    places: tuple[Place, ...] = ()
    watched: tuple[Item, ...] = ()
    handed: tuple[Item, ...] = ()
    queue: tuple[Item, ...] = ()
    timers: tuple[Item, ...] = ()


@dataclass
class Recording:
    """All steps of a run, in the order in which they began.

    `pages` are the values of PATHS, as texts; `actors` the names of the threads, the main one first;
    `statements` has the last line of each statement of the program that has several, by its first; `left_out`
    says why steps are missing: "pages" where there were too many to record any, "steps" where it broke off.
    """

    pages: list[str] = field(default_factory=list)
    actors: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    statements: dict[int, int] = field(default_factory=dict)
    left_out: Literal["pages", "steps"] | None = None

    def plain(self) -> dict[str, object]:
        """What `recording.schema.json` describes, made of lists, dicts, texts and numbers."""
        stacks: Table[tuple[int, ...]] = Table(list)
        places: Table[Place] = Table(lambda place: [place.state, list(place.lines), place.waits])
        items: Table[Item] = Table(trimmed)
        steps, before = [], Step(0, "", 0, 0, (), places=(Place("not begun"),) * len(self.pages))
        for step in self.steps:
            steps.append(self._changes(before, step, stacks, places, items))
            before = step
        return {
            "pages": self.pages,
            "actors": self.actors,
            "stacks": stacks.rows,
            "places": places.rows,
            "items": items.rows,
            "statements": {str(first): last for first, last in self.statements.items()},
            "left_out": self.left_out,
            "steps": steps,
        }

    @staticmethod
    def _changes(
        before: Step,
        step: Step,
        stacks: "Table[tuple[int, ...]]",
        places: "Table[Place]",
        items: "Table[Item]",
    ) -> dict[str, object]:
        told: dict[str, object] = {"call": step.call, "stack": stacks.number(step.stack)}
        passed = {"actor": step.actor, "after": step.begin - before.begin, "lasts": step.end - step.begin}
        told |= {name: value for name, value in passed.items() if value}
        told |= {"times": step.times} if step.times > 1 else {}
        told |= {name: value for name in ("page", "result") if (value := getattr(step, name)) is not None}
        if moved := [
            [page, places.number(now)]
            for page, (was, now) in enumerate(zip(before.places, step.places, strict=True))
            if was != now
        ]:
            told["places"] = moved
        for name in LISTS:
            if change := difference(getattr(before, name), getattr(step, name)):
                gone, come = change
                told[name] = [gone, [items.number(item) for item in come]]
        return told


class Table(Generic[Row]):
    """Rows that are written once, and meant by their numbers."""

    def __init__(self, plain: Callable[[Row], object]) -> None:
        self.rows: list[object] = []
        self._plain = plain
        self._numbers: dict[Row, int] = {}

    def number(self, row: Row) -> int:
        """Where the row stands in the table, from now on if it did not before."""
        if row not in self._numbers:
            self._numbers[row] = len(self.rows)
            self.rows.append(self._plain(row))
        return self._numbers[row]


def trimmed(row: Iterable[object]) -> list[object]:
    """The row without the Nones at its end."""
    cells = list(row)
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def difference(before: tuple[Item, ...], after: tuple[Item, ...]) -> tuple[list[int], list[Item]] | None:
    """What makes the one of the other: take away what stands at these places, then append those; or None."""
    if before == after:
        return None
    gone, kept = [], 0
    for place, item in enumerate(before):
        if kept < len(after) and after[kept] == item:
            kept += 1
        else:
            gone.append(place)
    return gone, list(after[kept:])
