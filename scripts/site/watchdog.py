"""Ends a block that does not end by itself.

Where there is SIGALRM the exception is raised by its handler, which also interrupts a call that waits.
Elsewhere (Windows), and in any thread but the main one, another thread has the interpreter raise it:
that interrupts Python code, but no call that waits.
"""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

AGAIN = 1.0
"""Seconds until a block that caught TimeIsOver is told once more."""
PATIENCE = 5
"""How often a block is told before the whole process ends: some catch everything, and go on."""


class TimeIsOver(BaseException):
    """Not an Exception, since a block may catch those."""


class Clock(Protocol):
    """Calls back once its seconds are over, and every AGAIN seconds from then on."""

    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def stop(self) -> None: ...


class SignalClock:
    """Rings in the main thread, between two of its instructions or in the middle of a call that waits."""

    def __init__(self, seconds: float, again: float, ring: Callable[[], None]) -> None:
        self._again = again
        self._left = seconds
        self._before = signal.signal(signal.SIGALRM, lambda number, frame: ring())
        self.resume()

    def pause(self) -> None:
        self._left, _ = signal.setitimer(signal.ITIMER_REAL, 0)

    def resume(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, max(self._left, 1e-6), self._again)  # 0 would stop the timer

    def stop(self) -> None:
        self.pause()
        signal.signal(signal.SIGALRM, self._before)


class ThreadClock:
    """Rings by raising TimeIsOver in the thread that made this clock."""

    def __init__(self, seconds: float, again: float, ring: Callable[[], None]) -> None:
        self._again = again
        self._left = seconds
        self._ring = ring
        self._watched = ctypes.c_ulong(threading.get_ident())
        self._changed = threading.Condition()
        self._ends: float | None = None
        self._stopped = False
        self.resume()
        threading.Thread(target=self._run, daemon=True).start()

    def pause(self) -> None:
        with self._changed:
            self._left = (self._ends or 0.0) - time.monotonic()
            self._ends = None
            self._changed.notify()

    def resume(self) -> None:
        with self._changed:
            self._ends = time.monotonic() + self._left
            self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(self._watched, None)  # what is not yet raised

    def _run(self) -> None:
        with self._changed:
            while not self._stopped:
                left = None if self._ends is None else self._ends - time.monotonic()
                if left is None or left > 0:
                    self._changed.wait(left)
                    continue
                self._ends = time.monotonic() + self._again
                try:
                    self._ring()
                except TimeIsOver:
                    raised = ctypes.py_object(TimeIsOver)
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(self._watched, raised)


def clock_here() -> type[SignalClock] | type[ThreadClock]:
    """The kind of clock that can end what this thread does."""
    in_main = threading.current_thread() is threading.main_thread()
    return SignalClock if in_main and hasattr(signal, "SIGALRM") else ThreadClock


_running: list[Clock] = []
_pauses: list[Clock | None] = []
_pausing = threading.Lock()


@contextmanager
def watching(name: str, seconds: float, again: float = AGAIN) -> Iterator[None]:
    """Raise TimeIsOver in here after so many seconds, those spent in `paused` not counted.

    What goes on all the same is told so every `again` seconds; in the end the process ends with status 1
    and says that it was `name` that did not.
    """
    told = 0

    def ring() -> None:
        nonlocal told
        told += 1
        if told > PATIENCE:
            print(f"{name}: cannot be stopped, so the whole process ends", file=sys.__stderr__, flush=True)
            os._exit(1)
        raise TimeIsOver(f"not done after {seconds:g} s, measurements not counted")

    clock = clock_here()(seconds, again, ring)
    _running.append(clock)
    try:
        try:
            yield
        finally:
            clock.stop()
    finally:
        clock.stop()  # once more, in case it rang just before the first time
        _running.remove(clock)


@contextmanager
def paused() -> Iterator[None]:
    """The time in here does not count for what is watched, in whichever threads and however deep."""
    clock = _running[-1] if _running else None
    with _pausing:
        _pauses.append(clock)
        if clock and _pauses.count(clock) == 1:
            clock.pause()
    try:
        yield
    finally:
        with _pausing:
            _pauses.remove(clock)
            if clock and clock not in _pauses:
                clock.resume()
