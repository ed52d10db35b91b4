"""The machine that a program believes it runs on: a clock, descriptors, and the way to wait for them."""

import errno
import itertools
import os
import time as real_time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from selectors import SelectorKey
from typing import Protocol, Self, TypeVar

from scripts.simulator.clock import SECOND, SLIVER, Clock, Deadlock
from scripts.simulator.network import Network
from scripts.simulator.prices import Prices
from scripts.simulator.scheduler import Scheduler, Source

FIRST_DESCRIPTOR = 100_000
"""No descriptor of the real machine: what closes one of these behind our back shall hit nothing."""
FREE_QUESTIONS = 100_000
"""How often a program may look at the clock, or at what is ready, without getting on; then it takes time."""
SPIN = 5_000_000
"""Nanoseconds of Python at a stretch that are counted as they are; less is in the price of the next call."""
PATIENCE = 20 * SECOND
"""How long a busy loop goes on, in virtual time, while nothing is on its way to it."""

T = TypeVar("T")


class Call:
    """A call of the program into the machine while it is under way; who observes may be told its `result`."""

    result: int | str | None
    ready: list[tuple[SelectorKey, int]] | None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        pass


UNOBSERVED = Call()


class Priced(Call):
    """A call that has its price."""

    def __init__(self, machine: "Machine") -> None:
        self._machine = machine

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._machine.resume()


class Observer(Protocol):
    """Who is told of each call; it changes nothing."""

    def call(self, name: str, descriptor: int | None, payload: bytes) -> Call: ...

    def waits(self) -> None:
        """The call that is under way begins to wait."""


class Poller(Source, Protocol):
    """What watches files, by their descriptors."""

    def changed(self, number: int) -> None: ...


class File(Source, Protocol):
    """What a descriptor leads to."""

    connecting: bool
    pollers: dict["Poller", int]

    def readable(self) -> bool: ...

    def writable(self) -> bool: ...

    def close(self) -> None: ...


class Machine:
    """The clock, the threads, the network and the open files of one run.

    Where there are `prices`, work takes time; an `observer` is told of each call, where it takes none.
    """

    def __init__(self, network: Network, prices: Prices | None = None) -> None:
        self.clock = Clock()
        self.prices = prices
        network.exchange = prices.exchange if prices else 0
        self._priced = Priced(self)
        self._by_itself_since = 0
        self.network = network
        self.threads = Scheduler(self.clock)
        self.files: dict[int, File] = {}
        self.default_timeout: float | None = None
        self.observer: Observer | None = None
        self._numbers = itertools.count(FIRST_DESCRIPTOR)
        self._questions = 0
        self._spun = 0

    def open(self, file: File) -> int:
        """The descriptor of a new file."""
        descriptor = next(self._numbers)
        self.files[descriptor] = file
        return descriptor

    def close(self, descriptor: int) -> None:
        """Close the file of that number, if there is one."""
        if file := self.files.pop(descriptor, None):
            file.close()

    def call(self, name: str, descriptor: int | None = None, payload: bytes = b"") -> Call:
        """To be entered while the program makes the call `name`; `payload` is what it sends."""
        if self.prices:
            self.catch_up()
            self.spend(name)
            return self._priced
        return self.observer.call(name, descriptor, payload) if self.observer else UNOBSERVED

    def spend(self, what: str, times: int = 1) -> None:
        """Let the CPU work as long as `what` costs, a name in `Prices`, if work has prices."""
        if self.prices:
            self.clock.burn(getattr(self.prices, what) * times)
            self.threads.give_way()
            self.resume()

    def catch_up(self) -> None:
        """Count what the program has done by itself since the last call, where that is long."""
        if self.prices and (spun := real_time.process_time_ns() - self._by_itself_since) > SPIN:
            self.resume()
            self.clock.burn(spun)
            self.threads.give_way()

    def resume(self) -> None:
        """From now on, what is done is done by the program itself."""
        self._by_itself_since = real_time.process_time_ns()

    def file(self, descriptor: int) -> File:
        """The open file of that number; raises OSError."""
        try:
            return self.files[descriptor]
        except KeyError:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF)) from None

    def wait(self, sources: Iterable[Source], ready: Callable[[], T], deadline: int | None, what: str) -> T:
        """Let time pass until `ready()` is true or the deadline has come; returns what `ready` did.

        Raises Deadlock where neither can happen any more.
        """
        clock, sources, begin = self.clock, tuple(sources), self.clock.now
        while not (found := ready()):
            if deadline is not None and clock.now >= deadline:
                break
            if self.observer:
                self.observer.waits()
            self._let_pass(sources, ready, deadline, what)
        if clock.now > begin:
            self.progress()
        else:
            self.question()
        return found

    def _let_pass(
        self, sources: tuple[Source, ...], ready: Callable[[], object], deadline: int | None, what: str
    ) -> None:
        """Let time pass until something may have changed, or longer."""
        if not self.threads.alone:
            self.threads.wait(sources, ready, deadline, what)
            return
        moments = [moment for source in sources if (moment := source.next_change()) is not None]
        if deadline is not None:
            moments.append(deadline)
        if not moments:
            raise Deadlock(f"{what} waits for ever: nothing more is on its way to it")
        self.clock.now = min(moments)

    def sleep(self, duration: int) -> None:
        """Let so many nanoseconds pass, and others have their turn."""
        self.wait((), bool, self.clock.now + duration, "sleep()")
        if not duration:
            self.threads.give_way()

    def progress(self) -> None:
        """The program has waited, or got something: it is not in a loop of vain questions."""
        self._questions = self._spun = 0

    def question(self) -> None:
        """The program has looked at something without waiting; too often, and that takes time."""
        self._questions += 1
        if self._questions > FREE_QUESTIONS:
            self.spin()

    def spin(self) -> None:
        """The program asks once more what it has just been told; raises Deadlock where that is hopeless."""
        self.clock.burn()
        self.threads.give_way()
        self._spun += SLIVER
        if self._spun > PATIENCE:
            self._spun = 0
            silent = all(file.next_change() is None for file in self.files.values())
            if silent and self.threads.others_wait_for_ever():
                seconds = PATIENCE // SECOND
                raise Deadlock(f"the program has asked for {seconds} s, and nothing more is on its way to it")

    def halt(self) -> None:
        """The program has ended: end its threads, and close what it left open."""
        self.threads.end()
        for descriptor in list(self.files):
            self.close(descriptor)


_running: list[Machine] = []


def current() -> Machine:
    """The machine on which the program runs; raises RuntimeError where none does."""
    if not _running:
        raise RuntimeError("nothing is simulated now: this is a stand-in of scripts.simulator")
    return _running[-1]


@contextmanager
def running(machine: Machine) -> Iterator[Machine]:
    """Inside, what runs runs on that machine."""
    _running.append(machine)
    try:
        yield machine
    finally:
        machine.halt()
        _running.remove(machine)
