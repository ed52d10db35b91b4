"""What each connection did when, read from the TCP segments that pass the link."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Self

from scripts.lab.settings import MOST_TRACED, PORT

IPPROTO_TCP = 6
FIN, SYN, RST = 0x01, 0x02, 0x04

SEGMENT = struct.Struct("!16xH5xB10xHHIIBB")
"""An Ethernet frame's total length, protocol, ports, numbers, offset and flags; no IP options."""


@dataclass(slots=True)
class Connection:
    """When a connection reached each phase, as its client sees it: seconds on CLOCK_MONOTONIC, or None.

    SYN sent, established, request sent, first and last byte of the answer, closed by the client.
    """

    syn: float | None = None
    established: float | None = None
    request: float | None = None
    first_byte: float | None = None
    last_byte: float | None = None
    closed: float | None = None

    @classmethod
    def in_nanoseconds(cls, phases: Iterable[int | None]) -> Self:
        """The connection with these phases, in the order of the fields, in nanoseconds."""
        return cls(*(None if at is None else at / 1e9 for at in phases))

    def nanoseconds(self) -> list[int | None]:
        """The phases in their order, as whole numbers, which JSON writes ten times as fast."""
        return [None if at is None else round(at * 1e9) for at in _phases(self)]


PHASES = tuple(Connection.__slots__)
"""The names of all that a connection tells, in its order."""
_phases = attrgetter(*PHASES)


class Trace:
    """The first MOST_TRACED connections to the origin, in the order in which they were opened.

    `open` has the ports of those that have not ended.
    """

    def __init__(self) -> None:
        self.open: set[int] = set()
        self._connections: list[Connection] = []
        self._by_port: dict[int, tuple[int, Connection]] = {}
        self._ends: dict[int, int] = {}

    def record(self, frame: bytes, arrival: float, due: float) -> int:
        """Note one frame that entered the link at `arrival` and leaves it at `due`.

        Returns the connection's number, from 1, where the frame is the first to open it, else 0.
        """
        length, protocol, source, target, number, _, offset, flags = SEGMENT.unpack_from(frame)
        if protocol != IPPROTO_TCP:
            return 0
        if target == PORT:
            return self._sent(source, number, flags, length - 20 - (offset >> 4) * 4, arrival)
        if source == PORT and target in self._by_port:
            self._received(target, number, flags, length - 20 - (offset >> 4) * 4, due)
        return 0

    def _sent(self, port: int, number: int, flags: int, payload: int, arrival: float) -> int:
        first_number, connection = self._by_port.get(port, (None, None))
        if flags & SYN:
            if number == first_number:  # the same SYN again: it was lost or late
                return 0
            if len(self._connections) == MOST_TRACED:
                self._by_port.pop(port, None)
                return 0
            connection = Connection(syn=arrival)
            self._connections.append(connection)
            self._by_port[port] = number, connection
            self.open.add(port)
            return len(self._connections)
        if connection is not None:
            if payload and connection.request is None:
                connection.request = arrival
            if flags & (FIN | RST) and connection.closed is None:
                connection.closed = arrival
                self.open.discard(port)
        return 0

    def _received(self, port: int, number: int, flags: int, payload: int, due: float) -> None:
        _, connection = self._by_port[port]
        if flags & RST:
            self.open.discard(port)
        if flags & SYN and connection.established is None:
            connection.established = due
        if payload:
            end = number + payload
            if connection.first_byte is None:
                connection.first_byte = due
            elif not 0 < (end - self._ends[port]) % 2**32 < 2**31:
                return  # the same bytes again: their acknowledgement was late
            self._ends[port], connection.last_byte = end, due

    def report(self) -> list[list[int | None]]:
        """The connections, ready for JSON: of each what `Connection.nanoseconds` tells."""
        return [connection.nanoseconds() for connection in self._connections]
