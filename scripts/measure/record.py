"""What was measured, and everything that it was measured with: records of samples, ordeals, findings."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, overload

from scripts.files import write_atomically
from scripts.measure import stats

METRICS = (
    "wall", "user", "system", "cpu", "voluntary", "involuntary", "memory",
    "link_cpu", "origin_cpu", "connect_late", "connect_late_p99", "answer_late", "answer_late_p99",
)  # fmt: skip
EverywhereTold = Literal["wall", "user", "system", "cpu", "link_cpu", "origin_cpu"]
"""Metrics that every system tells, so that no sample of them is None."""
SCHEMA = Path(__file__).with_name("measurements.schema.json")
"""The JSON Schema of what `dump` writes, to be published beside it."""


class BadRecords(Exception):
    """Given records cannot be used; the message says which file, and why."""


@dataclass(frozen=True)
class Sample:
    """One run: seconds, switches, bytes; None for what this system does not tell.

    `orphans` is the CPU (s) of descendants that nobody waited for, `memory` the peak of the largest process,
    `connections` the phases of each, in seconds from the call of `fetch_all`, unless there are too many;
    `busy` from when to when, in the same seconds, how many cores were in use, and is empty where nobody
    looked.  `link_cpu` and `origin_cpu` are the CPU (s) of the lab itself, `connect_late` and `answer_late`
    how many seconds connecting, and the answer's first byte, took beyond what was set: the medians of all
    connections, and their 99th percentiles.
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
    busy: tuple[tuple[float, float, float], ...] = ()
    link_cpu: float = 0.0
    origin_cpu: float = 0.0
    connect_late: float | None = None
    connect_late_p99: float | None = None
    answer_late: float | None = None
    answer_late_p99: float | None = None

    @property
    def cpu(self) -> float:
        """Seconds of CPU, user and system, of the program and all its descendants."""
        return self.user + self.system + self.orphans

    @classmethod
    def from_json(cls, value: Any) -> "Sample":
        """The sample that was written as JSON's own types; raises BadRecords for anything else."""
        sample = _fill(cls, value)
        busy = tuple(map(tuple, sample["busy"]))
        return cls(**sample | {"connections": tuple(sample["connections"]), "busy": busy})


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

    @overload
    def samples_of(self, metric: EverywhereTold) -> Sequence[float]: ...
    @overload
    def samples_of(self, metric: str) -> Sequence[float | None]: ...
    def samples_of(self, metric: str) -> Sequence[float | None]:
        """That metric of every run, in order; raises ValueError for one that there is not."""
        if metric not in METRICS:
            raise ValueError(f"no metric is called {metric!r}: there are {', '.join(METRICS)}")
        return [getattr(sample, metric) for sample in self.samples]

    @overload
    def median(self, metric: EverywhereTold) -> float: ...
    @overload
    def median(self, metric: str) -> float | None: ...
    def median(self, metric: str) -> float | None:
        """The median over the runs, or None when this system does not tell."""
        return stats.middle(self.samples_of(metric))

    def spread(self, metric: str) -> tuple[float, float] | None:
        """The lowest and the highest of the runs, or None when this system does not tell."""
        return stats.spread(self.samples_of(metric))

    def unstable(self) -> str | None:
        """Why the wall times should not be trusted, or None."""
        return stats.unstable([sample.wall for sample in self.samples])

    @classmethod
    def from_json(cls, value: Any) -> "Record":
        """The record that was written as JSON's own types; raises BadRecords for anything else."""
        record = _fill(cls, value)
        samples = tuple(Sample.from_json(sample) for sample in record["samples"])
        if not samples:
            raise BadRecords(f"the record of {record['stage']!r} holds no sample")
        record |= {"samples": samples, "faults": tuple(record["faults"]), "notes": tuple(record["notes"])}
        return cls(**record)


