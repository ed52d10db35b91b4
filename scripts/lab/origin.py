"""The origin: an HTTP server that answers what is known in advance, after a time that is set.

One thread, one selector: whoever waits holds nobody else up.  Who waits equally long waits in one
queue, in the order in which requests were read, which is that of their arrival but for a few
milliseconds under load; so there are only as many queues as there are delays.
"""

import errno
import select
import selectors
import socket
import struct
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scripts.lab.clock import Stamps
from scripts.lab.http import Request
from scripts.lab.settings import LabError, Settings
from scripts.lab.trace import Connection

BACKLOG = 65_535
BATCH = 64
"""Connections accepted before anybody else gets a turn."""
ABORT = struct.pack("ii", 1, 0)
"""SO_LINGER of no seconds: close(2) then sends a reset instead of a FIN."""
SO_TIMESTAMPNS, STAMP = 35, struct.Struct("ll")
"""The option that has the kernel tell when something arrived, and what it tells: seconds, nanoseconds."""
MSG_MORE = getattr(socket, "MSG_MORE", 0)
"""Of send(2): wait for what follows, so that the end of an answer does not travel in a packet of its own."""


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket with the longest backlog that the system grants; raises OSError."""
    listener = socket.create_server((host, port), backlog=BACKLOG)
    # Its connections inherit both (tcp(7), socket(7)).
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if sys.platform == "linux":
        listener.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    return listener


def received(sock: socket.socket, stamps: Stamps) -> tuple[bytes, float]:
    """The bytes that have come on `sock`, and when they arrived on CLOCK_MONOTONIC; raises OSError.

    By the kernel's stamp, where it gives one: a wait that begins there makes up for a server that is late.
    """
    if sys.platform != "linux":
        return sock.recv(65_536), time.monotonic()
    chunk, told, _, _ = sock.recvmsg(65_536, socket.CMSG_SPACE(STAMP.size))
    if not told:
        return chunk, time.monotonic()
    seconds, nanoseconds = STAMP.unpack(told[0][2])
    return chunk, stamps.on_monotonic(seconds + nanoseconds / 1e9)


Queue = deque[tuple[float, Callable[..., None], tuple[Any, ...]]]
"""Calls, and when they are due on CLOCK_MONOTONIC, in that order."""


@dataclass(slots=True, eq=False)
class Client:
    """One connection: what came on it, what is still to be sent, and what happens then."""

    sock: socket.socket
    began: float
    phases: Connection
    trips: float
    """Seconds of the distance that the next answer has to make up for."""
    received: bytes = b""
    to_drop: int = 0
    to_send: bytes | memoryview = b""
    events: int = 0
    answering: bool = False
    closing: bool = False
    resets: bool = False
    ended: bool = False


class Origin:
    """The server: sockets in a selector, answers in queues until they are due.

    `distance` is the round trip, in seconds, that no link makes here and the answers make up for: two trips
    for the first on a connection, one for each further.  Each connection that ends is added to `log`, as if
    the distance had been real.
    """

    def __init__(
        self,
        listener: socket.socket,
        settings: Settings,
        distance: float = 0.0,
        log: list[Connection] | None = None,
    ) -> None:
        self._listener = listener
        self._settings = settings
        self._distance = distance
        # Two of the round trips that are real: a client that is done has closed by then, far away as it is.
        self._linger = 2 * (settings.rtt - distance)
        self._log = log
        self._faults = {fault.target: fault.kind for fault in settings.faults}
        self._stamps = Stamps()
        self._selector = selectors.DefaultSelector()
        self._queues: defaultdict[float, Queue] = defaultdict(deque)
        self._clients: set[Client] = set()

    def serve(self, stop: socket.socket | None = None) -> None:
        """Answer whoever connects, until `stop` is readable, or for ever; then close every connection.

        Raises LabError when there are more connections than this process may open files.
        """
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ)
        if stop is not None:
            self._selector.register(stop, selectors.EVENT_READ)
        while self._step(stop):
            pass
        for client in list(self._clients):
            self._close(client)
        self._selector.close()

    def _step(self, stop: socket.socket | None) -> bool:
        for key, events in self._ready():
            if key.fileobj is stop:
                return False
            if key.fileobj is self._listener:
                self._accept()
            elif events & selectors.EVENT_WRITE:
                self._send(key.data)
            else:
                self._receive(key.data)
        now = time.monotonic()
        for queue in list(self._queues.values()):
            while queue and queue[0][0] <= now:
                _, call, arguments = queue.popleft()
                call(*arguments)
        return True

    def _ready(self) -> list[tuple[selectors.SelectorKey, int]]:
        due = min((queue[0][0] for queue in self._queues.values() if queue), default=None)
        timeout = None if due is None else max(0.0, due - time.monotonic())
        if timeout and hasattr(selectors, "EpollSelector"):
            # epoll_wait(2) rounds up to a millisecond; select(2), on the epoll itself, does not.
            select.select([self._selector], [], [], timeout)
            timeout = 0
        return self._selector.select(timeout)

    def _after(self, seconds: float, begin: float, call: Callable[..., None], *arguments: object) -> None:
        self._queues[seconds].append((begin + seconds, call, arguments))

    def _accept(self) -> None:
        for _ in range(BATCH):
            try:
                sock, _ = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in (errno.EMFILE, errno.ENFILE):
                    raise
                raise LabError(
                    f"the origin had {len(self._clients):,} connections open, and no file left for another: "
                    "take fewer at once, or raise the hard limit, as root does with ulimit -Hn"
                ) from error
            sock.setblocking(False)
            began = time.monotonic()
            client = Client(sock, began, Connection(began, began + self._distance), 2 * self._distance)
            self._clients.add(client)
            self._receive(client)

    def _receive(self, client: Client) -> None:
        try:
            chunk, arrival = received(client.sock, self._stamps)
        except BlockingIOError:
            self._listen_for(client, selectors.EVENT_READ)
            return
        except OSError:
            self._close(client)
            return
        if chunk:
            if not client.closing:
                client.received += chunk
            self._understand(client, arrival)
        elif client.answering:
            client.ended = True  # it has said all it wanted, and still waits for the answer
            self._listen_for(client, 0)
        else:
            self._close(client)

    def _understand(self, client: Client, arrival: float) -> None:
        """Take the next request from what came by then, once the one before is answered."""
        if client.to_drop:
            dropped = client.received[: client.to_drop]
            client.received = client.received[len(dropped) :]
            client.to_drop -= len(dropped)
        request = None
        if not (client.answering or client.to_drop or client.closing):
            request, client.received = Request.take(client.received)
        if request is None:
            self._listen_for(client, 0 if client.ended else selectors.EVENT_READ)
            return
        client.answering, client.to_drop = True, request.length
        if client.phases.request is None:
            # What makes up for the distance counts from the arrival: so does the record.
            client.began = min(client.began, arrival)
            client.phases.syn = client.began
            client.phases.established = client.phases.request = client.began + self._distance
        begin = max(arrival, client.phases.last_byte or 0.0)
        self._after(self._settings.service_time + client.trips, begin, self._answer, client, request)
        client.trips = self._distance

    def _answer(self, client: Client, request: Request) -> None:
        if client not in self._clients:
            return
        fault = self._faults.get(request.path)
        head, page = request.answer(self._settings.body_size)
        client.closing |= not request.keeps_open
        if fault in ("reset", "truncate"):
            page, client.closing, client.resets = page[: len(page) // 2], True, fault == "reset"
        client.to_send = memoryview(head + page)
        if fault == "drip":
            self._drip(client)
        elif fault == "silent":
            self._listen_for(client, 0 if client.ended else selectors.EVENT_READ)
        else:
            self._send(client)

    def _drip(self, client: Client) -> None:
        if len(client.to_send) > 1 and self._write(client, 1):
            self._after(self._settings.service_time, time.monotonic(), self._drip, client)
        else:
            self._send(client)

    def _send(self, client: Client) -> None:
        if not self._write(client, len(client.to_send)):
            return
        if client.to_send:
            self._listen_for(client, selectors.EVENT_WRITE)
            return
        client.answering = False
        if client.closing:
            self._hang_up(client)
            return
        self._understand(client, time.monotonic())
        if client.ended and not client.answering:
            self._close(client)
        elif not client.ended:
            self._listen_for(client, selectors.EVENT_READ)

    def _write(self, client: Client, most: int) -> bool:
        """Send what the buffer takes, at most `most` bytes; False where the client is gone."""
        if client not in self._clients:
            return False
        more = MSG_MORE if client.closing and most == len(client.to_send) and not client.resets else 0
        now = time.monotonic()  # once it has been sent, the client may have it before this process goes on
        try:
            sent = client.sock.send(client.to_send[:most], more)
        except BlockingIOError:
            return True
        except OSError:
            self._close(client)
            return False
        client.to_send = client.to_send[sent:]
        client.phases.last_byte = now
        client.phases.first_byte = client.phases.first_byte or now
        return True

    def _hang_up(self, client: Client) -> None:
        """End the answer; the connection ends with the client's own close, or at once with a reset."""
        self._listen_for(client, 0)
        if client.resets:
            client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
        if client.resets or client.ended:
            self._close(client)
            return
        try:
            # close(2) with bytes unread would send a reset right behind the answer; shutdown(2) does not.
            client.sock.shutdown(socket.SHUT_WR)
        except OSError:  # the client reset the connection before it had the whole answer
            self._close(client)
        else:
            # To look once at each of ten thousand takes less than to watch them all for their end.
            self._after(self._linger, time.monotonic(), self._receive, client)

    def _listen_for(self, client: Client, events: int) -> None:
        if events == client.events:
            return
        if not events:
            self._selector.unregister(client.sock)
        elif client.events:
            self._selector.modify(client.sock, events, client)
        else:
            self._selector.register(client.sock, events, client)
        client.events = events

    def _close(self, client: Client) -> None:
        self._listen_for(client, 0)
        client.sock.close()
        self._clients.discard(client)
        client.phases.closed = time.monotonic()
        if self._log is not None:
            self._log.append(client.phases)
