"""How a run went: what the caller gets, and how it travels there from the process that saw it.

A supervisor writes lines to its caller (`Message`): the process group of a command that no kernel would end,
then that the command has ended, and last the outcome, or why there is none, as JSON.
"""

import json
from dataclasses import dataclass, fields
from enum import StrEnum

from scripts.lab.cpu_watch import Interval
from scripts.lab.settings import LabError
from scripts.lab.trace import Connection


class LinkUnavailable(LabError):
    """This link cannot be had on this system; another one may serve."""


class Message(StrEnum):
    """The first word of each line from supervisor to caller."""

    GROUP = "group"
    """The number of the command's process group, which is left when the supervisor is killed."""
    ENDED = "ended"
    """The command has; what is left of the run is tidying up."""
    OUTCOME = "outcome"
    """JSON, as `Outcome.to_json` or `failure` writes it."""

    def line(self, value: str = "") -> bytes:
        """The bytes to send: this word, and what goes with it."""
        return f"{self} {value}\n".encode()


@dataclass(frozen=True)
class Outcome:
    """How a command fared: CPU in seconds, user and system; `returncode` is negative for a signal.

    `orphans_cpu` is what descendants used that the command did not wait for.  `busy` tells from when to when
    (CLOCK_MONOTONIC) how many cores they used together; it is empty on loopback.  `notes` are sentences for
    whoever relies on the run; `stdout` and `stderr` are None unless they were to be kept.
    """

    returncode: int
    link: str
    connections: tuple[Connection, ...]
    orphans_cpu: float
    busy: tuple[Interval, ...]
    link_cpu: float
    origin_cpu: float
    notes: tuple[str, ...]
    stdout: bytes | None = None
    stderr: bytes | None = None

    def to_json(self) -> str:
        """The outcome in one line, without what the command wrote: that takes another way to the caller."""
        told = {field.name: getattr(self, field.name) for field in fields(self)[:-2]}
        return json.dumps({**told, "connections": [each.nanoseconds() for each in self.connections]})

    @classmethod
    def from_json(cls, text: str) -> "Outcome":
        """The outcome that `to_json` wrote; raises LabError with what `failure` wrote."""
        told = json.loads(text)
        if "error" in told:
            raise reason(text)
        return cls(**told | {
            "connections": tuple(map(Connection.in_nanoseconds, told["connections"])),
            "busy": tuple((begin, end, cores) for begin, end, cores in told["busy"]),
            "notes": tuple(told["notes"]),
        })  # fmt: skip


def failure(error: LabError) -> str:
    """One line of JSON that says why there is no outcome."""
    return json.dumps({"error": str(error), "unavailable": isinstance(error, LinkUnavailable)})


def reason(text: str) -> LabError:
    """The error of which `failure` made that text."""
    told = json.loads(text)
    return (LinkUnavailable if told["unavailable"] else LabError)(told["error"])
