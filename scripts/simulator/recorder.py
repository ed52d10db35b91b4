"""The recorder: notes each call of a program into the simulated system, and where each page stands then.

It hooks into the stand-ins' own methods, traces nothing and changes nothing, not a nanosecond: a run is the
same with it and without.  A call that takes time is noted as it was when the waiting began; one that takes
none as it is when it has been made.  What is asked in vain, again and again at the same place, is one step
that counts; so are neighbours that differ only in their results.
"""

import ast
import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from selectors import SelectorKey
from types import FrameType
from typing import Self

from scripts.lab.http import Request
from scripts.simulator.frames import first_lines, lines, of_program, program_under_way, where
from scripts.simulator.inventory import Inventory
from scripts.simulator.machine import UNOBSERVED, Call, Machine
from scripts.simulator.pages import Pages
from scripts.simulator.places import Places
from scripts.simulator.recording import Item, Recording, Result, Step, Waits

MOST_PAGES = 30
"""Beyond that no dot can be told from another, and looking for them takes quadratic time."""
MOST_STEPS = 1_000
VAIN = ("BlockingIOError", "EALREADY", "nothing")
"""Results of asking in vain."""
LOOK = "__look__"
"""What the recorder is called by in a program in which it looks line by line."""
WAITS: dict[str, Waits] = {"connect": "connect", "recv": "answer", "sleep": "sleep"}
"""What a call waits for, if it waits."""
REQUEST = re.compile(rb"[A-Z]+ \S+ HTTP/1\.[01]\r?\n")

Key = tuple[object, ...]


