"""Where each page stands at one moment: on a stack, in suspended frames, or in what will be called for it."""

from collections.abc import Callable, Iterable, Mapping
from types import FrameType
from typing import Literal

from scripts.simulator.frames import lines
from scripts.simulator.machine import Machine
from scripts.simulator.pages import Generator, Pages, chain, state_of
from scripts.simulator.recording import Item, Place, Step, Waits


class Places:
    """Where the pages of one run stand; `statement` gives the first line of a line's statement."""

    def __init__(self, machine: Machine, pages: Pages, statement: Callable[[int], int]) -> None:
        self._machine, self._pages, self._statement = machine, pages, statement
        self._lines: dict[int, tuple[int, ...]] = {}
        """Where each page has stood, the last time that it stood in a line."""

    def on_the_stack(self, frames: Iterable[FrameType], waits: Waits) -> dict[int, Place]:
        """The pages that these frames are about, the outermost first; the last of them waits for that."""
        stacks: dict[int, list[int]] = {}
        innermost = None
        for frame, line in lines(frames):
            page = self._pages.of_frame(frame)
            innermost = innermost if page is None else page
            if innermost is not None:
                stacks.setdefault(innermost, []).append(self._statement(line))
        return {
            page: Place("stack", tuple(lines), waits if page == innermost else "cpu")
            for page, lines in stacks.items()
        }

    def suspended(self, generators: Iterable[Generator]) -> dict[int, Place]:
        """The pages that stand in generators or coroutines; of one within another, the outer counts."""
        found: dict[int, Place] = {}
        below: set[int] = set()
        for generator in generators:
            state = state_of(generator)
            if state is None:
                continue
            frames = list(chain(generator))
            pages = list(map(self._pages.of_frame, frames))
            if not pages or pages[0] is None or id(frames[0]) in below:
                continue
            below.update(map(id, frames[1:]))
            stood = tuple(self._statement(line) for _, line in lines(frames))
            place = Place(
                state, stood if state == "frame" else (self._statement(frames[0].f_code.co_firstlineno),)
            )
            if len(place.lines) >= len(found.get(pages[0], place).lines):
                found[pages[0]] = place
        return found

    def all(self, step: Step, stood: Mapping[int, Place]) -> tuple[Place, ...]:
        """The place of every page at a step whose lists are filled in, of which these have frames."""
        called = {item.page: item for item in (*step.timers, *step.watched, *step.queue, *step.handed)}
        return tuple(
            self._of_page(page, step, stood.get(page) or self._elsewhere(page, called.get(page)))
            for page in range(len(self._pages.values))
        )

    def _of_page(self, page: int, step: Step, place: Place) -> Place:
        if not place.lines:
            return place
        self._lines[page] = place.lines
        return place if place.waits else place._replace(waits=self._waits(page, step))

    def _elsewhere(self, page: int, item: Item | None) -> Place:
        """Where a page stands that has no frame: `item` is what will be called for it, if anything."""
        if item and item.line:
            return Place("callback", (item.line,))
        if self._descriptors(page):
            return Place("open", self._lines.get(page, ()))
        return Place(self._fate(page))

    def _waits(self, page: int, step: Step) -> Waits:
        """What a page waits for that is not on a stack."""
        if any(item.page == page for item in (*step.queue, *step.handed)):
            return "turn"
        for descriptor in self._descriptors(page):
            if self._machine.files[descriptor].connecting:
                return "connect"
            return "answer" if page in self._pages.expected else "turn"
        return "sleep" if any(item.page == page for item in step.timers) else "other"

    def _descriptors(self, page: int) -> list[int]:
        owners, files = self._pages.owners, self._machine.files
        return [each for each, owner in owners.items() if owner == page and each in files]

    def _fate(self, page: int) -> Literal["not begun", "done", "failed"]:
        """Of a page that stands nowhere: the answer's last byte is the truth."""
        if page not in self._lines:
            return "not begun"
        if page not in self._pages.owners.values():
            return "done"
        complete = page in self._pages.expected and self._pages.received[page] >= self._pages.expected[page]
        return "done" if complete else "failed"
