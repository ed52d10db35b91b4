"""The threads of the simulated machine: one runs at a time, until it waits.

Who is ready goes on in the order in which it became so; where nobody is, time passes until somebody will be.
So a program does the same in every run, and what it prints comes in the order of virtual time.
"""

import asyncio
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from heapq import heappop, heappush
from itertools import count
from types import FrameType
from typing import Protocol

from scripts.simulator.carriers import Carrier, carrier
from scripts.simulator.clock import Clock, Deadlock

INSISTENT = 1_000
"""How often a thread that is to end may catch that, and wait once more."""


class Source(Protocol):
    """What may be waited for."""

    def next_change(self) -> int | None:
        """When it will change of itself, later than now; None for never."""


class Strand:
    """One thread: how it is carried, and what it waits for where it waits, for ever or until `deadline`."""

    def __init__(self, number: int, name: str) -> None:
        self.number, self.name = number, name
        self.over = self.to_end = False
        self.at_end: list[Callable[[], object]] = []
        self.frames: tuple[FrameType, ...] = ()
        """Where it waits, the innermost first."""
        self.what = ""
        self.error: Deadlock | None = None
        self._carrier: Carrier | None = None
        self._sources: tuple[Source, ...] = ()
        self._ready: Callable[[], object] = bool
        self._deadline: int | None = None
        self._turn = 0

    @property
    def carrier(self) -> Carrier:
        """What carries it, made when it is first needed."""
        if self._carrier is None:
            self._carrier = carrier()
        return self._carrier


def frames_under_way(frame: FrameType) -> Iterator[FrameType]:
    """The given frame and those that it was called from, as far as the thread that runs goes.

    To be called by that thread itself.  Python notes on the C stack where it was called from C; Pyodide 314
    has all stacks in one place, and carries off what is there of those that wait: who goes from the frames of
    one of these to `f_back`, or beyond where a thread was begun, reads what others have written there.
    """
    outer: FrameType | None = frame
    while outer and outer.f_code is not Scheduler._carried.__code__:
        yield outer
        outer = outer.f_back


class Scheduler:
    """`current` is the thread that runs, `strands` are all that are not over, the main one first."""

    def __init__(self, clock: Clock) -> None:
        self.main = self.current = Strand(0, "main")
        self.strands = [self.main]
        self._clock = clock
        self._numbers = count(1)
        self._order = count()
        self._ready: deque[Strand] = deque()
        self._moments: list[tuple[int, int, Strand, int]] = []
        self._waiting: dict[int, list[Strand]] = {}

    @property
    def alone(self) -> bool:
        """Whether there is no thread but the main one."""
        return len(self.strands) == 1

    def start(self, run: Callable[[], None], name: str) -> Strand:
        """A new thread, which will run when it is its turn; raises Impossible."""
        strand = Strand(next(self._numbers), name)
        strand.carrier.begin(partial(self._carried, strand, run))
        self.strands.append(strand)
        self._ready.append(strand)
        return strand

    def _carried(self, strand: Strand, run: Callable[[], None]) -> None:
        """All that the thread does."""
        try:
            asyncio._set_running_loop(None)  # under Pyodide, it has that of whoever began it
            strand.carrier.wait()
            self.current = strand
            if not strand.to_end:
                run()
        finally:
            for each in strand.at_end:
                each()
            strand.over = True
            self.strands.remove(strand)
            self._next().carrier.go_on()

    def wait(
        self, sources: Iterable[Source], ready: Callable[[], object], deadline: int | None, what: str
    ) -> None:
        """Let others run until `ready()` is true, or the deadline has come.

        Raises Deadlock, in the main thread, where nobody can go on any more.
        """
        strand = self.current
        if strand.to_end:
            raise SystemExit
        strand._sources, strand._ready, strand._deadline, strand.what = (*sources,), ready, deadline, what
        for source in strand._sources:
            self._waiting.setdefault(id(source), []).append(strand)
        self._put_down(strand)
        strand.frames = tuple(frames_under_way(sys._getframe(1)))
        self._switch(strand)
        strand.frames = ()
        strand._turn += 1
        for source in strand._sources:
            waiting = self._waiting[id(source)]
            waiting.remove(strand)
            if not waiting:
                del self._waiting[id(source)]
        if strand.to_end:
            raise SystemExit
        if strand.error:
            error, strand.error = strand.error, None
            raise error

    def give_way(self) -> None:
        """Let those run whose turn it is by now, if there are any."""
        if self._ready or (self._moments and self._moments[0][0] <= self._clock.now):
            now = self._clock.now
            self.wait((), lambda: True, now, "its turn")

    def others_wait_for_ever(self) -> bool:
        """Whether none but the one that runs will go on by itself."""
        due = (strand for _, _, strand, turn in self._moments if turn == strand._turn)
        return not self._ready and all(strand.over for strand in due)

    def stir(self, source: Source) -> None:
        """Hear that `source` has changed: whoever waits for it may be ready."""
        for strand in self._waiting.get(id(source), ()):
            heappush(self._moments, (self._clock.now, next(self._order), strand, strand._turn))

    def end(self) -> None:
        """End all threads but the main one, wherever they are: what they wait for is SystemExit to them."""
        for _ in range(INSISTENT):
            if self.alone:
                break
            for strand in self.strands[1:]:
                strand.to_end = True
            self._ready = deque([*self.strands[1:], self.main])
            self._switch(self.main)

    def _put_down(self, strand: Strand) -> None:
        """Note when it has to be looked at again."""
        moments = [moment for source in strand._sources if (moment := source.next_change()) is not None]
        if strand._deadline is not None:
            moments.append(strand._deadline)
        if moments:
            heappush(self._moments, (min(moments), next(self._order), strand, strand._turn))

    def _switch(self, strand: Strand) -> None:
        """Let the next one run; returns when it is this one's turn again."""
        following = self._next()
        if following is not strand:
            following.carrier.go_on()
            strand.carrier.wait()
        self.current = strand

    def _next(self) -> Strand:
        """Who runs next; time passes until there is somebody."""
        while not self._ready:
            if not self._moments:
                self.main.error = Deadlock(self._why())
                return self.main
            moment, _, strand, turn = heappop(self._moments)
            if strand.over or turn != strand._turn:
                continue
            if moment > self._clock.now:
                self._clock.now = moment
            late = strand._deadline is not None and self._clock.now >= strand._deadline
            if late or strand._ready():
                return strand
            self._put_down(strand)
        return self._ready.popleft()

    def _why(self) -> str:
        told = [f"{self.main.what} waits for ever: nothing more is on its way to it"]
        told += [f"{strand.name} in {strand.what}" for strand in self.strands[1:]]
        return "; so do ".join([told[0], ", ".join(told[1:])]) if told[1:] else told[0]
