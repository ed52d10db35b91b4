"""What work costs: the CPU of each call, with what a program usually does around it.

The prices are those of one machine (two cores, Python 3.11); `calibrated` fits them to another one.
"""

from dataclasses import dataclass, fields

PAGE = {
    "connect": 1, "register": 2, "getsockopt": 1, "send": 1, "modify": 1, "recv": 2, "unregister": 2,
    "close": 1, "select": 2, "ready": 3,
}  # fmt: skip
"""How often each is paid for one page of 1,000 bytes in callbacks, where a thousand are under way."""
HANDLES = 10
"""Steps of asyncio's loop for such a page, by its protocols."""


@dataclass(frozen=True)
class Prices:
    """Nanoseconds of CPU.

    `ready` is for each socket that a `select` gives back, `handle` for each step that asyncio's loop takes,
    `thread` and `process` for starting one, with all that comes of it.  `exchange` is what the lab's link and
    origin take on another core, one after another, to connect and then to answer.
    """

    connect: int = 10_000
    send: int = 8_000
    recv: int = 2_500
    close: int = 3_000
    register: int = 1_000
    modify: int = 1_000
    unregister: int = 1_000
    getsockopt: int = 500
    select: int = 2_000
    ready: int = 1_000
    handle: int = 7_000
    thread: int = 300_000
    process: int = 2_000_000
    sleep: int = 5_000
    wait: int = 5_000
    exchange: int = 19_000

    @property
    def page(self) -> int:
        """Of a page, in callbacks."""
        return sum(getattr(self, what) * times for what, times in PAGE.items())


def calibrated(page: float, thread: float, protocol: float) -> Prices:
    """Prices for another machine, from what it measured: seconds of CPU that one of a thousand pages takes.

    In callbacks, in threads, by asyncio's protocols.
    """
    usual = Prices()
    speed = page * 1e9 / usual.page
    scaled = {field.name: round(getattr(usual, field.name) * speed) for field in fields(usual)}
    more = {"thread": (thread - page) * 1e9, "handle": (protocol - page) * 1e9 / HANDLES}
    return Prices(**scaled | {what: max(round(price), 0) for what, price in more.items()})
