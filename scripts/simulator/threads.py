"""A stand-in for `_thread`; `threading`, `queue` and the pools of `concurrent.futures` run on it as they are.

They are made anew for each run, since they remember: their main thread, the pools that are still to be ended.
"""

import _thread
import concurrent.futures
import importlib
import os
import pickle
import queue
from collections.abc import Callable
from contextlib import nullcontext, suppress
from itertools import count
from types import ModuleType
from typing import Any, Self

from scripts.simulator.clock import nanoseconds
from scripts.simulator.machine import current
from scripts.simulator.replacing import modules_replaced, replaced

MODULES = (
    "threading", "queue", "concurrent.futures._base", "concurrent.futures.thread", "concurrent.futures",
)  # fmt: skip
"""What runs on the stand-in."""
Function = Callable[..., object]


class Lock:
    """A lock as `_thread` has it: whoever is first to find it free takes it."""

    def __init__(self) -> None:
        self._locked = False

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if timeout != -1 and (timeout < 0 or not blocking):
            raise ValueError("a timeout must not be negative, and is for those who wait")
        machine = current()
        if self._locked and blocking:
            deadline = None if timeout == -1 else machine.clock.now + nanoseconds(timeout)
            with machine.call("wait"):
                machine.wait((self,), self._free, deadline, "acquire()")
        elif not machine.threads.alone:  # whoever asks again and again may wait for another thread
            machine.question()
        free, self._locked = not self._locked, True
        return free

    def release(self) -> None:
        if not self._locked:
            raise RuntimeError("release unlocked lock")
        self._locked = False
        current().threads.stir(self)

    def let_go(self) -> None:
        """Release it, if need be."""
        if self._locked:
            self.release()

    def locked(self) -> bool:
        return self._locked

    def next_change(self) -> int | None:
        return None

    def _free(self) -> bool:
        return not self._locked

    def _at_fork_reinit(self) -> None:
        self._locked = False

    __enter__ = acquire_lock = acquire

    def __exit__(self, *_: object) -> None:
        self.release()


class Handle:
    """What `threading` has of a thread since 3.13: how it is called, and its end, to be waited for."""

    def __init__(self, ident: int | None = None) -> None:
        self.ident = ident
        self._runs = Lock()
        self._runs.acquire()

    def is_done(self) -> bool:
        return not self._runs.locked()

    def join(self, timeout: float | None = None) -> None:
        if self._runs.acquire(timeout=-1 if timeout is None or timeout < 0 else timeout):
            self._runs.release()

    def _set_done(self) -> None:
        self._runs.let_go()


