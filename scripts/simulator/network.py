"""The network: one name, one origin a round trip away, and what it did with each connection."""

import errno
import socket
from collections.abc import Iterator

from scripts.lab.settings import HOST, PORT, SERVER, Settings
from scripts.lab.trace import Connection
from scripts.simulator.clock import SECOND, nanoseconds

LOCAL = "127.0.0.1"

SEGMENT = 1_460
FIRST_WINDOW = 10 * SEGMENT
"""Bytes that TCP sends before it hears of the first (RFC 6928); then, each round trip, twice as many."""

Event = tuple[int, bytes | int]
"""When it arrives, and what: bytes, the end (no bytes), or the number of an error; 0 for "connected"."""


class Network:
    """The way to the origin, as the lab's settings have it, in nanoseconds; and its `connections` so far."""

    def __init__(self, settings: Settings) -> None:
        self.rtt = nanoseconds(settings.rtt)
        self.there = self.rtt // 2
        self.back = self.rtt - self.there
        self.service_time = nanoseconds(settings.service_time)
        self.body_size = settings.body_size
        self.faults = {fault.target: fault.kind for fault in settings.faults}
        self._refused = settings.refused
        self.connections: list[Connection] = []
        self.exchange = 0
        self._free = 0

    def passed(self, moment: int) -> int:
        """When the network has passed on what was sent then: one after another, if that takes time."""
        self._free = max(self._free, moment) + self.exchange
        return self._free if self.exchange else moment

    def open(self, address: tuple[str, int], now: int) -> tuple[Connection, Iterator[Event]]:
        """Open a connection: its phases, to be filled in, and what comes of it; raises OSError."""
        host, port = look_up(address[0]), address[1]
        phases = Connection(syn=now / SECOND)
        now = self.passed(now)
        if host.startswith("127."):
            return phases, iter([(now, errno.ECONNREFUSED)])
        if host != SERVER:
            raise OSError(errno.ENETUNREACH, f"the lab has no way to {host}:{port}, only to {HOST}:{PORT}")
        if port != PORT:
            return phases, iter([(now + self.rtt, errno.ECONNREFUSED)])
        self.connections.append(phases)
        refused = len(self.connections) in self._refused
        return phases, iter([(now + self.rtt, errno.ECONNREFUSED if refused else 0)])

    def flights(self, payload: bytes) -> Iterator[tuple[int, bytes]]:
        """What TCP sends of it at a time, and how long after the first."""
        delay, window = 0, FIRST_WINDOW
        while payload:
            yield delay, payload[:window]
            payload, delay, window = payload[window:], delay + self.rtt, 2 * window

    def drops(self, payload: bytes) -> Iterator[tuple[int, bytes]]:
        """What TCP sends at a time, and how long after the first, for an origin that writes byte by byte."""
        for number in range(len(payload)):
            yield number * self.service_time, payload[number : number + 1]


def look_up(host: str | bytes | None) -> str:
    """The address of `host`; raises gaierror for a name that the lab does not know."""
    name = host.decode() if isinstance(host, bytes) else host or "localhost"
    if name in (HOST, "localhost"):
        return SERVER if name == HOST else LOCAL
    if not is_number(name):
        raise socket.gaierror(socket.EAI_NONAME, f"the lab knows {HOST} only, not {name}")
    return name


def is_number(host: str) -> bool:
    """Whether it is an address of IPv4."""
    parts = host.split(".")
    return len(parts) == 4 and all(part.isdecimal() and int(part) < 256 for part in parts)
