"""Which page a frame, a callback or a socket is about: found by the values they hold, never by their names.

A *page* is one value of PATHS.  A frame of the program is about a page if a parameter or a free variable
holds that value, or if its first argument has it as an attribute.  An ordinary local says nothing: `for path
in paths` keeps the last of them for ever.

All of this only looks.  It calls nothing of the program, not even `__getattr__` or `__eq__`, and leaves
nothing behind: before Python 3.13 `f_locals` is a dict that the frame keeps, with all that is in it.
"""

import asyncio
import gc
import inspect
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from functools import partial
from inspect import CO_OPTIMIZED, CO_VARARGS, CO_VARKEYWORDS
from types import (
    AsyncGeneratorType,
    BuiltinMethodType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any, Literal, TypeAlias
from weakref import WeakKeyDictionary

from scripts.simulator.frames import FILENAME
from scripts.simulator.sockets import socket

DEEP = 8
"""Steps from a callback to the page that it is about: task, coroutine, callbacks of a future."""
MANY = 100
"""Items of a container that are looked at."""

Generator: TypeAlias = "CoroutineType[Any, Any, Any] | GeneratorType[Any, Any, Any]"
GENERATORS = (CoroutineType, GeneratorType)
WRAPPERS = ("coroutine_wrapper", "async_generator_asend", "async_generator_athrow", "anext_awaitable")
"""Types that Python puts between an `await` and what it awaits."""


class Pages:
    """The pages of a program, by number; `owners` has those of the descriptors that are known so far.

    `expected` are the bytes of the answer to each page that has been asked for, `received` those that came.

    Those of them that are among the `lanes`, and are names, stand for functions of the program.
    """

    def __init__(self, values: Iterable[object], lanes: Collection[object] = ()) -> None:
        self.values = [value for value in values if type(value) in (str, bytes, int)]
        names = {lane for lane in lanes if isinstance(lane, str) and lane.isidentifier()}
        numbers = {value: number for number, value in enumerate(self.values)}
        self._functions = {value: number for value, number in numbers.items() if value in names}
        self._numbers = {value: number for value, number in numbers.items() if value not in names}
        self.owners: dict[int, int] = {}
        self.expected: dict[int, int] = {}
        self.received: Counter[int] = Counter()

    def of_value(self, value: object) -> int | None:
        """The page whose value in PATHS this is, if it is one."""
        return self._numbers.get(value) if type(value) in (str, bytes, int) else None

    def of_frame(self, frame: FrameType) -> int | None:
        """The page that this frame of the program is about; None for any other frame."""
        code = frame.f_code
        names = parameters(code)
        if code.co_filename == FILENAME and code.co_name in self._functions:
            return self._functions[code.co_name]
        if code.co_filename != FILENAME or not (names or code.co_freevars):
            return None
        held = frame.f_locals
        page = first(self.of_value(held.get(name)) for name in (*names, *code.co_freevars))
        if page is None and names:
            page = first(map(self.of_value, attributes(held.get(names[0]))))
        forget(held, code)
        return page

    def of_frames(self, frames: Iterable[FrameType]) -> int | None:
        """The page that the first of these frames is about which is about any."""
        return first(map(self.of_frame, frames))

    def of_callback(self, callback: object, hubs: Collection[int]) -> int | None:
        """The page to which it leads: through what it is bound to, holds, closes over, awaits.

        The nearest counts, and none where two are equally near.  `hubs` are the ids of what leads everywhere.
        """
        seen, level = set(hubs), [callback]
        for _ in range(DEEP):
            if found := {page for each in level if (page := self._directly(each)) is not None}:
                return found.pop() if len(found) == 1 else None
            seen.update(map(id, level))
            level = [each for one in level for each in neighbours(one) if id(each) not in seen]
        return None

    def _directly(self, each: object) -> int | None:
        if isinstance(each, GENERATORS):
            return self.of_frames(chain(each))
        if isinstance(each, socket):
            return self.owners.get(each._descriptor)
        return self.of_value(each)


def first(pages: Iterable[int | None]) -> int | None:
    """The first page of these, some of which are none."""
    return next((page for page in pages if page is not None), None)


def parameters(code: CodeType) -> tuple[str, ...]:
    """The names of all its parameters."""
    stars = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + stars]


