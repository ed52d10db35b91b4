"""What builds measured one after another: a line of JSON for each, and what has become slower since.

    {"time": …, "commit": …, "python": "CPython 3.11.7", "machine": …, "lab": …,
     "cases": {"threads": {"wall": [1.043, …], "cpu": [0.01, …]}, …}}

The samples are ratios to the ideal time of their case, so that builds far apart can be compared.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from math import comb
from pathlib import Path
from statistics import median
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from scripts.measure.measurements import BadRecords, decode
from scripts.measure.record import Commit, Record, Time
from scripts.measure.stats import mann_whitney

METRICS = ("wall", "cpu")
SLOWER = 0.10
"""By what part of itself a median must grow at least, to be called a regression."""
SURE = 0.01
"""How likely chance may be at most, for a change to be a regression: many cases are compared at once."""


class Ratios(Struct, frozen=True, forbid_unknown_fields=True):
    """The samples of one case by the case's ideal time, to four digits; METRICS names them."""

    wall: Annotated[list[float], Meta(min_length=1)]
    cpu: Annotated[list[float], Meta(min_length=1)]

    @classmethod
    def of(cls, record: Record) -> "Ratios":
        """The ratios of a record, whose ideal time must not be nought."""

        def by_ideal(seconds: float) -> float:
            return float(f"{seconds / record.ideal:.4g}")

        samples = record.samples
        return cls([by_ideal(each.wall) for each in samples], [by_ideal(each.cpu) for each in samples])


class Build(Struct, frozen=True, forbid_unknown_fields=True):
    """One line.  `python`, `machine` and `lab` tell how it was measured."""

    time: Time
    commit: Commit | None
    python: str
    machine: str
    lab: str
    cases: dict[str, Ratios]

    @property
    def circumstances(self) -> tuple[str, str, str]:
        """Only builds in the same ones can be compared."""
        return self.python, self.machine, self.lab

    def median(self, case: str, metric: str) -> float | None:
        """The median ratio of a case, or None where this build did not measure it."""
        return median(getattr(self.cases[case], metric)) if case in self.cases else None

    @classmethod
    def of(cls, records: Sequence[Record]) -> "Build":
        """What these records of one build, at least one, amount to: no cases where there is no distance."""
        last = max(records, key=lambda record: record.measured_at)
        link = records[0].link  # a case may have asked for another one
        return cls(
            last.measured_at,
            last.commit,
            f"{last.implementation} {last.python}",
            f"{last.system}, {last.processor}, {last.cores} cores",
            f"{link}, {last.rtt:g} s, {last.service_time:g} s",
            {record.stage: Ratios.of(record) for record in records if record.ideal},
        )


def append(path: Path, build: Build) -> None:
    """Add the build's line in one write(2), below the others, whoever else adds one; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
        whole = file.read(1) in (b"", b"\n")  # or the one before was killed while it wrote
        file.write((b"" if whole else b"\n") + msgspec.json.encode(build) + b"\n")
        file.flush()
        os.fsync(file)


def read(path: Path) -> list[Build]:
    """The builds in the file `path`, which need not exist, from the oldest on; raises BadRecords.

    A line that breaks off is what a killed build left: it does not count.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BadRecords(f"{path}: cannot be read ({error.strerror})") from error
    builds = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.count(b"{") > line.count(b"}"):
            continue
        try:
            builds.append(decode(line, Build))
        except BadRecords as error:
            raise BadRecords(f"{path}:{number}: not a line of a history: {error}") from error
    return sorted(builds, key=lambda build: build.time)


def before(build: Build, builds: Iterable[Build]) -> Build | None:
    """The last of `builds` that was measured before `build`, in the same circumstances."""
    comparable = [
        other for other in builds if other.circumstances == build.circumstances and other.time < build.time
    ]
    return max(comparable, key=lambda other: other.time, default=None)


def untold(build: Build, earlier: Build) -> list[str]:
    """The cases of so few runs that chance could have made all of them slower than all of those before."""
    numbers = {
        case: (len(build.cases[case].wall), len(earlier.cases[case].wall))
        for case in build.cases
        if case in earlier.cases
    }
    return [case for case, (now, then) in numbers.items() if 2 / comb(now + then, now) >= SURE]


def regressions(build: Build, earlier: Build) -> Iterator[str]:
    """Sentences: one for each median that grew by more than SLOWER, and by more than noise."""
    for case in (case for case in build.cases if case in earlier.cases):
        for metric in METRICS:
            now, then = (getattr(each.cases[case], metric) for each in (build, earlier))
            new, old = median(now), median(then)
            if old and new > old * (1 + SLOWER) and (chance := mann_whitney(now, then)) < SURE:
                yield (
                    f"{case}: {metric} is {new:.4g} times the ideal, {new / old - 1:+.0%} "
                    f"against {old:.4g} in the build of {earlier.time:%Y-%m-%d %H:%M} (p = {chance:.2g})"
                )
