"""Putting the stand-ins in the place of the real modules, and back."""

import asyncio
import concurrent
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType

from scripts.simulator import selecting, sockets, threads, time_standin
from scripts.simulator.loop import SelectorEventLoop, new_policy, no_running_loop
from scripts.simulator.replacing import counterparts, modules_replaced, replace, replaced

HOLDERS = ("anyio", "asyncio", "concurrent", "http", "urllib")
"""Packages that may have been imported before: what they hold of the real modules is replaced, too."""

_met: set[str] = set()
"""Modules that a run was the first to import: the next run finds them with what is real."""


@cache
def standins() -> dict[str, ModuleType]:
    """The stand-ins that remember nothing, by the names of the modules for which they stand in."""
    return {
        "select": selecting.select_module(),
        "selectors": selecting.selectors_module(),
        "socket": sockets.module(),
        "time": time_standin.module(),
    }


@contextmanager
def installed(main: ModuleType) -> Iterator[None]:
    """Inside, imports find the stand-ins, asyncio runs on them, and `main` is `__main__`."""
    loaded = dict(sys.modules)
    with modules_replaced(standins()):
        made = standins() | threads.modules()
    real = {name: loaded[name] for name in made if name in loaded}
    pairs = [pair for name in real for pair in counterparts(real[name], made[name])]
    # Pyodide has an asyncio.run of its own, which would not start a loop.
    to_asyncio = [(asyncio.SelectorEventLoop, SelectorEventLoop), (asyncio.run, asyncio.runners.run)]
    holders = [module for name, module in loaded.items() if name.partition(".")[0] in HOLDERS or name in _met]
    undo = replace(holders, pairs + to_asyncio)
    try:
        with (
            modules_replaced(made | {"__main__": main}),
            no_running_loop(),
            replaced(concurrent, "futures", made["concurrent.futures"]),
            replaced(asyncio.events, "_event_loop_policy", new_policy()),
        ):
            yield
    finally:
        for module, name, value in undo:
            setattr(module, name, value)
        _met.update(name for name in sys.modules if name not in loaded)
        imported = [module for name, module in list(sys.modules.items()) if name not in loaded]
        replace(imported, [(new, old) for old, new in pairs])
