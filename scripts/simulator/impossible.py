"""What no program can do here; each of it says so where it is tried, instead of failing as it may."""

import builtins
import errno
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FunctionType, ModuleType
from typing import Any, NoReturn

from scripts.simulator.replacing import modules_replaced, replaced

REASONS = {
    "input": "there is nobody to type anything",
    "files": "there are no files",
    "processes": "there are no processes, but for those of a ProcessPoolExecutor",
    "servers": "the simulated machine has clients only: no socket can listen",
    "threads": "no second thread: this browser cannot switch stacks of WebAssembly",
}
PROCESSES = ("fork", "forkpty", "popen", "posix_spawn", "posix_spawnp", "spawnv", "spawnve", "system")
"""Functions of `os` that start some."""


class Impossible(OSError):
    """The program tries something that there is not; `what` is one of REASONS."""

    def __init__(self, what: str) -> None:
        super().__init__(errno.EOPNOTSUPP, REASONS[what])
        self.what = what


def refusing(what: str) -> Callable[..., NoReturn]:
    """A function that raises Impossible."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise Impossible(what)

    return refuse


class Keyboard(io.TextIOBase):
    """Standard input."""

    def read(self, size: int | None = -1) -> NoReturn:
        raise Impossible("input")

    readline = __next__ = read


class NoModule(ModuleType):
    """A module all of which is about processes."""

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise Impossible("processes")


def without_processes() -> ModuleType:
    """The module `subprocess`, whose functions refuse; libraries may still import its names."""
    made = ModuleType("subprocess")
    made.__dict__.update(vars(subprocess), Popen=refusing("processes"))
    for name, value in vars(subprocess).items():
        if isinstance(value, FunctionType) and name in subprocess.__all__:
            made.__dict__[name] = refusing("processes")
    return made


@contextmanager
def refused(main: ModuleType) -> Iterator[None]:
    """Inside, what there is not says so, to the program in that module."""
    own: dict[str, Any] = {"input": refusing("input"), "open": refusing("files")}
    main.__dict__["__builtins__"] = vars(builtins) | own
    absent = {"subprocess": without_processes(), "multiprocessing": NoModule("multiprocessing")}
    with ExitStack() as stack:
        stack.enter_context(modules_replaced(absent))
        stack.enter_context(replaced(sys, "stdin", Keyboard()))
        for name in PROCESSES:
            if hasattr(os, name):
                stack.enter_context(replaced(os, name, refusing("processes")))
        yield
