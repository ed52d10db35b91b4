"""What a simulated socket leads to: an end of a TCP connection, or of a pair."""

import errno
import os
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count
from typing import Self

from scripts.lab.trace import Connection
from scripts.simulator.clock import SECOND
from scripts.simulator.machine import Machine, Poller
from scripts.simulator.network import Event
from scripts.simulator.remote import Remote


def failure(number: int) -> OSError:
    """The exception of that error number, of the class that Python has for it."""
    return OSError(number, os.strerror(number))


class End(ABC):
    """One end of a connection, as the program's side has it.

    Each question is answered as of now: whatever has arrived by then takes effect first.
    """

    def __init__(self, machine: Machine) -> None:
        self._clock, self._threads = machine.clock, machine.threads
        self._received = bytearray()
        self._ended = False
        self._error = 0
        self.connected = False
        self.connecting = False
        self.asked = False
        self.pollers: dict[Poller, int] = {}

    @abstractmethod
    def connect(self, address: tuple[str, int]) -> None:
        """Begin to connect; raises OSError."""

    @abstractmethod
    def write(self, data: bytes) -> int:
        """Send it; returns how many bytes went; raises OSError."""

    @abstractmethod
    def end_writing(self) -> None:
        """Say that no more will be sent."""

    @abstractmethod
    def close(self) -> None:
        """Give the connection up."""

    @abstractmethod
    def next_change(self) -> int | None:
        """When the other end will next be heard of, later than now; None for never."""

    @abstractmethod
    def _arrived(self) -> Event | None:
        """The next event that is due by now, once."""

    def _changed(self) -> None:
        """Whoever waits for it shall look again."""
        self._threads.stir(self)
        for poller, number in self.pollers.items():
            poller.changed(number)

    def settle(self) -> None:
        """Let everything that has arrived by now take effect."""
        while event := self._arrived():
            self.asked = False
            self._take(*event)

    def _take(self, when: int, what: bytes | int) -> None:
        if isinstance(what, bytes):
            self._received += what
            self._ended |= not what
        else:
            self._error, self.connected, self.connecting = what, not what, False
            self._ended |= bool(what)

    def readable(self) -> bool:
        """Whether `read` would return at once, or raise."""
        self.settle()
        return bool(self._received or self._ended or self._error or not (self.connected or self.connecting))

    def writable(self) -> bool:
        """Whether connecting has come to its end, good or bad."""
        self.settle()
        return not self.connecting

    def take_error(self) -> int:
        """The number of the error that nobody has been told of yet, or 0."""
        self.settle()
        error, self._error = self._error, 0
        return error

    def read(self, size: int) -> bytes:
        """At most so many bytes, none at the end; raises OSError.  Only where it is readable."""
        self.settle()
        if self._received:
            chunk = bytes(self._received[:size])
            del self._received[:size]
            return chunk
        if error := self.take_error():
            raise failure(error)
        if not self._ended:
            raise failure(errno.ENOTCONN)
        return b""

    def peek(self, size: int) -> bytes:
        """What `read` would return first, which stays there."""
        self.settle()
        return bytes(self._received[:size])

    def check_writing(self) -> None:
        """Raise OSError where writing would."""
        if error := self.take_error():
            raise failure(error)
        if not self.connected:
            raise failure(errno.EPIPE)


class Stream(End):
    """The client's end of a TCP connection."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self._network = machine.network
        self._phases = Connection()
        self._coming: deque[Iterator[Event]] = deque()
        self._next: Event | None = None

    def connect(self, address: tuple[str, int]) -> None:
        self._phases, events = self._network.open(address, self._clock.now)
        self._remote = Remote(self._network)
        self._ended, self.connecting = False, True
        self._follow(events)

    def write(self, data: bytes) -> int:
        self.check_writing()
        if self._phases.request is None and data:
            self._phases.request = self._clock.now / SECOND
        self._follow(self._remote.hear(data, self._clock.now))
        return len(data)

    def end_writing(self) -> None:
        if self.connected and self._phases.closed is None:
            self._phases.closed = self._clock.now / SECOND
            self._follow(self._remote.hear_end(self._clock.now))

    def close(self) -> None:
        self.settle()
        self.end_writing()
        self._coming.clear()
        self._next = None

    def next_change(self) -> int | None:
        self.settle()
        return None if self._next is None else self._next[0]

    def _follow(self, events: Iterator[Event]) -> None:
        self._coming.append(events)
        if self._next is None:
            self._next = self._following()
        self._changed()

    def _following(self) -> Event | None:
        while self._coming:
            if event := next(self._coming[0], None):
                return event
            self._coming.popleft()
        return None

    def _arrived(self) -> Event | None:
        event = self._next
        if event is None or event[0] > self._clock.now:
            return None
        self._next = self._following()
        return event

    def _take(self, when: int, what: bytes | int) -> None:
        super()._take(when, what)
        if what == 0 and not isinstance(what, bytes):
            self._phases.established = when / SECOND
        elif isinstance(what, bytes) and what:
            self._phases.last_byte = when / SECOND
            if self._phases.first_byte is None:
                self._phases.first_byte = self._phases.last_byte


class Pipe(End):
    """One end of a pair of sockets: what is written here is there at the same moment."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.connected = True
        self.other: Self
        self._coming: list[tuple[int, int, bytes]] = []
        self._order = count()

    @classmethod
    def pair(cls, machine: Machine) -> tuple[Self, Self]:
        one, other = cls(machine), cls(machine)
        one.other, other.other = other, one
        return one, other

    def connect(self, address: tuple[str, int]) -> None:
        raise failure(errno.EISCONN)

    def write(self, data: bytes) -> int:
        self.check_writing()
        self.other._put(data)
        return len(data)

    def end_writing(self) -> None:
        self.other._put(b"")

    def close(self) -> None:
        self.end_writing()
        self.other.connected = False

    def next_change(self) -> int | None:
        self.settle()
        return self._coming[0][0] if self._coming else None

    def _put(self, data: bytes) -> None:
        # A worker may write before the main program does what is earlier: each has its own time.
        heappush(self._coming, (self._clock.now, next(self._order), data))
        self._changed()

    def _arrived(self) -> Event | None:
        if not self._coming or self._coming[0][0] > self._clock.now:
            return None
        when, _, data = heappop(self._coming)
        return when, data