class Local:
    """See `threading.local`: its attributes are of the thread that looks."""

    __slots__ = ("__dict__", "_arguments", "_of_threads")

    def __new__(cls, /, *args: object, **kwargs: object) -> Self:
        self = object.__new__(cls)
        object.__setattr__(self, "_arguments", (args, kwargs))
        object.__setattr__(self, "_of_threads", {})
        return self

    def __getattribute__(self, name: str) -> Any:
        turn_to(self)
        return object.__getattribute__(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        turn_to(self)
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        turn_to(self)
        object.__delattr__(self, name)


def turn_to(local: Local) -> None:
    """Give it the attributes that it has for this thread; a subclass makes them in `__init__`."""
    known = object.__getattribute__(local, "_of_threads")
    number = get_ident()
    new = number not in known
    object.__setattr__(local, "__dict__", known.setdefault(number, {}))
    if new:
        args, kwargs = object.__getattribute__(local, "_arguments")
        type(local).__init__(local, *args, **kwargs)


def allocate_lock() -> Lock:
    return Lock()


def get_ident() -> int:
    return current().threads.current.number + 1


def set_sentinel() -> Lock:
    """A lock that is released when this thread is over; `threading` joins by it before 3.13."""
    lock = Lock()
    current().threads.current.at_end.append(lock.let_go)
    return lock


def start_new_thread(
    function: Function, args: tuple[object, ...], kwargs: dict[str, object] | None = None
) -> int:
    return start(lambda: function(*args, **(kwargs or {})), name_of(function))


def start(function: Function, name: str) -> int:
    """Start a thread; returns its `get_ident()`."""

    machine = current()

    def run() -> None:
        machine.resume()
        with suppress(SystemExit):
            function()

    machine.spend("thread")
    return machine.threads.start(run, name).number + 1


def name_of(function: Function) -> str:
    """What the thread is called, where `threading` begins one."""
    return getattr(getattr(function, "__self__", None), "name", "thread")


def below() -> ModuleType:
    """The stand-in for `_thread`, for one run."""
    joined: list[Handle] = []

    def start_joinable_thread(
        function: Function, handle: Handle | None = None, daemon: bool = True
    ) -> Handle:
        begun = handle or Handle()
        if not daemon:
            joined.append(begun)

        def run() -> None:
            begun.ident = get_ident()
            current().threads.current.at_end.append(begun._set_done)
            function()

        begun.ident = start(run, name_of(function))
        return begun

    def shutdown() -> None:
        while joined:
            joined.pop(0).join()

    made = ModuleType("_thread")
    made.__dict__.update(
        LockType=Lock,
        TIMEOUT_MAX=_thread.TIMEOUT_MAX,
        _ThreadHandle=Handle,
        _get_main_thread_ident=lambda: 1,
        _is_main_interpreter=lambda: True,
        _local=Local,
        _make_thread_handle=Handle,
        _set_sentinel=set_sentinel,
        _shutdown=shutdown,
        allocate_lock=allocate_lock,
        daemon_threads_allowed=lambda: True,
        error=RuntimeError,
        get_ident=get_ident,
        get_native_id=get_ident,
        stack_size=lambda size=0: 0,
        start_joinable_thread=start_joinable_thread,
        start_new_thread=start_new_thread,
    )
    return made


def modules() -> dict[str, ModuleType]:
    """What stands in for `threading`, `queue` and `concurrent.futures` in one run, by their names."""
    bare = ModuleType("_queue")
    bare.__dict__["Empty"] = queue.Empty
    anew = dict.fromkeys((*MODULES, "concurrent.futures.process"))
    forks = hasattr(os, "register_at_fork")  # where what is registered stays for ever
    with (
        modules_replaced({"_thread": below(), "_queue": bare} | anew),
        replaced(concurrent, "futures", concurrent.futures),
        replaced(os, "register_at_fork", lambda **_: None) if forks else nullcontext(),
    ):
        made = {name: importlib.import_module(name) for name in MODULES}
    numbers = count()
    # Pools keep their threads in a set, and join them in its order: it shall be the same in each run.
    thread: Any = vars(made["threading"])["Thread"]
    thread.__hash__ = lambda self: vars(self).setdefault("_number", next(numbers))
    del vars(made["queue"])["_PySimpleQueue"]  # which is the other's only name here
    processes = process_module(made)
    package = vars(made["concurrent.futures"])
    package.pop("__getattr__", None)
    package["ThreadPoolExecutor"] = vars(made["concurrent.futures.thread"])["ThreadPoolExecutor"]
    package["ProcessPoolExecutor"] = vars(processes)["ProcessPoolExecutor"]
    # Since 3.14 it names a pool of interpreters, which there are none of here.
    package["__all__"] = [name for name in package["__all__"] if name in package]
    return made | {processes.__name__: processes}


def process_module(made: dict[str, ModuleType]) -> ModuleType:
    """A stand-in for `concurrent.futures.process`: threads, but what goes there and back is copied."""
    threads: Any = made["concurrent.futures.thread"]

    class ProcessPoolExecutor(threads.ThreadPoolExecutor):
        def __init__(
            self,
            max_workers: int | None = None,
            mp_context: object = None,
            initializer: Function | None = None,
            initargs: tuple[object, ...] = (),
            *,
            max_tasks_per_child: int | None = None,
        ) -> None:
            workers = (os.cpu_count() or 1) if max_workers is None else max_workers
            super().__init__(workers, "Process", initializer, initargs)

        def submit(self, fn: Function, /, *args: object, **kwargs: object) -> Any:
            before = len(self._threads)
            future = super().submit(call, fn, args, kwargs)
            current().spend("process", len(self._threads) - before)
            return future

        def map(self, fn: Function, *iterables: Any, timeout: float | None = None, chunksize: int = 1) -> Any:
            return super().map(fn, *iterables, timeout=timeout)

    processes = ModuleType("concurrent.futures.process")
    processes.__dict__.update(
        ProcessPoolExecutor=ProcessPoolExecutor, BrokenProcessPool=vars(threads)["BrokenThreadPool"]
    )
    return processes


def call(function: Function, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
    """Call it as in another process: what is sent there, and what comes back, has to be pickled."""
    function, args, kwargs = pickle.loads(pickle.dumps((function, args, kwargs)))
    return pickle.loads(pickle.dumps(function(*args, **kwargs)))
