"""What every benchmark that is kept says of itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Benchmark:
    """On what and when it was taken, times in seconds; each kind of benchmark adds what it found."""

    measured_at: datetime
    commit: str | None
    python: str
    implementation: str
    system: str
    processor: str
    cores: int
    link: Literal["emulated", "loopback"]
    rtt: float
    service_time: float
