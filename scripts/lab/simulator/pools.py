"""Stand-ins for the pools of `concurrent.futures`: each worker has a time of its own.

A task is run when it is submitted, from the moment at which a worker is free, and the result is there when its
time has come.  So tasks are not interleaved: they cannot wait for each other, nor for who submitted them.
"""

import concurrent.futures as real
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION
from concurrent.futures._base import DoneAndNotDoneFutures
from types import ModuleType

from scripts.lab.simulator.clock import Deadlock, nanoseconds
from scripts.lab.simulator.machine import current


class Future(real.Future):
    """Has an end in virtual time: before it, it is not done; without one, it will never be."""

    def __init__(self) -> None:
        super().__init__()
        self._machine = current()
        self._clock = self._machine.clock
        self.end: int | None = None

    def set_result(self, result):
        self.end = self._clock.now
        super().set_result(result)

    def set_exception(self, exception):
        self.end = self._clock.now
        super().set_exception(exception)

    def done(self):
        return self.cancelled() or (self.end is not None and self.end <= self._clock.now)

    def running(self):
        return not self.done() and not self.cancelled()

    def result(self, timeout=None):
        self._wait(timeout)
        return super().result(0)

    def exception(self, timeout=None):
        self._wait(timeout)
        return super().exception(0)

    def add_done_callback(self, fn):
        if self.end is None:
            super().add_done_callback(fn)
            return
        with self._clock.branch(max(self._clock.now, self.end)):
            super().add_done_callback(fn)

    def _wait(self, timeout):
        if not await_moment(self.end, timeout) and not self.cancelled():
            raise TimeoutError


def await_moment(moment: int | None, timeout: float | None) -> bool:
    """Wait for it, at most so many seconds; whether it came.  Raises Deadlock for what never comes."""
    machine = current()
    clock = machine.clock
    deadline = None if timeout is None else clock.now + nanoseconds(timeout)
    if moment is None and deadline is None:
        raise Deadlock("the program waits for ever: for a task that will not end")
    wake = min(each for each in (moment, deadline) if each is not None)
    machine.sleep(max(wake - clock.now, 0))
    return moment is not None and moment <= clock.now


class Executor(real.Executor):
    """Workers, by the moments at which they are free; None for one that never will be again."""

    def __init__(self, workers: int) -> None:
        if workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        self._machine = current()
        self._free: list[int | None] = [0] * workers
        self._shut = False

    def submit(self, fn, /, *args, **kwargs):
        if self._shut:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future, clock = Future(), self._machine.clock
        free = [moment for moment in self._free if moment is not None]
        if free:
            worker = self._free.index(min(free))
            future.set_running_or_notify_cancel()
            with clock.branch(max(clock.now, min(free))):
                self._free[worker] = self._work(future, fn, args, kwargs)
        return future

    def _work(self, future: Future, fn: Callable, args: tuple, kwargs: dict) -> int | None:
        try:
            result = self.call(fn, args, kwargs)
        except Deadlock:
            return None
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)
        return self._machine.clock.now

    @staticmethod
    def call(fn: Callable, args: tuple, kwargs: dict) -> object:
        return fn(*args, **kwargs)

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._shut = True
        if wait:
            await_moment(None if None in self._free else max(self._free), None)


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
    for future in sorted(set(fs), key=lambda future: (future.end is None, future.end)):
        left = None if deadline is None else (deadline - clock.now) / 1e9
        if not await_moment(future.end, left):
            raise TimeoutError("not all futures have come to their end")
        yield future


def wait(fs: Iterable[Future], timeout: float | None = None, return_when: str = ALL_COMPLETED):
    futures = set(fs)
    ends = [future.end for future in futures]
    failed = [future.end for future in futures if future.end is not None and real.Future.exception(future, 0)]
    known = [end for end in ends if end is not None]
    moment = None if None in ends else max(ends, default=0)
    if return_when == FIRST_COMPLETED and known:
        moment = min(known)
    elif return_when == FIRST_EXCEPTION and failed:
        moment = min(failed)
    await_moment(moment, timeout)
    done = {future for future in futures if future.done()}
    return DoneAndNotDoneFutures(done, futures - done)


def module() -> ModuleType:
    made = ModuleType("concurrent.futures")
    made.__dict__.update((name, value) for name, value in vars(real).items() if name != "__getattr__")
    for each in (Future, Executor, ThreadPoolExecutor, ProcessPoolExecutor, as_completed, wait):
        setattr(made, each.__name__, each)
    return made
