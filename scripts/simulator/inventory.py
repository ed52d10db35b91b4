"""What the kernel and the loops of a program have in hand: registrations, ready callbacks, timers.

A *loop* is what has a selector: asyncio's, or an object of the program that is a selector or holds one; or
it is a function under way.  Its ready queue are those of its lists and deques in which
there are callbacks that lead to pages; its timers those whose rows begin with a number, the time in seconds.
No name of the program plays a part.  Of a function, deques only: who goes through a list leaves it as it is.
"""

import asyncio
import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from selectors import EVENT_READ, SelectorKey
from types import FrameType
from typing import Any

from scripts.simulator.clock import nanoseconds
from scripts.simulator.frames import FILENAME
from scripts.simulator.pages import (
    GENERATORS,
    Generator,
    Pages,
    attributes,
    callable_in,
    forget,
    function_of,
    waiting_for,
)
from scripts.simulator.recording import Item
from scripts.simulator.selecting import DefaultSelector, SelectSelector

SELECTORS = (DefaultSelector, SelectSelector)


@dataclass
class Found:
    """What there is, of all that was made since the run began, in the order in which it was made."""

    generators: list[Generator] = field(default_factory=list)
    selectors: list[Any] = field(default_factory=list)
    loops: list[object] = field(default_factory=list)
    """Of asyncio and of the program."""


def search(kinds: dict[type, str | None]) -> Found:
    """Look through everything that the collector knows of; cheap where `gc.freeze` has put away the rest.

    `kinds` is what has been found out about types so far.
    """
    found = Found()
    for thing in gc.get_objects():
        kind = type(thing)
        try:
            interest = kinds[kind]
        except KeyError:
            interest = kinds[kind] = kind_of(kind)
        if interest is None:  # as are nearly all
            continue
        match interest:
            case "generator":
                found.generators.append(thing)
            case "asyncio":
                found.loops.append(thing)
            case "selector":
                found.selectors.append(thing)
                if kind.__module__ == "__main__":
                    found.loops.append(thing)
            case _ if any(isinstance(each, SELECTORS) for each in attributes(thing)):
                found.loops.append(thing)
    return found


def kind_of(kind: type) -> str | None:
    """What makes things of the type `kind` interesting, if anything does."""
    if kind in GENERATORS:
        return "generator"
    if kind.__module__ == "__main__" and not issubclass(kind, (type, *SELECTORS)):
        return "program"
    if issubclass(kind, SELECTORS):
        return "selector"
    return "asyncio" if issubclass(kind, asyncio.BaseEventLoop) else None


class Inventory:
    """What is in hand at one moment, page by page; `statement` gives the first line of a line's statement."""

    def __init__(
        self,
        pages: Pages,
        stack: Iterable[FrameType],
        statement: Callable[[int], int],
        kinds: dict[type, str | None],
    ) -> None:
        self._pages, self._statement = pages, statement
        self._found = found = search(kinds)
        self.generators = found.generators
        self._hubs = {id(each) for each in (*found.selectors, *found.loops)}
        self._frames = [frame for frame in stack if pages.of_frame(frame) is None]

    def watched(self) -> Iterator[Item]:
        """What the selectors are told to watch."""
        for selector in self._found.selectors:
            for key in list((selector._fd_to_key or {}).values()):
                yield from self.of_key(key)

    def of_key(self, key: SelectorKey) -> Iterator[Item]:
        """The registration, for each event that it waits for; of a page only."""
        ours = self.is_of_asyncio(key)
        for event, place in (EVENT_READ, 0), (EVENT_READ << 1, 1):
            if key.events & event:
                callback = key.data[place] if ours else key.data
                page = self._pages.owners.get(key.fd)
                if page is None:
                    page = self._pages.of_callback(callback, self._hubs)
                if page is not None:
                    yield self.item(page, callback, event="read" if event == EVENT_READ else "write")

    @staticmethod
    def is_of_asyncio(key: SelectorKey) -> bool:
        """Whether its data are two handles, to read and to write: its loop queues them at once."""
        handles = key.data if type(key.data) is tuple else (key.data,)
        return all(each is None or isinstance(each, asyncio.Handle) for each in handles)

    def item(self, page: int, callback: object, event: str | None = None) -> Item:
        """What will be called for a page, as a recording has it."""
        function = function_of(callback) or function_of(waiting_for(callback))
        code = function.__code__ if function else None
        line = self._statement(code.co_firstlineno) if code and code.co_filename == FILENAME else None
        return Item(page, name_of(callback), line, event)

    def queue(self) -> Iterator[Item]:
        """The callbacks that are ready, in their order."""
        for loop in self._found.loops:
            if isinstance(loop, asyncio.BaseEventLoop):
                yield from self._items(each for each in list(vars(loop)["_ready"]) if not each._cancelled)
        for rows in self._rows():
            if all(map(is_callback, rows)):
                yield from self._items(rows)

    def timers(self) -> Iterator[Item]:
        """The callbacks that have a time, the earliest first."""
        found = []
        for loop in self._found.loops:
            if isinstance(loop, asyncio.BaseEventLoop):
                due = [(each._when, each) for each in list(vars(loop)["_scheduled"]) if not each._cancelled]
                found += self._timed(due)
        for rows in self._rows():
            if all(
                type(row) is tuple and row and type(row[0]) in (int, float) and is_callback(row)
                for row in rows
            ):
                found += self._timed((row[0], row[1:]) for row in rows if isinstance(row, tuple))
        return iter(sorted(found, key=lambda item: (item.at, item.page)))

    def _timed(self, rows: Iterable[tuple[float, object]]) -> Iterator[Item]:
        for when, callback in rows:
            for item in self._items([callback]):
                yield item._replace(at=nanoseconds(when))

    def _items(self, callbacks: Iterable[object]) -> Iterator[Item]:
        for callback in callbacks:
            if (page := self._pages.of_callback(callback, self._hubs)) is not None:
                yield self.item(page, callback)

    def _rows(self) -> Iterator[Any]:
        """The lists and deques of the program's loops, as far as there is something in them."""
        for loop in self._found.loops:
            if not isinstance(loop, asyncio.BaseEventLoop):
                for value in attributes(loop):
                    if type(value) in (list, deque) and value:
                        yield value
        for frame in self._frames:
            held = frame.f_locals
            values = list(held.values())
            forget(held, frame.f_code)
            yield from (each for each in values if type(each) is deque and each)


def is_callback(row: object) -> bool:
    """Whether it can be called, or is a row with something in it that can."""
    return callable(row) or (type(row) is tuple and callable_in(row) is not None)


def name_of(callback: object) -> str:
    """What the callback is called, in the words of the program or of the library that made it."""
    if function := function_of(callback):
        return function.__qualname__.rpartition("<locals>.")[2]
    while not isinstance(callback, asyncio.Handle) and isinstance(callback, tuple) and callback:
        callback = callable_in(callback)
    inner = callback._callback if isinstance(callback, asyncio.Handle) else callback
    name = getattr(type(inner), "__name__", "")
    if name == "TaskStepMethWrapper":
        return "Task.step"
    if name == "TaskWakeupMethWrapper" or getattr(inner, "__name__", "") == "task_wakeup":
        return "Task.wakeup"
    return str(getattr(inner, "__qualname__", name))
