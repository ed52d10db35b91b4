"""asyncio's own selector loop, on simulated sockets; it starts no thread."""

import asyncio
import asyncio.events
import asyncio.selector_events
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from contextvars import Context

POLICY = "BaseDefaultEventLoopPolicy"
events = vars(asyncio.events)
BasePolicy = events.get(POLICY) or events[f"_{POLICY}"]  # since 3.14


class SelectorEventLoop(asyncio.selector_events.BaseSelectorEventLoop):
    _default_executor: Executor | None

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.Handle:
        """Call it at the worker's own time, which may be later than the loop's."""
        return self.call_at(self.time(), callback, *args, context=context)

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        if self._default_executor is not None:
            self._default_executor.shutdown()


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
