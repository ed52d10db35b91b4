"""What carries a thread of the simulated machine: it can stop in the middle, and go on from there.

Where there are threads, a thread of the real machine does, which waits for its turn at a lock.  Under Pyodide
there are none; there a stack of WebAssembly does, which waits for a promise.  That needs a browser that can
switch stacks (JavaScript Promise Integration), and a caller that can be suspended, by `callPromising`.  A
stack that is given up while it waits does harm to others (Pyodide 314): each has to come to its end.
"""

import _thread
import asyncio
import sys
from collections.abc import Callable
from typing import Any, Protocol

from scripts.simulator.impossible import Impossible

OUTSIDE = asyncio.get_event_loop() if sys.platform == "emscripten" else None
"""The browser's loop."""


class Carrier(Protocol):
    def begin(self, run: Callable[[], None]) -> None:
        """Have it run, to wait for its turn at once; raises Impossible."""

    def go_on(self) -> None:
        """Have it go on, once whoever runs now waits."""

    def wait(self) -> None:
        """To be called by the one that is carried: stop until it is told to go on."""


class ThreadCarrier:
    """A real thread, and a lock that is its turn."""

    def __init__(self) -> None:
        self._turn = _thread.allocate_lock()
        self._turn.acquire()

    def begin(self, run: Callable[[], None]) -> None:
        _thread.start_new_thread(run, ())

    def go_on(self) -> None:
        self._turn.release()

    def wait(self) -> None:
        self._turn.acquire()


class StackCarrier:
    """A stack of WebAssembly, and a promise that is kept when it is its turn."""

    def __init__(self) -> None:
        from js import Promise, onAStack  # pyright: ignore[reportMissingImports]

        self._new_turn = Promise.withResolvers
        self._call = onAStack  # of runner/src/worker.js
        self._turn: Any = self._new_turn()

    def begin(self, run: Callable[[], None]) -> None:
        from pyodide.ffi import can_run_sync, create_proxy  # pyright: ignore[reportMissingImports]

        if not can_run_sync():
            raise Impossible("threads")
        self._call(create_proxy(run))

    def go_on(self) -> None:
        self._turn.resolve()

    def wait(self) -> None:
        from pyodide.ffi import run_sync  # pyright: ignore[reportMissingImports]

        loop = asyncio._get_running_loop()
        asyncio._set_running_loop(OUTSIDE)  # which waits for the promise
        try:
            run_sync(self._turn.promise)
        finally:
            asyncio._set_running_loop(loop)
        self._turn = self._new_turn()


def carrier() -> Carrier:
    """One for another thread, of the kind that there is here."""
    return StackCarrier() if sys.platform == "emscripten" else ThreadCarrier()
