"""The origin's end of a connection: the answers of the lab's origin, and when they arrive."""

import errno
from collections.abc import Iterator
from itertools import islice

from scripts.lab.http import Request
from scripts.simulator.network import Event, Network


class Remote:
    """What it returns is lazy, and to be taken in the order of the calls: an answer may drip for hours."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._received = b""
        self._to_drop = 0
        self._free = 0
        self._open = True

    def hear(self, data: bytes, sent: int) -> Iterator[Event]:
        """Yield what comes back to the client, and when, for what it sent."""
        self._received += data
        while self._open:
            dropped = self._received[: self._to_drop]
            self._received, self._to_drop = self._received[len(dropped) :], self._to_drop - len(dropped)
            if self._to_drop:
                return
            request, self._received = Request.take(self._received)
            if request is None:
                return
            self._to_drop = request.length
            begin = max(self._network.passed(sent) + self._network.there, self._free)
            yield from self._answer(request, begin + self._network.service_time)

    def hear_end(self, sent: int) -> Iterator[Event]:
        """The client says no more: once all is answered, the origin ends the connection."""
        if self._open:
            self._open = False
            yield max(sent + self._network.there, self._free) + self._network.back, b""

    def _answer(self, request: Request, due: int) -> Iterator[Event]:
        network = self._network
        fault = network.faults.get(request.path)
        head, page = request.answer(network.body_size)
        if fault == "silent":
            self._open = False
            return
        if fault in ("reset", "truncate"):
            page = page[: len(page) // 2]
        flights = network.drops(head + page) if fault == "drip" else network.flights(head + page)
        if fault == "reset":  # whoever resets a connection forgets what TCP has not let out yet
            flights = islice(flights, 1)
        last = due + network.back
        for delay, flight in flights:
            last = due + network.back + delay
            yield last, flight
        self._free = last - network.back
        if fault == "reset":
            self._open = False
            yield last, errno.ECONNRESET
        elif fault == "truncate" or not request.keeps_open:
            self._open = False
            yield last, b""
