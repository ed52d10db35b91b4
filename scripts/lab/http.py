"""HTTP as far as the origin speaks it: requests read, and answered with pages that are known in advance.

Read here, because an HTTP library takes many times the processor for each.
"""

import html
import re
from functools import lru_cache
from typing import NamedTuple

MAX_HEAD = 16 << 10
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
