"""asyncio's own selector loop, on simulated sockets."""

import asyncio
import asyncio.events
import asyncio.selector_events
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any, NoReturn

from scripts.simulator.impossible import Impossible
from scripts.simulator.machine import current

POLICY = "BaseDefaultEventLoopPolicy"
events = vars(asyncio.events)
BasePolicy = events.get(POLICY) or events[f"_{POLICY}"]  # since 3.14


class SelectorEventLoop(asyncio.selector_events.BaseSelectorEventLoop):
    """The part of asyncio's loop that knows nothing of signals and processes."""

    def call_soon(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        current().spend("handle")
        return super().call_soon(callback, *args, context=context)

    async def subprocess_exec(self, *_: object, **__: object) -> NoReturn:
        raise Impossible("processes")

    subprocess_shell = subprocess_exec


def new_policy() -> object:
    """A policy whose loops run on the simulated machine."""
    return type("Policy", (BasePolicy,), {"_loop_factory": SelectorEventLoop})()


@contextmanager
def no_running_loop() -> Iterator[None]:
    """Inside, no loop and no task of asyncio is at work, though one may have called."""
    loop = asyncio._get_running_loop()
    task = loop and asyncio.current_task(loop)
    if loop and task:
        asyncio.tasks._leave_task(loop, task)
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)
        if loop and task:
            asyncio.tasks._enter_task(loop, task)
