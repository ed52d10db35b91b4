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
from typing import Any

from scripts.simulator.clock import SECOND, Deadlock, nanoseconds
from scripts.simulator.loop import no_running_loop
from scripts.simulator.machine import current

Call = tuple[Callable[..., Any], tuple[object, ...], dict[str, object]]


class Future(real.Future[Any]):
    """Has an `end`, in virtual nanoseconds, before which it is not done; a task that hangs never has one."""

    def __init__(self) -> None:
        super().__init__()
        self._machine = current()
        self._clock = self._machine.clock
        self.end: int | None = None
        self.hangs: Deadlock | None = None

    def set_result(self, result: object) -> None:
        self._end_now()
        super().set_result(result)

    def set_exception(self, exception: BaseException | None) -> None:
        self._end_now()
        super().set_exception(exception)

    def cancel(self) -> bool:
        cancelled = super().cancel()
        if cancelled:
            self._end_now()
        return cancelled

    def done(self) -> bool:
        if self.end is not None and self.end <= self._clock.now:
            return True
        self._machine.question()
        return False

    def running(self) -> bool:
        return super().running() or (super().done() and not self.done())

    def result(self, timeout: float | None = None) -> Any:
        self._wait(timeout)
        return super().result(0)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        self._wait(timeout)
        return super().exception(0)

    def ends(self) -> bool:
        return self.end is not None

    def failed(self) -> bool:
        """Whether its end is an error, come already or not."""
        return self.ends() and not self.cancelled() and super().exception(0) is not None

    def add_done_callback(self, fn: Callable[[real.Future[Any]], object]) -> None:
        with self._clock.branch(max(self._clock.now, self.end or 0)), no_running_loop():
            super().add_done_callback(fn)

    def _end_now(self) -> None:
        self.end = self._clock.now
        self._machine.expect(self.end)

    def _wait(self, timeout: float | None) -> None:
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
    with machine.call("wait"):
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
        self._waiting: deque[tuple[Future, Call]] = deque()
        self._hangs: Deadlock | None = None
        self._shut = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        if self._shut:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = Future()
        self._waiting.append((future, (fn, args, kwargs)))
        while self._waiting and self._free:  # a task may submit others, for which nobody may be free yet
            self._work(*self._waiting.popleft())
        future.hangs = self._hangs
        return future

    def _work(self, future: Future, call: Call) -> None:
        if future.set_running_or_notify_cancel():
            with self._clock.branch(max(self._clock.now, heappop(self._free))), no_running_loop():
                self._call(future, call)
            if future.end is not None:
                heappush(self._free, future.end)

    def _call(self, future: Future, call: Call) -> None:
        try:
            result = self.call(*call)
        except Deadlock as hangs:
            self._hangs = hangs
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)

    @staticmethod
    def call(fn: Callable[..., Any], args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        return fn(*args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._shut = True
        if wait:
            await_moment(None if self._hangs else max([*self._free, self._clock.now]), None, self._hangs)


class ThreadPoolExecutor(Executor):
    def __init__(self, max_workers: int | None = None, thread_name_prefix: str = "") -> None:
        super().__init__(min(32, (os.cpu_count() or 1) + 4) if max_workers is None else max_workers)


class ProcessPoolExecutor(Executor):
    def __init__(self, max_workers: int | None = None, mp_context: object = None) -> None:
        super().__init__((os.cpu_count() or 1) if max_workers is None else max_workers)

    @staticmethod
    def call(fn: Callable[..., Any], args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        """What goes to another process, and what comes back, has to be pickled."""
        fn, args, kwargs = pickle.loads(pickle.dumps((fn, args, kwargs)))
        return pickle.loads(pickle.dumps(fn(*args, **kwargs)))


def as_completed(fs: Iterable[Future], timeout: float | None = None) -> Iterator[Future]:
    clock = current().clock
    deadline = None if timeout is None else clock.now + nanoseconds(timeout)
    for future in sorted(dict.fromkeys(fs), key=lambda future: (future.end is None, future.end or 0)):
        left = None if deadline is None else (deadline - clock.now) / SECOND
        if not await_moment(future.end, left, future.hangs):
            raise TimeoutError("not all futures have ended")
        yield future


def wait(
    fs: Iterable[Future], timeout: float | None = None, return_when: str = ALL_COMPLETED
) -> DoneAndNotDoneFutures[Any]:
    futures = set(fs)
    ends = [future.end for future in futures if future.end is not None]
    hangs = next((future.hangs for future in futures if future.end is None), None)
    suffices = {FIRST_COMPLETED: Future.ends, FIRST_EXCEPTION: Future.failed}.get(return_when)
    first = [future.end or 0 for future in futures if suffices and suffices(future)]
    last = max(ends, default=0) if len(ends) == len(futures) else None
    await_moment(min(first, default=last), timeout, hangs)
    done = {future for future in futures if future.done()}
    return DoneAndNotDoneFutures({*done}, {*futures - done})


def module() -> ModuleType:
    made = ModuleType("concurrent.futures")
    made.__dict__.update((name, value) for name, value in vars(real).items() if name != "__getattr__")
    for each in (Future, Executor, ThreadPoolExecutor, ProcessPoolExecutor, as_completed, wait):
        setattr(made, each.__name__, each)
    # Since 3.14 it names a pool that is looked up lazily, and that would start threads.
    made.__dict__["__all__"] = [name for name in real.__all__ if hasattr(made, name)]
    return made
