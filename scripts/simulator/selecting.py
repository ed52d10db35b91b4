"""Stand-ins for `select` and `selectors`: waiting for many sockets at once."""

import selectors as real_selectors
from abc import abstractmethod
from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from itertools import count
from select import error
from selectors import EVENT_READ, EVENT_WRITE, SelectorKey
from types import ModuleType
from typing import Protocol, TypeVar

from scripts.simulator.clock import nanoseconds
from scripts.simulator.machine import File, current
from scripts.simulator.scheduler import Source

T = TypeVar("T")


class HasDescriptor(Protocol):
    def fileno(self) -> int: ...


FileLike = int | HasDescriptor
Ready = tuple[list[FileLike], list[FileLike], list[FileLike]]


def select(
    rlist: Iterable[FileLike], wlist: Iterable[FileLike], xlist: object, timeout: float | None = None, /
) -> Ready:
    """The files that can be read, those that can be written to, and no others; see select(2).

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


def descriptor(file: FileLike) -> int:
    """The number of a file that select(2) is given."""
    return file if isinstance(file, int) else file.fileno()


def wait(sources: Iterable[Source], ready: Callable[[], T], timeout: float | None) -> T:
    """Wait until `ready` returns something true, at most so many seconds; returns what it did."""
    machine = current()
    deadline = None if timeout is None else machine.clock.now + nanoseconds(max(timeout, 0))
    return machine.wait(sources, ready, deadline, "select()")


class Registry(real_selectors._BaseSelectorImpl):
    """What every selector is told to watch."""

    _fd_to_key: dict[int, SelectorKey]

    def register(self, fileobj: FileLike, events: int, data: object = None) -> SelectorKey:
        with current().call("register", descriptor(fileobj)):
            return super().register(fileobj, events, data)

    def unregister(self, fileobj: FileLike) -> SelectorKey:
        with current().call("unregister", self._descriptor(fileobj)):
            return super().unregister(fileobj)

    def modify(self, fileobj: FileLike, events: int, data: object = None) -> SelectorKey:
        with current().call("modify", self._descriptor(fileobj)):
            return super().modify(fileobj, events, data)

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        machine = current()
        with machine.call("select") as call:
            call.ready = found = self._wait(timeout)
            call.result = len(found)
            machine.spend("ready", len(found))
        return found

    @abstractmethod
    def _wait(self, timeout: float | None) -> list[tuple[SelectorKey, int]]:
        """The ready files and their events, waited for at most `timeout` seconds, without end if None."""

    def _descriptor(self, fileobj: FileLike) -> int | None:
        """The registered descriptor of a file that may be closed by now; None if it is not registered."""
        if not isinstance(fileobj, int) and (number := fileobj.fileno()) in self._fd_to_key:
            return number
        return next((fd for fd, key in self._fd_to_key.items() if fileobj in (fd, key.fileobj)), None)


class SelectSelector(Registry, real_selectors.SelectSelector):
    _select = staticmethod(select)

    def _wait(self, timeout: float | None) -> list[tuple[SelectorKey, int]]:
        return real_selectors.SelectSelector.select(self, timeout)


class DefaultSelector(Registry):
    """As epoll(7) has it: a descriptor that was closed is never ready, and who waits costs nothing.

    Only those are looked at that were ready the last time, or whose next change has come; but time-outs are
    exact.
    """

    def __init__(self) -> None:
        super().__init__()
        self._places = count()
        self._registered: dict[int, int] = {}
        self._to_look_at: set[int] = set()
        self._due: list[tuple[int, int]] = []

    def register(self, fileobj: FileLike, events: int, data: object = None) -> SelectorKey:
        key = super().register(fileobj, events, data)
        self._registered[key.fd] = next(self._places)
        self._watch(key.fd)
        return key

    def modify(self, fileobj: FileLike, events: int, data: object = None) -> SelectorKey:
        key = super().modify(fileobj, events, data)
        self._watch(key.fd)
        return key

    def unregister(self, fileobj: FileLike) -> SelectorKey:
        key = super().unregister(fileobj)
        if file := current().files.get(key.fd):
            file.pollers.pop(self, None)
        return key

    def changed(self, number: int) -> None:
        """The file of that descriptor may be ready."""
        self._to_look_at.add(number)
        current().threads.stir(self)

    def next_change(self) -> int | None:
        """When the next of them will change."""
        return self._due[0][0] if self._due else None

    def _watch(self, number: int) -> None:
        if file := current().files.get(number):
            file.pollers[self] = number
        self._to_look_at.add(number)

    def _wait(self, timeout: float | None) -> list[tuple[SelectorKey, int]]:
        return wait((self,), self._look, timeout)

    def _look(self) -> list[tuple[SelectorKey, int]]:
        """The registered files that are ready now, in the order in which they were registered."""
        machine, found = current(), []
        while self._due and self._due[0][0] <= machine.clock.now:
            self._to_look_at.add(heappop(self._due)[1])
        for number in list(self._to_look_at):
            key, file = self._fd_to_key.get(number), machine.files.get(number)
            if key and file and (events := happened(key.events, file)):
                found.append((key, events))
                continue
            self._to_look_at.remove(number)
            if key and file and (moment := file.next_change()) is not None:
                heappush(self._due, (moment, number))
        return sorted(found, key=lambda pair: self._registered[pair[0].fd])


def happened(events: int, file: File) -> int:
    """Which of these events, EVENT_READ and EVENT_WRITE, `file` is ready for."""
    readable = events & EVENT_READ and file.readable()
    writable = events & EVENT_WRITE and file.writable()
    return (EVENT_READ if readable else 0) | (EVENT_WRITE if writable else 0)


def select_module() -> ModuleType:
    """The module that stands in for `select`."""
    made = ModuleType("select")
    made.__dict__.update(select=select, error=error)
    return made


def selectors_module() -> ModuleType:
    """The module that stands in for `selectors`."""
    made = ModuleType("selectors")
    for name in ("EVENT_READ", "EVENT_WRITE", "BaseSelector", "SelectorKey"):
        setattr(made, name, getattr(real_selectors, name))
    made.__dict__.update(SelectSelector=SelectSelector, DefaultSelector=DefaultSelector)
    return made
