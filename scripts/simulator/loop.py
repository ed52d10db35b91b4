"""asyncio's own selector loop, on simulated sockets; it starts no thread."""

import asyncio.events
import asyncio.selector_events


class SelectorEventLoop(asyncio.selector_events.BaseSelectorEventLoop):
    def call_soon_threadsafe(self, callback, *args, context=None):
        """A worker calls this at its own time, which may be later than the loop's."""
        return self.call_at(self.time(), callback, *args, context=context)

    async def shutdown_default_executor(self, timeout=None):
        if self._default_executor is not None:
            self._default_executor.shutdown()


_Policy = getattr(asyncio.events, "_BaseDefaultEventLoopPolicy", None) or (
    asyncio.events.BaseDefaultEventLoopPolicy  # its name before 3.14
)


class Policy(_Policy):
    _loop_factory = SelectorEventLoop
