"""Stand-ins for the pools of `concurrent.futures`: each worker has a time of its own.

A task is run when it is submitted, as of the moment at which a worker is free, and its result is there when
its time has come.  So tasks are not interleaved: none can wait for a later one, nor for who submitted it.
"""

import concurrent.futures as real
import os
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION
from concurrent.futures._base import DoneAndNotDoneFutures
from heapq import heappop, heappush
from types import ModuleType

from scripts.simulator.clock import SECOND, Deadlock, nanoseconds
from scripts.simulator.machine import current


class Future(real.Future):
    """Has an `end`, in virtual nanoseconds, before which it is not done; a task that hangs never has one."""

    def __init__(self) -> None:
        super().__init__()
        self._machine = current()
        self._clock = self._machine.clock
        self.end: int | None = None
        self.hangs: Deadlock | None = None

    def set_result(self, result):
        self._end_now()
        super().set_result(result)

    def set_exception(self, exception):
        self._end_now()
        super().set_exception(exception)

    def cancel(self):
        cancelled = super().cancel()
        if cancelled:
            self._end_now()
        return cancelled

    def done(self):
        if self.end is not None and self.end <= self._clock.now:
            return True
        self._machine.question()
        return False

    def running(self):
        return super().running() or (super().done() and not self.done())

    def result(self, timeout=None):
        self._wait(timeout)
        return super().result(0)

    def exception(self, timeout=None):
        self._wait(timeout)
        return super().exception(0)

    def ends(self) -> bool:
        return self.end is not None

    def failed(self) -> bool:
        """Whether its end is an error, come already or not."""
        return self.ends() and not self.cancelled() and super().exception(0) is not None

    def add_done_callback(self, fn):
        with self._clock.branch(max(self._clock.now, self.end or 0)):
            super().add_done_callback(fn)

    def _end_now(self):
        self.end = self._clock.now
        self._machine.expect(self.end)

    def _wait(self, timeout):
        if not await_moment(self.end, timeout, self.hangs):
            raise TimeoutError


def await_moment(moment: int | None, timeout: float | None, hangs: Deadlock | None = None) -> bool:
    """Wait for it, at most so many seconds; returns whether it came.

    Raises Deadlock where it is None and there is no time-out; `hangs` is then the reason.
    """
    machine = current()
    now = machine.clock.now
    if moment is None and timeout is None:
        reason = f", in which {hangs}" if hangs else ""
        raise Deadlock(f"the program waits for ever for a task{reason}") from hangs
    deadline = None if timeout is None else now + nanoseconds(timeout)
    wake = min(each for each in (moment, deadline) if each is not None)
    machine.sleep(max(wake - now, 0))
    came = moment is not None and moment <= machine.clock.now
    if came:
        machine.progress()
    return came


class Executor(real.Executor):
    """A pool of workers; `_free` is a heap of the moments at which they are free, without those that hang."""

    def __init__(self, workers: int) -> None:
        if workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        self._clock = current().clock
        self._free = [0] * workers
        self._waiting: deque[tuple[Future, Callable, tuple, dict]] = deque()
        self._hangs: Deadlock | None = None
        self._shut = False

    def submit(self, fn, /, *args, **kwargs):
        if self._shut:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = Future()
        self._waiting.append((future, fn, args, kwargs))
        while self._waiting and self._free:  # a task may submit others, for which nobody may be free yet
            self._work(*self._waiting.popleft())
        future.hangs = self._hangs
        return future

    def _work(self, future: Future, fn: Callable, args: tuple, kwargs: dict) -> None:
        if future.set_running_or_notify_cancel():
            with self._clock.branch(max(self._clock.now, heappop(self._free))):
                self._call(future, fn, args, kwargs)
            if future.end is not None:
                heappush(self._free, future.end)

    def _call(self, future: Future, fn: Callable, args: tuple, kwargs: dict) -> None:
        try:
            result = self.call(fn, args, kwargs)
        except Deadlock as hangs:
            self._hangs = hangs
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)

    @staticmethod
    def call(fn: Callable, args: tuple, kwargs: dict) -> object:
        return fn(*args, **kwargs)

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._shut = True
        if wait:
            await_moment(None if self._hangs else max([*self._free, self._clock.now]), None, self._hangs)


class ThreadPoolExecutor(Executor):
    def __init__(self, max_workers=None, thread_name_prefix=""):
        super().__init__(min(32, (os.cpu_count() or 1) + 4) if max_workers is None else max_workers)


class ProcessPoolExecutor(Executor):
    def __init__(self, max_workers=None, mp_context=None):
        super().__init__((os.cpu_count() or 1) if max_workers is None else max_workers)

    @staticmethod
    def call(fn, args, kwargs):
        """What goes to another process, and what comes back, has to be pickled."""
        fn, args, kwargs = pickle.loads(pickle.dumps((fn, args, kwargs)))
        return pickle.loads(pickle.dumps(fn(*args, **kwargs)))


def as_completed(fs: Iterable[Future], timeout: float | None = None) -> Iterator[Future]:
    clock = current().clock
    deadline = None if timeout is None else clock.now + nanoseconds(timeout)
    for future in sorted(dict.fromkeys(fs), key=lambda future: (future.end is None, future.end)):
        left = None if deadline is None else (deadline - clock.now) / SECOND
        if not await_moment(future.end, left, future.hangs):
            raise TimeoutError("not all futures have ended")
        yield future


def wait(fs: Iterable[Future], timeout: float | None = None, return_when: str = ALL_COMPLETED):
    futures = set(fs)
    ends = [future.end for future in futures]
    hangs = next((future.hangs for future in futures if future.end is None), None)
    suffices = {FIRST_COMPLETED: Future.ends, FIRST_EXCEPTION: Future.failed}.get(return_when)
    first = [future.end for future in futures if suffices and suffices(future)]
    await_moment(min(first, default=None if None in ends else max(ends, default=0)), timeout, hangs)
    done = {future for future in futures if future.done()}
    return DoneAndNotDoneFutures(done, futures - done)


def module() -> ModuleType:
    made = ModuleType("concurrent.futures")
    made.__dict__.update((name, value) for name, value in vars(real).items() if name != "__getattr__")
    for each in (Future, Executor, ThreadPoolExecutor, ProcessPoolExecutor, as_completed, wait):
        setattr(made, each.__name__, each)
    return made
