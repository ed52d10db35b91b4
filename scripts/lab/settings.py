"""What a run of the lab is given: the link, the distances, the faults, the limits."""

import math
import re
from dataclasses import dataclass
from typing import Any

HOST, PORT = "example.com", 80
"""The one server that a program in the lab finds."""
CLIENT, SERVER = "192.0.2.1", "192.0.2.2"
"""The addresses of the program's machine and of HOST, of the block for documentation (RFC 5737)."""
LINKS = ("auto", "emulated", "loopback")
MOST_CONNECTIONS = 60_000
"""TCP has no more ports for one address (tcp(7)), and leaves the first thousand alone."""
MOST_TRACED = 20_000
"""Connections of a run whose phases are told: a run may go on for ever, and its trace shall not grow so."""
LONGEST = 60.0
"""Seconds of a round trip, or of the service, at most."""
KINDS = ("refuse", "reset", "truncate", "drip", "silent")


class LabError(Exception):
    """The lab cannot do what was asked; the message says which part, why, and what to do next."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, for one page.

    `refuse` answers the n-th connection (from 1) with a reset, since no path is known
    yet; the others concern a path: `reset` breaks off in the middle of the body,
    `truncate` closes there in good order, `drip` sends one byte each service time,
    `silent` never answers.
    """

    kind: str
    target: str

    @classmethod
    def parse(cls, spec: str) -> "Fault":
        """Read ``KIND@TARGET``, as in ``refuse@3`` or ``reset@/?page=3``; raises LabError."""
        kind, at, target = spec.partition("@")
        if kind not in KINDS or not at:
            raise LabError(f"fault {spec!r}: write KIND@TARGET, KIND one of {', '.join(KINDS)}")
        if kind == "refuse" and not (re.fullmatch(r"[1-9]\d*", target) and int(target) <= MOST_TRACED):
            number = f"a connection's number, from 1 to {MOST_TRACED}"
            raise LabError(f"fault {spec!r}: give {number}, as in refuse@3")
        if kind != "refuse" and not re.fullmatch(r"/\S*", target):
            raise LabError(f"fault {spec!r}: give a path, as in {kind}@/?page=3")
        return cls(kind, target)


@dataclass(frozen=True)
class Settings:
    """The circumstances of a run: distances, faults and limits.

    `rtt` and `service_time` are in seconds, `body_size` and `max_memory` (of one process) in bytes.
    `connections` is how many the lab is furnished to carry at once.
    """

    link: str = "auto"
    rtt: float = 0.150
    service_time: float = 0.150
    body_size: int = 9_000
    faults: tuple[Fault, ...] = ()
    connections: int = 1_000
    max_processes: int = 1_024
    max_memory: int = 4 << 30

    def __post_init__(self) -> None:
        if self.link not in LINKS:
            raise LabError(f"link {self.link!r}: it is one of {', '.join(LINKS)}")
        for name in ("rtt", "service_time"):
            seconds = getattr(self, name)
            if not (math.isfinite(seconds) and 0 <= seconds <= LONGEST):
                raise LabError(f"{name} {seconds!r}: it is a number of seconds from 0 to {LONGEST:g}")
        if not 0 <= self.body_size <= 100 << 20:
            raise LabError(f"body_size {self.body_size!r}: it is a number of bytes from 0 to 100 MiB")
        if not 1 <= self.connections <= MOST_CONNECTIONS:
            raise LabError(f"connections {self.connections!r}: it is a number from 1 to {MOST_CONNECTIONS:,}")

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> "Settings":
        """The settings of which `dataclasses.asdict` made these fields, perhaps in another process."""
        return cls(**{**fields, "faults": tuple(Fault(**fault) for fault in fields["faults"])})

    @property
    def refused(self) -> frozenset[int]:
        """The numbers of the connections to refuse, from 1."""
        return frozenset(int(fault.target) for fault in self.faults if fault.kind == "refuse")

    @property
    def download(self) -> float:
        """Seconds of one ideal download (D): connect, ask and be answered."""
        return 2 * self.rtt + self.service_time


@dataclass(frozen=True)
class Program:
    """A command, and the absolute paths that it may read, or write, beside what every program may.

    On loopback, which is no cage, it may read and write what its user may.
    """

    command: tuple[str, ...]
    readable: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()

    @classmethod
    def from_fields(cls, fields: dict[str, list[str]]) -> "Program":
        """The program of which `dataclasses.asdict` made these fields, perhaps in another process."""
        return cls(**{name: tuple(words) for name, words in fields.items()})
