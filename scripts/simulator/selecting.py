"""Stand-ins for `select` and `selectors`: waiting for many sockets at once."""

import selectors as real_selectors
from collections.abc import Callable, Iterable
from select import error
from selectors import EVENT_READ, EVENT_WRITE, SelectorKey
from types import ModuleType
from typing import Protocol, TypeVar

from scripts.simulator.clock import nanoseconds
from scripts.simulator.machine import File, current

T = TypeVar("T")


class HasDescriptor(Protocol):
    def fileno(self) -> int: ...


Source = int | HasDescriptor
Ready = tuple[list[Source], list[Source], list[Source]]


def select(
    rlist: Iterable[Source], wlist: Iterable[Source], xlist: object, timeout: float | None = None, /
) -> Ready:
    """Those that can be read, and those that can be written to; see select(2).

    The exceptional condition never comes.  `timeout` in seconds.  Raises OSError for what is not open.
    """
    machine = current()
    readers = [(each, machine.file(descriptor(each))) for each in rlist]
    writers = [(each, machine.file(descriptor(each))) for each in wlist]

    def ready() -> Ready | None:
        readable = [each for each, file in readers if file.readable()]
        writable = [each for each, file in writers if file.writable()]
        return (readable, writable, []) if readable or writable else None

    with machine.call("select") as call:
        found = wait([file for _, file in readers + writers], ready, timeout) or ([], [], [])
        call.result = len(found[0]) + len(found[1])
    return found


def descriptor(file: Source) -> int:
    return file if isinstance(file, int) else file.fileno()


def wait(files: list[File], ready: Callable[[], T], timeout: float | None) -> T:
    """Wait until `ready` returns something true, at most so many seconds; returns what it did."""
    machine = current()
    deadline = None if timeout is None else machine.clock.now + nanoseconds(max(timeout, 0))
    return machine.wait(files, ready, deadline, "select()")


class Registry(real_selectors._BaseSelectorImpl):
    """What every selector is told to watch."""

    _fd_to_key: dict[int, SelectorKey]

    def register(self, fileobj: Source, events: int, data: object = None) -> SelectorKey:
        with current().call("register", descriptor(fileobj)):
            return super().register(fileobj, events, data)

    def unregister(self, fileobj: Source) -> SelectorKey:
        with current().call("unregister", self._descriptor(fileobj)):
            return super().unregister(fileobj)

    def modify(self, fileobj: Source, events: int, data: object = None) -> SelectorKey:
        with current().call("modify", self._descriptor(fileobj)):
            return super().modify(fileobj, events, data)

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        with current().call("select") as call:
            call.ready = found = self._ready(timeout)
            call.result = len(found)
        return found

    def _ready(self, timeout: float | None) -> list[tuple[SelectorKey, int]]:
        raise NotImplementedError

    def _descriptor(self, fileobj: Source) -> int | None:
        """Of what may have been closed since; None for what is not registered."""
        return next((fd for fd, key in self._fd_to_key.items() if fileobj in (fd, key.fileobj)), None)


class SelectSelector(Registry, real_selectors.SelectSelector):
    _select = staticmethod(select)

    def _ready(self, timeout: float | None) -> list[tuple[SelectorKey, int]]:
        return real_selectors.SelectSelector.select(self, timeout)


class DefaultSelector(Registry):
    """As epoll(7) has it, a descriptor that was closed is never ready; but time-outs are exact."""

    def _ready(self, timeout: float | None) -> list[tuple[SelectorKey, int]]:
        files = current().files
        watched = [(key, files[fd]) for fd, key in self._fd_to_key.items() if fd in files]

        def ready() -> list[tuple[SelectorKey, int]]:
            return [(key, events) for key, file in watched if (events := happened(key.events, file))]

        return wait([file for _, file in watched], ready, timeout)


def happened(events: int, file: File) -> int:
    """Those of the events that `file` is ready for."""
    readable = events & EVENT_READ and file.readable()
    writable = events & EVENT_WRITE and file.writable()
    return (EVENT_READ if readable else 0) | (EVENT_WRITE if writable else 0)


def select_module() -> ModuleType:
    made = ModuleType("select")
    made.__dict__.update(select=select, error=error)
    return made


def selectors_module() -> ModuleType:
    made = ModuleType("selectors")
    for name in ("EVENT_READ", "EVENT_WRITE", "BaseSelector", "SelectorKey"):
        setattr(made, name, getattr(real_selectors, name))
    made.__dict__.update(SelectSelector=SelectSelector, DefaultSelector=DefaultSelector)
    return made
