"""What a supervisor tells the caller when a command has ended."""

import json
from dataclasses import dataclass, field

ENDED = b"."
"""What comes before the report, where tidying up takes a while: the command has ended."""


@dataclass
class Report:
    """How a run went; seconds for CPU; each of `connections` is a `Connection`, told in nanoseconds.

    `error` says why there was none; `unavailable` that this link cannot be had here, so another may serve.
    """

    returncode: int | None = None
    link: str = "emulated"
    connections: list[list[int | None]] = field(default_factory=list)
    orphans_cpu: float = 0.0
    link_cpu: float = 0.0
    origin_cpu: float = 0.0
    busy: list[tuple[float, float, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: str | None = None
    unavailable: bool = False

    def to_json(self) -> bytes:
        return json.dumps(vars(self)).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Report":
        return cls(**json.loads(text))