def forget(held: Any, code: CodeType) -> None:
    """Clear what `f_locals` of that code's frame gave, where the frame would keep it."""
    if type(held) is dict and code.co_flags & CO_OPTIMIZED:
        held.clear()


def attributes(thing: object) -> Iterator[object]:
    """The values of its attributes, without asking it."""
    with suppress(AttributeError):
        yield from list(object.__getattribute__(thing, "__dict__").values())
    for member in members(type(thing)):
        with suppress(AttributeError):  # not set yet
            yield member.__get__(thing)


def members(kind: type) -> tuple[MemberDescriptorType, ...]:
    """What the type has of `__slots__`, its bases' too."""
    if (known := _members.get(kind)) is None:
        found = (member for each in kind.__mro__ for member in list(vars(each).values()))
        known = _members[kind] = tuple(each for each in found if type(each) is MemberDescriptorType)
    return known


_members: WeakKeyDictionary[type, tuple[MemberDescriptorType, ...]] = WeakKeyDictionary()


def neighbours(thing: object) -> Iterator[object]:
    """What it holds, as far as a page may lie behind it."""
    match thing:
        case (
            type() | ModuleType() | asyncio.AbstractEventLoop() | FrameType() | str() | bytes() | int() | None
        ):
            pass
        case asyncio.Handle():
            yield thing._callback
            yield from thing._args or ()
        case MethodType() | BuiltinMethodType():
            yield thing.__self__
        case FunctionType():
            for cell in thing.__closure__ or ():
                with suppress(ValueError):  # empty still
                    yield cell.cell_contents
            yield from thing.__defaults__ or ()
        case partial():
            yield thing.func
            yield from thing.args
            yield from thing.keywords.values()
        case list() | tuple() | deque() | set() | frozenset():
            yield from list(thing)[:MANY]
        case dict():
            yield from list(thing.values())[:MANY]
        case asyncio.Future():
            if isinstance(thing, asyncio.Task):
                yield thing.get_coro()
            yield from thing._callbacks or ()
        case _:  # written in Python, or else in C, as what makes a task take its next step
            yield from list(attributes(thing)) or gc.get_referents(thing)


def chain(generator: object) -> Iterator[FrameType]:
    """The frames of a generator that is not running: its own, then of what it awaits, and so on."""
    below: object = generator
    while below is not None:
        if isinstance(below, CoroutineType):
            frame, below = below.cr_frame, below.cr_await
        elif isinstance(below, GeneratorType):
            frame, below = below.gi_frame, below.gi_yieldfrom
        elif isinstance(below, AsyncGeneratorType):
            frame, below = below.ag_frame, below.ag_await
        elif type(below).__name__ in WRAPPERS:
            kinds = (*GENERATORS, AsyncGeneratorType)
            inside = [each for each in gc.get_referents(below) if isinstance(each, kinds)]
            frame, below = None, inside[0] if inside else None
        else:
            return
        if frame:
            yield frame


def state_of(generator: Generator) -> Literal["created", "frame"] | None:
    """Whether it has not begun, or is suspended in a frame; None where it runs or is over."""
    if isinstance(generator, CoroutineType):
        state = inspect.getcoroutinestate(generator).removeprefix("CORO_")
    else:
        state = inspect.getgeneratorstate(generator).removeprefix("GEN_")
    return "created" if state == "CREATED" else "frame" if state == "SUSPENDED" else None


def function_of(callback: object) -> Callable[..., object] | None:
    """The Python function that a callback comes down to."""
    while True:
        match callback:
            case FunctionType():
                return callback
            case MethodType():
                callback = callback.__func__
            case partial():
                callback = callback.func
            case asyncio.Handle():
                callback = callback._callback
            case tuple() if callable_in(callback):
                callback = callable_in(callback)
            case _:
                return None


def waiting_for(thing: object) -> Callable[..., object] | None:
    """The first callback in a list that a thing holds, as a Future of the program does."""
    lists = (held for held in attributes(thing) if type(held) is list)
    return next((held[0] for held in lists if held and all(map(callable, held))), None)


def callable_in(row: tuple[object, ...]) -> object:
    """The first of them that can be called, or None."""
    return next((each for each in row if callable(each)), None)