@dataclass(frozen=True)
class Ordeal:
    """What one case did while one of its pages went wrong: seconds, and CPU of all descendants.

    `delivered` counts the right pages among `asked`; `raised` holds what was reported, by the page's path,
    of many the first, or under "" where the whole call raised it; `gave_up` is whether the worker had to end
    it, after `patience`.
    """

    stage: str
    fault: str
    asked: int
    delivered: int
    raised: dict[str, str]
    gave_up: bool
    wall: float
    cpu: float
    patience: float
    link: str
    rtt: float
    service_time: float
    measured_at: str

    @property
    def name(self) -> str:
        return ordeal_name(self.stage, self.fault)

    @classmethod
    def from_json(cls, value: Any) -> "Ordeal":
        """The ordeal that was written as JSON's own types; raises BadRecords for anything else."""
        return cls(**_fill(cls, value))


def ordeal_name(stage: str, fault: str) -> str:
    """What that ordeal is kept under."""
    return f"{stage} {fault}"


@dataclass(frozen=True)
class Finding:
    """What a demonstration found, by names that it chose: seconds as float, counts, texts, None."""

    name: str
    values: dict[str, Any]
    link: str
    python: str
    implementation: str
    system: str
    processor: str
    cores: int
    commit: str | None
    measured_at: str

    @classmethod
    def from_json(cls, value: Any) -> "Finding":
        """The finding that was written as JSON's own types; raises BadRecords for anything else."""
        return cls(**_fill(cls, value))


@dataclass(frozen=True)
class Results:
    """All that a build measured, each by its name; `outputs` is what programs printed."""

    records: dict[str, Record] = field(default_factory=dict)
    ordeals: dict[str, Ordeal] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)


def _fill(kind: type, value: Any) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    if not isinstance(value, dict) or value.keys() != names:
        odd = sorted(names ^ value.keys()) if isinstance(value, dict) else type(value).__name__
        raise BadRecords(f"not a {kind.__name__.lower()} of this version: {odd}; measure again")
    return dict(value)


def dump(results: Results, path: Path) -> None:
    """Write the results to `path`: all of it or nothing."""
    write_atomically(path, to_json(results))


def to_json(results: Results) -> str:
    """The results as JSON, as SCHEMA says."""
    document = {
        "records": list(results.records.values()),
        "ordeals": list(results.ordeals.values()),
        "findings": list(results.findings.values()),
        "outputs": results.outputs,
    }
    # Not indented: what indents is written in Python, and takes ten times as long.
    return json.dumps(document, default=vars, ensure_ascii=False) + "\n"


def dump_samples(results: Results, path: Path) -> None:
    """Write a line of CSV for each sample to `path`, below one that names the columns."""
    text = io.StringIO()
    metered = [each.name for each in fields(Sample) if each.name not in ("connections", "busy")]
    about = [each.name for each in fields(Record) if each.name not in ("samples", "faults", "notes")]
    writer = csv.writer(text, lineterminator="\n")
    shown = {"system": "operating_system"}  # a sample has a `system` of its own: its seconds in the kernel
    writer.writerow(["stage", "run", *metered, *(shown.get(name, name) for name in about[1:])])
    for record in results.records.values():
        for run, sample in enumerate(record.samples, 1):
            values = [getattr(sample, name) for name in metered]
            writer.writerow([record.stage, run, *values, *(getattr(record, name) for name in about[1:])])
    write_atomically(path, text.getvalue())


def load(path: Path) -> Results:
    """The results in a file that `dump` wrote; raises BadRecords."""
    try:
        document = json.loads(path.read_text("utf-8"))
        records = [Record.from_json(value) for value in document["records"]]
        ordeals = [Ordeal.from_json(value) for value in document["ordeals"]]
        findings = [Finding.from_json(value) for value in document["findings"]]
        outputs = {str(name): str(text) for name, text in document["outputs"].items()}
    except OSError as error:
        raise BadRecords(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadRecords(f"{path}: not a file of measurements ({error})") from error
    except BadRecords as error:
        raise BadRecords(f"{path}: {error}") from error
    return Results(
        {record.stage: record for record in records},
        {ordeal.name: ordeal for ordeal in ordeals},
        {finding.name: finding for finding in findings},
        outputs,
    )
