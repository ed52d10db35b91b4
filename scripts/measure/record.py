"""Samples and records: what was measured, and everything that it was measured with."""

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from scripts.measure import stats

METRICS = ("wall", "user", "system", "cpu", "voluntary", "involuntary", "memory")
SCHEMA = Path(__file__).with_name("measurements.schema.json")
"""The JSON Schema of what `dump` writes, to be published beside it."""


class BadRecords(Exception):
    """Given records cannot be used; the message says which file, and why."""


@dataclass(frozen=True)
class Sample:
    """One run: seconds, switches, bytes; None for what this system does not tell.

    `orphans` is the CPU (s) of descendants that nobody waited for, `memory` the peak of the largest process,
    `connections` the phases of each, in seconds from the call of `fetch_all`.
    """

    wall: float
    user: float
    system: float
    orphans: float
    voluntary: int | None
    involuntary: int | None
    memory: int | None
    pages: int
    bytes: int
    connections: tuple[dict[str, float | None], ...] = ()

    @property
    def cpu(self) -> float:
        """Seconds of CPU, user and system, of the program and all its descendants."""
        return self.user + self.system + self.orphans

    @classmethod
    def from_json(cls, value: Any) -> "Sample":
        """The sample that was written as JSON's own types; raises BadRecords for anything else."""
        sample = _fill(cls, value)
        return cls(**sample | {"connections": tuple(sample["connections"])})


@dataclass(frozen=True)
class Record:
    """All runs of one case, and the circumstances: `ideal`, `rtt` and `service_time` in seconds.

    `commit` ends in ``-dirty`` when the tree differed from it, and is None outside git.
    """

    stage: str
    samples: tuple[Sample, ...]
    ideal: float
    link: str
    rtt: float
    service_time: float
    body_size: int
    faults: tuple[str, ...]
    python: str
    implementation: str
    system: str
    processor: str
    cores: int
    commit: str | None
    snippet_hash: str
    inputs_hash: str
    measured_at: str
    notes: tuple[str, ...] = ()

    def samples_of(self, metric: str) -> list[float | None]:
        """That metric of every run, in order; raises ValueError for one that there is not."""
        if metric not in METRICS:
            raise ValueError(f"no metric is called {metric!r}: there are {', '.join(METRICS)}")
        return [getattr(sample, metric) for sample in self.samples]

    def median(self, metric: str) -> float | None:
        """The median over the runs, or None when this system does not tell."""
        return stats.middle(self.samples_of(metric))

    def spread(self, metric: str) -> tuple[float, float] | None:
        """The lowest and the highest of the runs, or None when this system does not tell."""
        return stats.spread(self.samples_of(metric))

    def unstable(self) -> str | None:
        """Why the wall times should not be trusted, or None."""
        return stats.unstable([sample.wall for sample in self.samples])

    def to_json(self) -> dict[str, Any]:
        """The record as JSON's own types."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Any) -> "Record":
        """The record that `to_json` made of one; raises BadRecords for anything else."""
        record = _fill(cls, value)
        samples = tuple(Sample.from_json(sample) for sample in record["samples"])
        if not samples:
            raise BadRecords(f"the record of {record['stage']!r} holds no sample")
        record |= {"samples": samples, "faults": tuple(record["faults"]), "notes": tuple(record["notes"])}
        return cls(**record)


def _fill(kind: type, value: Any) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    if not isinstance(value, dict) or value.keys() != names:
        odd = sorted(names ^ value.keys()) if isinstance(value, dict) else type(value).__name__
        raise BadRecords(f"not a {kind.__name__.lower()} of this version: {odd}; measure again")
    return dict(value)


def dump(records: Iterable[Record], path: Path, outputs: Mapping[str, str] | None = None) -> None:
    """Write ``{"records": [...], "outputs": {...}}`` to `path`, all of it or nothing.

    `outputs` is what demonstrations printed, by their names.
    """
    document = {"records": [record.to_json() for record in records], "outputs": dict(outputs or {})}
    write_atomically(path, json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def load(path: Path) -> dict[str, Record]:
    """The records of a file that `dump` wrote, by stage; raises BadRecords."""
    return load_all(path)[0]


def load_all(path: Path) -> tuple[dict[str, Record], dict[str, str]]:
    """The records of a file that `dump` wrote, by stage, and the outputs in it; raises BadRecords."""
    try:
        document = json.loads(path.read_text("utf-8"))
        records = [Record.from_json(value) for value in document["records"]]
        outputs = {str(name): str(text) for name, text in document["outputs"].items()}
    except OSError as error:
        raise BadRecords(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadRecords(f"{path}: not a file of measurements ({error})") from error
    except BadRecords as error:
        raise BadRecords(f"{path}: {error}") from error
    return {record.stage: record for record in records}, outputs


def write_atomically(path: Path, text: str) -> None:
    """Put `text` in the place of `path`: who reads it finds the old text or the new, never a part.

    A rename within one folder is atomic (rename(2)), whoever else writes the same file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(temporary, 0o644)  # mkstemp(3) lets nobody else read, but a web server shall
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
