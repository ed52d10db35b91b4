"""The origin: an HTTP server that answers what is known in advance, after a time that is set.

One thread, one selector, one heap of timers: whoever waits holds nobody else up.  It reads
requests by itself, because an HTTP library takes many times the processor for each.
"""

import heapq
import html
import itertools
import json
import re
import select
import selectors
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TextIO

from scripts.lab.settings import Settings
from scripts.lab.trace import Connection

MAX_HEAD = 16 << 10
BACKLOG = 65_535
ABORT = struct.pack("ii", 1, 0)
"""SO_LINGER of no seconds: close(2) then sends a reset instead of a FIN."""

TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
REQUEST_LINE = re.compile(rb"(%s) ((?:/|https?://)[!-~]*|\*) HTTP/1\.([01])" % TOKEN)
FIELD = re.compile(rb"(%s):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*" % TOKEN)
LENGTH = re.compile(rb"\d{1,12}")
REASONS = {200: "OK", 400: "Bad Request", 405: "Method Not Allowed", 431: "Request Header Fields Too Large"}


@lru_cache(maxsize=32_768)
def body(path: str, size: int) -> bytes:
    """The page at `path`: `size` bytes of HTML that name the path in each line."""
    name = html.escape(path)
    lines = [f"<!doctype html>\n<title>{name}</title>\n"]
    for number in range(size // len(f"<p>{name}, line 0</p>\n") + 1):
        lines.append(f"<p>{name}, line {number}</p>\n")
    return "".join(lines).encode()[:size]


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket with the longest backlog that the system grants; raises OSError."""
    return socket.create_server((host, port), backlog=BACKLOG)


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
    for each connection, a `Connection` as if the distance had been real.
    """
    Origin(listener, settings, distance, log).run(stop)


@dataclass(frozen=True)
class Request:
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
        """The request with that head; one that breaks the rules of HTTP has status 400."""
        line, *lines = re.split(rb"\r?\n", head)
        asked = REQUEST_LINE.fullmatch(line)
        parts = [FIELD.fullmatch(line) for line in lines]
        if asked is None or None in parts:
            return cls(400)
        fields = [(part[1].lower(), part[2]) for part in parts if part]
        values = dict(fields)
        modern = asked[3] == b"1"
        hosts = [name for name, _ in fields].count(b"host")
        length = values.get(b"content-length", b"0")
        if hosts > 1 or hosts < modern or b"transfer-encoding" in values or not LENGTH.fullmatch(length):
            return cls(400)
        method, path = asked[1].decode(), re.sub("^https?://[^/?]*", "", asked[2].decode()) or "/"
        wish = values.get(b"connection", b"").lower()
        keeps_open = b"close" not in wish if modern else b"keep-alive" in wish
        return cls(200 if method in ("GET", "HEAD") else 405, path, method, int(length), keeps_open)

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


class Client:
    """One connection: what came on it, what is still to be sent, and what happens then."""

    def __init__(self, sock: socket.socket, distance: float) -> None:
        self.sock = sock
        self.phases = Connection(syn=(now := time.monotonic()), established=now + distance)
        self.trips = 2 * distance
        self.received = b""
        self.to_drop = 0
        self.to_send = memoryview(b"")
        self.answering = False
        self.closing = False
        self.resets = False
        self.ended = False


class Origin:
    """The server: sockets in a selector, answers in a heap until they are due."""

    def __init__(
        self, listener: socket.socket, settings: Settings, distance: float, log: TextIO | None
    ) -> None:
        self._listener = listener
        self._settings = settings
        self._distance = distance
        self._log = log
        self._faults = {fault.target: fault.kind for fault in settings.faults}
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Callable[..., None], tuple]] = []
        self._order = itertools.count()
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
        while self._timers and self._timers[0][0] <= now:
            *_, call, arguments = heapq.heappop(self._timers)
            call(*arguments)
        return True

    def _ready(self) -> list[tuple[selectors.SelectorKey, int]]:
        timeout = max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None
        if hasattr(selectors, "EpollSelector"):
            # epoll_wait(2) rounds up to a millisecond; select(2), on the epoll itself, does not.
            select.select([self._selector], [], [], timeout)
            timeout = 0
        return self._selector.select(timeout)

    def _after(self, seconds: float, call: Callable[..., None], *arguments: object) -> None:
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), call, arguments))

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client = Client(sock, self._distance)
            self._clients.add(client)
            self._selector.register(sock, selectors.EVENT_READ, client)

    def _receive(self, client: Client) -> None:
        try:
            chunk = client.sock.recv(65_536)
        except BlockingIOError:
            return
        except OSError:
            chunk, client.answering = b"", False
        if chunk:
            client.received += chunk
            self._understand(client)
        elif client.answering:
            client.ended = True  # it has said all it wanted, and still waits for the answer
            self._selector.unregister(client.sock)
        else:
            self._close(client)

    def _understand(self, client: Client) -> None:
        """Take the next request from what came, once the one before is answered."""
        dropped = client.received[: client.to_drop]
        client.received = client.received[len(dropped) :]
        client.to_drop -= len(dropped)
        if client.answering or client.to_drop or client.closing:
            return
        request, client.received = Request.take(client.received)
        if request is None:
            return
        client.answering, client.to_drop = True, request.length
        if client.phases.request is None:
            client.phases.request = client.phases.established
        self._after(self._settings.service_time + client.trips, self._answer, client, request)
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
        elif fault != "silent":
            self._send(client)

    def _drip(self, client: Client) -> None:
        if len(client.to_send) > 1 and self._write(client, 1):
            self._after(self._settings.service_time, self._drip, client)
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
        else:
            self._understand(client)
        if client.ended and not client.answering:
            self._close(client)
        elif not client.ended:
            self._listen_for(client, selectors.EVENT_READ)

    def _write(self, client: Client, most: int) -> bool:
        """Send what the buffer takes, at most `most` bytes; False where the client is gone."""
        if client not in self._clients:
            return False
        try:
            sent = client.sock.send(client.to_send[:most])
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
        if client.resets:
            client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
            client.ended = True
            return
        try:
            # close(2) with bytes unread would send a reset right behind the answer; shutdown(2) does not.
            client.sock.shutdown(socket.SHUT_WR)
        except OSError:
            client.ended = True  # the client reset the connection before it had the whole answer

    def _listen_for(self, client: Client, events: int) -> None:
        try:
            self._selector.modify(client.sock, events, client)
        except KeyError:
            self._selector.register(client.sock, events, client)

    def _close(self, client: Client) -> None:
        with suppress(KeyError):
            self._selector.unregister(client.sock)
        client.sock.close()
        self._clients.discard(client)
        client.phases.closed = time.monotonic()
        if self._log is not None:
            self._log.write(json.dumps(asdict(client.phases)) + "\n")
