"""Stand-ins for `select` and `selectors`: waiting for many sockets at once."""

import selectors as real_selectors
from collections.abc import Callable
from select import error
from selectors import EVENT_READ, EVENT_WRITE
from types import ModuleType

from scripts.simulator.clock import nanoseconds
from scripts.simulator.machine import File, current


def select(rlist, wlist, xlist, timeout=None, /):
    """See select(2); the exceptional condition never comes."""
    machine = current()
    readers = [(each, machine.file(descriptor(each))) for each in rlist]
    writers = [(each, machine.file(descriptor(each))) for each in wlist]

    def ready():
        readable = [each for each, file in readers if file.readable()]
        writable = [each for each, file in writers if file.writable()]
        return (readable, writable, []) if readable or writable else None

    return wait([file for _, file in readers + writers], ready, timeout) or ([], [], [])


def descriptor(file: object) -> int:
    return file if isinstance(file, int) else file.fileno()


def wait(files: list[File], ready: Callable[[], object], timeout: float | None) -> object:
    """What `ready` returns as soon as it is true; at the latest after so many seconds."""
    machine = current()
    deadline = None if timeout is None else machine.clock.now + nanoseconds(max(timeout, 0))
    return machine.wait(files, ready, deadline, "select()")


class SelectSelector(real_selectors.SelectSelector):
    _select = staticmethod(select)


class DefaultSelector(real_selectors._BaseSelectorImpl):
    """As epoll(7) has it, a descriptor that was closed is never ready; but time-outs are exact."""

    def select(self, timeout=None):
        files = current().files
        watched = [(key, files[fd]) for fd, key in self._fd_to_key.items() if fd in files]

        def ready():
            return [(key, events) for key, file in watched if (events := happened(key.events, file))]

        return wait([file for _, file in watched], ready, timeout)


def happened(events: int, file: File) -> int:
    """Those of the events that `file` is ready for."""
    readable = events & EVENT_READ and file.readable()
    writable = events & EVENT_WRITE and file.writable()
    return (EVENT_READ if readable else 0) | (EVENT_WRITE if writable else 0)


def select_module() -> ModuleType:
    made = ModuleType("select")
    made.select, made.error = select, error
    return made


def selectors_module() -> ModuleType:
    made = ModuleType("selectors")
    for name in ("EVENT_READ", "EVENT_WRITE", "BaseSelector", "SelectorKey"):
        setattr(made, name, getattr(real_selectors, name))
    made.SelectSelector, made.DefaultSelector = SelectSelector, DefaultSelector
    return made
