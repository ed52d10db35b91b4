"""What builds measured one after another: a line of JSON for each, and what has become slower since.

    {"time": …, "commit": …, "python": "CPython 3.11.7", "machine": …, "lab": …,
     "cases": {"threads": {"wall": [1.043, …], "cpu": [0.01, …]}, …}}

The samples are ratios to the ideal time of their case, so that builds far apart can be compared.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from math import comb
from pathlib import Path
from statistics import median
from typing import Any

from scripts.measure.record import BadRecords, Record
from scripts.measure.stats import mann_whitney

METRICS = ("wall", "cpu")
SLOWER = 0.10
"""A median has to grow by so much,"""
SURE = 0.01
"""and chance to be less likely than this, to be called a regression: many cases are compared at once."""

Ratios = dict[str, list[float]]


@dataclass(frozen=True)
class Build:
    """One line.  `python`, `machine` and `lab` tell how it was measured; `cases` holds ratios by metric."""

    time: str
    commit: str | None
    python: str
    machine: str
    lab: str
    cases: dict[str, Ratios]

    @property
    def circumstances(self) -> tuple[str, str, str]:
        """Only builds in the same ones can be compared."""
        return self.python, self.machine, self.lab

    def median(self, case: str, metric: str) -> float | None:
        """The median ratio, or None where this build did not measure it."""
        ratios = self.cases.get(case, {}).get(metric)
        return median(ratios) if ratios else None

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Build":
        """What these records, of one build, amount to."""
        records = [record for record in records if record.ideal]
        last = max(records, key=lambda record: record.measured_at)
        link = records[0].link  # a case may have asked for another one
        return cls(
            last.measured_at,
            last.commit,
            f"{last.implementation} {last.python}",
            f"{last.system}, {last.processor}, {last.cores} cores",
            f"{link}, {last.rtt:g} s, {last.service_time:g} s",
            {record.stage: ratios(record) for record in records},
        )

    @classmethod
    def from_json(cls, value: Any) -> "Build":
        """The build that was written as a line; raises BadRecords for anything else."""
        names = {field.name for field in fields(cls)}
        if not isinstance(value, dict) or value.keys() != names:
            raise BadRecords("not a line of a history")
        return cls(**value)


def ratios(record: Record) -> Ratios:
    """The samples of each metric by the ideal time, to four digits."""
    return {
        metric: [float(f"{sample / record.ideal:.4g}") for sample in record.samples_of(metric)]
        for metric in METRICS
    }


def append(path: Path, build: Build) -> None:
    """Add the build's line in one write(2), below the others, whoever else adds one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(asdict(build), ensure_ascii=False, separators=(",", ":"))
    with open(path, "ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
        whole = file.read(1) in (b"", b"\n")  # or the one before was killed while it wrote
        file.write(f"{'' if whole else chr(10)}{line}\n".encode())


def read(path: Path) -> list[Build]:
    """The builds in that file, which need not exist, from the oldest on; raises BadRecords.

    A line that breaks off is what a killed build left: it does not count.
    """
    if not path.exists():
        return []
    builds = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        try:
            builds.append(Build.from_json(json.loads(line)))
        except ValueError:
            continue
        except BadRecords as error:
            raise BadRecords(f"{path}:{number}: {error}") from error
    return sorted(builds, key=lambda build: build.time)


def before(build: Build, builds: Iterable[Build]) -> Build | None:
    """The last of them that was measured before it, in the same circumstances."""
    comparable = [
        other for other in builds if other.circumstances == build.circumstances and other.time < build.time
    ]
    return max(comparable, key=lambda other: other.time, default=None)


def untold(build: Build, earlier: Build) -> list[str]:
    """The cases of so few runs that chance could have made all of them slower than all of those before."""
    numbers = {
        case: (len(build.cases[case]["wall"]), len(earlier.cases[case]["wall"]))
        for case in build.cases
        if case in earlier.cases
    }
    return [case for case, (now, then) in numbers.items() if 2 / comb(now + then, now) >= SURE]


def regressions(build: Build, earlier: Build) -> Iterator[str]:
    """A sentence for each median that grew by more than SLOWER, and by more than noise."""
    for case in (case for case in build.cases if case in earlier.cases):
        for metric in METRICS:
            now, then = build.cases[case][metric], earlier.cases[case][metric]
            new, old = median(now), median(then)
            if old and new > old * (1 + SLOWER) and (chance := mann_whitney(now, then)) < SURE:
                yield (
                    f"{case}: {metric} is {new:.4g} times the ideal, {new / old - 1:+.0%} "
                    f"against {old:.4g} in the build of {earlier.time} (p = {chance:.2g})"
                )
