"""The origin: an HTTP server that answers what is known in advance, after a time that is set.

One thread, one selector: whoever waits holds nobody else up.  Who waits equally long waits in one
queue, in the order in which requests were read, which is that of their arrival but for a few
milliseconds under load; so there are only as many queues as there are delays.  It reads requests by
itself, because an HTTP library takes many times the processor for each.
"""

import errno
import html
import json
import re
import select
import selectors
import socket
import struct
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, TextIO

from scripts.lab.clock import Stamps
from scripts.lab.settings import LabError, Settings
from scripts.lab.trace import Connection

MAX_HEAD = 16 << 10
BACKLOG = 65_535
BATCH = 64
"""Connections accepted before anybody else gets a turn."""
ABORT = struct.pack("ii", 1, 0)
"""SO_LINGER of no seconds: close(2) then sends a reset instead of a FIN."""
SO_TIMESTAMPNS, STAMP = 35, struct.Struct("ll")
"""The option that has the kernel tell when something arrived, and what it tells: seconds, nanoseconds."""
MSG_MORE = getattr(socket, "MSG_MORE", 0)
"""Of send(2): wait for what follows, so that the end of an answer does not travel in a packet of its own."""

TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
REQUEST_LINE = re.compile(rb"(%s) ((?:/|https?://)[!-~]*|\*) HTTP/1\.([01])(?:\r?\n|\Z)" % TOKEN)
AUTHORITY = re.compile("^https?://[^/?]*")
FIELD = re.compile(rb"(%s):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*" % TOKEN)
LENGTH = re.compile(rb"\d{1,12}")
LINE = "<p>\0, line {}: of a page that is known beforehand, no byte can be lost without being missed.</p>\n"
REASONS = {200: "OK", 400: "Bad Request", 405: "Method Not Allowed", 431: "Request Header Fields Too Large"}


@lru_cache(maxsize=1024)
def body(path: str, size: int) -> bytes:
    """The page at `path`: `size` bytes of HTML that name the path in each line."""
    return pattern(size).replace(b"\0", html.escape(path).encode())[:size]


@lru_cache
def pattern(size: int) -> bytes:
    """At least so many bytes of a page, with a null byte in the place of the path."""
    lines = (LINE.format(number) for number in range(size // len(LINE) + 1))
    return f"<!doctype html>\n<title>\0</title>\n{''.join(lines)}".encode()


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


def serve(
    listener: socket.socket,
    settings: Settings,
    *,
    distance: float = 0.0,
    log: TextIO | None = None,
    stop: socket.socket | None = None,
) -> None:
    """Answer whoever connects, until `stop` is readable, or for ever.

    `distance` is the round trip, in seconds, that no link makes here and the answers make up for:
    two trips for the first on a connection, one for each further.  `log` then gets a line of JSON
    for each connection, a `Connection` as if the distance had been real.  Raises LabError when there are
    more connections than this process may open files.
    """
    Origin(listener, settings, distance, log).run(stop)


class Wishes(NamedTuple):
    """What the fields of a head say, as far as it matters; `length` is that of the request's body."""

    hosts: int
    connection: bytes
    length: int

    @classmethod
    @lru_cache(maxsize=256)  # a client says the same each time
    def of(cls, fields: bytes) -> "Wishes | None":
        """The wishes in the lines `fields` of a head, or None where they break the rules of HTTP."""
        parts = [FIELD.fullmatch(line) for line in re.split(rb"\r?\n", fields)] if fields else []
        if None in parts:
            return None
        named = [(part[1].lower(), part[2]) for part in parts if part]
        values, hosts = dict(named), [name for name, _ in named].count(b"host")
        length = values.get(b"content-length", b"0")
        if hosts > 1 or b"transfer-encoding" in values or not LENGTH.fullmatch(length):
            return None
        return cls(hosts, values.get(b"connection", b"").lower(), int(length))


class Request(NamedTuple):
    """What a client asked for, and how it deserves to be answered; `length` is that of the request's body."""

    status: int
    path: str = ""
    method: str = "GET"
    length: int = 0
    keeps_open: bool = False

    @classmethod
    def take(cls, received: bytes) -> tuple["Request | None", bytes]:
        """The first request in `received`, or None while its head is incomplete; and the rest."""
        end = END_OF_HEAD.search(received, 0, MAX_HEAD + 4)
        if end is None:
            return (cls(431), b"") if len(received) > MAX_HEAD else (None, received)
        return cls.read(received[: end.start()]), received[end.end() :]

    @classmethod
    def read(cls, head: bytes) -> "Request":
        """The request whose head is `head`; one that breaks the rules of HTTP has status 400."""
        asked = REQUEST_LINE.match(head)
        wishes = Wishes.of(head[asked.end() :]) if asked else None
        if asked is None or wishes is None:
            return cls(400)
        method, target, modern = asked[1].decode(), asked[2].decode(), asked[3] == b"1"
        if wishes.hosts < modern:
            return cls(400)
        keeps_open = b"close" not in wishes.connection if modern else b"keep-alive" in wishes.connection
        path = target if target[0] in "/*" else AUTHORITY.sub("", target) or "/"
        return cls(200 if method in ("GET", "HEAD") else 405, path, method, wishes.length, keeps_open)

    def answer(self, size: int) -> tuple[bytes, bytes]:
        """Head and body of the answer, whose page has `size` bytes."""
        reason = REASONS[self.status]
        page = body(self.path, size) if self.status == 200 else f"{self.status} {reason}\n".encode()
        head = (
            f"HTTP/1.1 {self.status} {reason}\r\n"
            f"Content-Type: {'text/html' if self.status == 200 else 'text/plain'}; charset=utf-8\r\n"
            f"Content-Length: {len(page)}\r\n"
            f"Connection: {'keep-alive' if self.keeps_open else 'close'}\r\n"
            + ("Allow: GET, HEAD\r\n\r\n" if self.status == 405 else "\r\n")
        )
        return head.encode(), b"" if self.method == "HEAD" else page


Queue = deque[tuple[float, Callable[..., None], tuple[Any, ...]]]
"""Calls, and when they are due on CLOCK_MONOTONIC, in that order."""


class Client:
    """One connection: what came on it, what is still to be sent, and what happens then."""

    __slots__ = (
        "answering", "began", "closing", "ended", "events", "phases", "received", "resets", "sock", "to_drop",
        "to_send", "trips",
    )  # fmt: skip

    def __init__(self, sock: socket.socket, distance: float) -> None:
        self.sock = sock
        self.began = time.monotonic()
        self.phases = Connection(syn=self.began, established=self.began + distance)
        self.trips = 2 * distance
        self.received = b""
        self.to_drop = 0
        self.to_send = memoryview(b"")
        self.events = 0
        self.answering = False
        self.closing = False
        self.resets = False
        self.ended = False


class Origin:
    """The server: sockets in a selector, answers in queues until they are due."""

    def __init__(
        self, listener: socket.socket, settings: Settings, distance: float, log: TextIO | None
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

    def run(self, stop: socket.socket | None) -> None:
        """Serve until `stop` is readable, then close every connection."""
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
            client = Client(sock, self._distance)
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
        try:
            sent = client.sock.send(client.to_send[:most], more)
        except BlockingIOError:
            return True
        except OSError:
            self._close(client)
            return False
        client.to_send = client.to_send[sent:]
        client.phases.last_byte = time.monotonic()
        client.phases.first_byte = client.phases.first_byte or client.phases.last_byte
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
            self._log.write(json.dumps(client.phases.nanoseconds()) + "\n")