class Noted(Call):
    """A call of the program as it is under way."""

    def __init__(self, recorder: "Recorder", name: str, descriptor: int | None, payload: bytes) -> None:
        self.result: Result = None
        self.ready: list[tuple[SelectorKey, int]] | None = None
        self.name, self.descriptor, self.payload = name, descriptor, payload
        self.begin = 0
        self.step: Step | None = None
        self._recorder = recorder

    @property
    def waits(self) -> Waits:
        """For what it waits, if it waits."""
        return WAITS.get(self.name, "other")

    def __enter__(self) -> Self:
        self._recorder.begin(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind and self.result is None:
            self.result = kind.__name__
        self._recorder.end(self)


class Recorder:
    """Makes one `recording` of one run, whose pages are `lanes`, else the values of PATHS.

    Where it looks `by_line`, it notes each line of the functions that are lanes.
    """

    def __init__(self, source: str, lanes: Sequence[object] = (), by_line: bool = False) -> None:
        self.recording = Recording(actors=["main"])
        self._first_lines = first_lines(source)
        self.recording.statements = {first: last for last, first in self._first_lines.items()}
        self._lanes, self._pages, self._by_line = lanes, Pages(()), by_line
        self._handed: list[tuple[int, Item]] = []
        self._vain: dict[Key, Step] = {}
        self._kinds: dict[type, str | None] = {}
        self._under_way: dict[int, Noted] = {}
        self._actors = {0: 0}

    @contextmanager
    def listening(self, machine: Machine, program: dict[str, object]) -> Iterator[None]:
        """Inside, the machine's calls are noted; `program` are the names of the program that runs on it."""
        self._machine, self._program = machine, program
        if self._by_line:
            program[LOOK] = self._look_at_line
        machine.observer = self
        gc.freeze()  # so that looking for what the program made passes by all the rest
        try:
            yield
        finally:
            gc.unfreeze()
            machine.observer = None
            self._kinds.clear()

    def call(self, name: str, descriptor: int | None, payload: bytes) -> Call:
        """To be entered while the call is under way; of calls within others, the outermost counts."""
        under_way = self._machine.threads.current.number in self._under_way
        if under_way or not self._has_pages() or self.recording.left_out:
            return UNOBSERVED
        return Noted(self, name, descriptor, payload)

    def waits(self) -> None:
        """The call that is under way begins to wait."""
        call = self._under_way.get(self._machine.threads.current.number)
        if call and call.step is None:
            frames = program_under_way()
            call.step = self._step(call, frames)
            self._look(frames, call.step, call.waits)
            self._add(call.step)

    def begin(self, call: Noted) -> None:
        """The program has made this call."""
        self._under_way[self._machine.threads.current.number] = call
        call.begin = self._machine.clock.now
        if call.descriptor is not None:
            self._attend(call.descriptor)
            self._claim(call)

    def end(self, call: Noted) -> None:
        """The call has returned, or raised."""
        del self._under_way[self._machine.threads.current.number]
        if call.result in VAIN and call.step is None:
            self._ask_in_vain(call)
        else:
            self._vain.clear()
            frames = program_under_way()
            step = call.step or self._step(call, frames)
            step.end, step.result = self._machine.clock.now, call.result
            self._count(call)
            if call.ready is not None:
                self._hand_back(call)
            if not call.step:
                self._look(frames, step, "cpu")
                self._add(step)

    def finish(self, error: str | None) -> None:
        """The program has ended, with that error or none."""
        if self.recording.left_out != "pages" and self._has_pages():
            self._handed.clear()
            call = Noted(self, "exit", None, b"")
            call.begin, call.result = self._machine.clock.now, error
            step = self._step(call, [])
            step.result = error
            self._look([], step, "cpu")
            self.recording.steps.append(step)

    def _has_pages(self) -> bool:
        paths = self._lanes or self._program.get("PATHS")
        if not self._pages.values and isinstance(paths, list | tuple):
            self._pages = Pages(paths, self._lanes)
            self._places = Places(self._machine, self._pages, self._line)
            self.recording.pages = [str(path) for path in self._pages.values]
            if len(self._pages.values) > MOST_PAGES:
                self.recording.left_out = "pages"
        return bool(self._pages.values)

    def with_looks(self, program: ast.Module) -> ast.Module:
        """The program, in which a look goes before each statement in its lanes, if there are to be looks."""
        for function in ast.walk(program) if self._by_line else ():
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name in self._lanes:
                for node in ast.walk(function):
                    for name in "body", "orelse", "finalbody":
                        if isinstance(statements := getattr(node, name, None), list):
                            setattr(node, name, [each for one in statements for each in (look(one), one)])
        return program

    def _look_at_line(self) -> None:
        with self.call("line", None, b""):
            pass

    def _step(self, call: Noted, frames: list[FrameType]) -> Step:
        stack = tuple(self._line(line) for _, line in lines(frames))
        page = None if call.descriptor is None else self._pages.owners.get(call.descriptor)
        if page is None:
            page = self._pages.of_frames(reversed(frames))
        return Step(self._actor(), call.name, call.begin, self._machine.clock.now, stack, page)

    def _actor(self) -> int:
        thread = self._machine.threads.current
        if thread.number not in self._actors:
            self._actors[thread.number] = len(self.recording.actors)
            self.recording.actors.append(thread.name)
        return self._actors[thread.number]

    def _line(self, line: int) -> int:
        return self._first_lines.get(line, line)

    def _attend(self, descriptor: int) -> None:
        """Whoever turns to that descriptor has passed what was handed back before it."""
        numbers = [number for number, _ in self._handed]
        if descriptor in numbers:
            del self._handed[: numbers.index(descriptor) + 1]

    def _claim(self, call: Noted) -> None:
        """A descriptor is the page's whose frames connect it, or else the one's for which it asks."""
        descriptor, owners = call.descriptor, self._pages.owners
        if descriptor is None:
            return
        if call.name == "connect" and descriptor not in owners:
            page = self._pages.of_frames(reversed(program_under_way()))
            if page is not None:
                owners[descriptor] = page
        elif call.name == "send" and REQUEST.match(call.payload):
            request, _ = Request.take(call.payload)
            page = self._pages.of_value(request.path) if request else None
            if request and page is not None:
                owners[descriptor] = page
                head, body = request.answer(self._machine.network.body_size)
                self._pages.expected[page] = len(head) + len(body)

    def _count(self, call: Noted) -> None:
        if call.name == "recv" and call.descriptor in self._pages.owners and isinstance(call.result, int):
            self._pages.received[self._pages.owners[call.descriptor]] += call.result

    def _hand_back(self, call: Noted) -> None:
        inventory = Inventory(self._pages, (), self._line, self._kinds)
        self._handed = [
            (key.fd, item)
            for key, events in call.ready or ()
            if not inventory.is_of_asyncio(key)
            for item in inventory.of_key(key._replace(events=events))
        ]

    def _ask_in_vain(self, call: Noted) -> None:
        key = self._actor(), call.name, call.descriptor, *where()
        if (before := self._vain.get(key)) is None:
            frames = program_under_way()
            step = self._vain[key] = self._step(call, frames)
            step.result = call.result
            self._look(frames, step, "vain")
            self._add(step)
        else:
            before.times += 1
            before.end = self._machine.clock.now

    def _add(self, step: Step) -> None:
        steps = self.recording.steps
        if not step.stack:  # a worker of a pool, which waits for work
            return
        if steps and is_more_of(steps[-1], step):
            before = steps[-1]
            before.times += 1
            if isinstance(before.result, int) and isinstance(step.result, int):
                before.result += step.result
        elif len(steps) < MOST_STEPS:
            steps.append(step)
        else:
            self.recording.left_out = "steps"

    def _look(self, frames: list[FrameType], step: Step, waits: Waits) -> None:
        """Put down where everything stands now; `frames` are those of the thread that runs."""
        threads = self._machine.threads
        others = {
            thread.number: of_program(thread.frames)
            for thread in threads.strands
            if thread is not threads.current
        }
        under_way = [*frames, *(frame for each in others.values() for frame in each)]
        inventory = Inventory(self._pages, under_way, self._line, self._kinds)
        step.watched = tuple(inventory.watched())
        step.handed = tuple(item for _, item in self._handed)
        step.queue = tuple(inventory.queue())
        step.timers = tuple(inventory.timers())
        stood = self._places.suspended(inventory.generators) | self._places.on_the_stack(frames, waits)
        for number, asleep in others.items():
            call = self._under_way.get(number)
            stood |= self._places.on_the_stack(asleep, call.waits if call else "turn")
        step.places = self._places.all(step, stood)


def look(statement: ast.AST) -> ast.Expr:
    """A look that stands in that statement's line."""
    call = ast.copy_location(ast.Expr(ast.parse(f"{LOOK}()", mode="eval").body), statement)
    for node in ast.walk(call):
        ast.copy_location(node, statement)
    return call


def is_more_of(before: Step, step: Step) -> bool:
    """Whether the one is the other over again, at the same moment."""

    def sight(each: Step) -> Key:
        return (
            each.actor, each.call, each.end, each.stack, each.page, type(each.result), each.places,
            each.watched, each.handed, each.queue, each.timers,
        )  # fmt: skip

    return before.end == step.begin and step.begin == step.end and sight(before) == sight(step)
