"""Putting the stand-ins in the place of the real modules, and back."""

import asyncio
import concurrent
import importlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType

from scripts.simulator import pools, selecting, sockets, time_standin
from scripts.simulator.loop import SelectorEventLoop, new_policy, no_running_loop

HOLDERS = ("anyio", "asyncio", "concurrent", "http", "urllib")
"""Packages that may have been imported before: what they hold of the real modules is replaced, too."""

_met: set[str] = set()
"""Modules that a run was the first to import: the next run finds them with what is real."""


@cache
def standins() -> dict[str, ModuleType]:
    """The stand-ins, by the names of the modules for which they stand in."""
    return {
        "select": selecting.select_module(),
        "selectors": selecting.selectors_module(),
        "socket": sockets.module(),
        "time": time_standin.module(),
        "concurrent.futures": pools.module(),
    }


@contextmanager
def installed(main: ModuleType) -> Iterator[None]:
    """Inside, imports find the stand-ins, asyncio runs on them, and `main` is `__main__`."""
    made, loaded = standins(), dict(sys.modules)
    real = {name: importlib.import_module(name) for name in made}
    pairs = [pair for name in made for pair in counterparts(real[name], made[name])]
    # Pyodide has an asyncio.run of its own, which would not start a loop.
    to_asyncio = [(asyncio.SelectorEventLoop, SelectorEventLoop), (asyncio.run, asyncio.runners.run)]
    holders = [module for name, module in loaded.items() if name.partition(".")[0] in HOLDERS or name in _met]
    undo = replace(holders, pairs + to_asyncio)
    sys.modules.update(made, __main__=main)
    try:
        with (
            no_running_loop(),
            replaced(concurrent, "futures", made["concurrent.futures"]),
            replaced(asyncio.events, "_event_loop_policy", new_policy()),
        ):
            yield
    finally:
        sys.modules.update(real, __main__=loaded["__main__"])
        for module, name, value in undo:
            setattr(module, name, value)
        _met.update(name for name in sys.modules if name not in loaded)
        imported = [module for name, module in list(sys.modules.items()) if name not in loaded]
        replace(imported, [(new, old) for old, new in pairs])


@contextmanager
def replaced(owner: ModuleType, name: str, value: object) -> Iterator[None]:
    """Inside, the module's attribute of that name has that value."""
    before = vars(owner)[name]
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


def counterparts(real: ModuleType, standin: ModuleType) -> Iterator[tuple[object, object]]:
    """Pairs of what is real and what stands in for it: the module, each of its functions and classes."""
    yield real, standin
    for name, new in vars(standin).items():
        old = vars(real).get(name)
        if callable(old) and old is not new and not name.startswith("__"):
            yield old, new


def replace(
    modules: Iterable[object], pairs: list[tuple[object, object]]
) -> list[tuple[ModuleType, str, object]]:
    """Replace what these modules hold by its counterpart; returns what they held, and where."""
    table = {id(old): new for old, new in pairs}
    held = [
        (module, name, value)
        for module in modules
        if isinstance(module, ModuleType)  # an import may leave anything in sys.modules
        for name, value in list(vars(module).items())
        if id(value) in table
    ]
    for module, name, value in held:
        setattr(module, name, table[id(value)])
    return held
