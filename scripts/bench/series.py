"""Whole builds that measure, one after another: does every one hold its claims, and do they agree?

The medians of a stage's wall time may lie 5 % apart, from the lowest to the highest, as if the machine had
been equally fast all along.  How fast it was the program itself tells, by the CPU time that the same work
took: what its wall time has beyond the ideal counts in proportion.  What else came in between still shows.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from msgspec import to_builtins

from scripts import stages
from scripts.bench.project import BenchFailed, Project
from scripts.files import write_atomically
from scripts.measure import Record, provenance
from scripts.measure.measurements import BadRecords, load
from scripts.measure.stats import apart

SPREAD_BOUND = 0.05
COLUMNS = "{:26}{:>10}{:>10}{:>9}{:>9}{:>14}"
ABOUT = (
    "measured_at", "python", "implementation", "system", "processor", "cores", "link", "rtt", "service_time",
)  # fmt: skip
"""The circumstances that the builds share; of their commit the copy knows nothing."""
Records = Mapping[str, Record]


@dataclass(frozen=True)
class Series:
    """The medians of one case, in seconds, a number for each build: wall, CPU, wall at one speed."""

    case: str
    wall: list[float]
    cpu: list[float]
    even: list[float]


def run(project: Project, times: int, file: Path | None) -> bool:
    """Build so often, print how far the medians lie apart, write them to `file`; true when all is well."""
    commit = provenance.commit()
    builds = list(build(project, times))
    found = series(builds)
    if file and len(builds) == times:
        kept = {**circumstances(builds[-1]), "commit": commit, "builds": len(builds), "cases": found}
        write_atomically(file, json.dumps(kept, default=vars, indent=1, ensure_ascii=False) + "\n")
    elif file:
        print(f"{file} stays as it is: a series with a hole replaces none without")
    print("\n".join(table(found)))
    print(f"{times - len(builds)} of {times} builds failed")
    return judge(found) and len(builds) == times


def build(project: Project, times: int) -> Iterator[Records]:
    """The records of each build that does not fail."""
    for number in range(1, times + 1):
        try:
            spent = project.build("site")
            made = load(project.folder / "site" / "measurements.json").records
        except (BenchFailed, BadRecords) as error:
            print(f"build {number} of {times} failed: {error}", flush=True)
            continue
        print(f"build {number} of {times}: {spent:.0f} s", flush=True)
        yield made


def circumstances(records: Records) -> dict[str, Any]:
    """The fields that are the same in all records of a build."""
    facts = to_builtins(next(iter(records.values())))
    return {name: facts[name] for name in ABOUT}


def judge(found: Iterable[Series]) -> bool:
    """Say which cases lie too far apart; true where none of ten pages does."""
    wide = [each.case for each in found if apart(each.even) > SPREAD_BOUND]
    judged = [name for name in wide if stages.find(name).pages == stages.PAGES]
    crowded = [name for name in wide if name not in judged]
    print(f"at one speed {count(judged)} of ten pages lie more than {SPREAD_BOUND:.0%} apart")
    print(f"and {count(crowded)} of other numbers of pages, for which that is no bound")
    return not judged


def count(cases: Sequence[str]) -> str:
    """How many those are, and which."""
    return f"{len(cases)} ({', '.join(cases)})" if cases else "none"


def series(builds: Sequence[Records]) -> list[Series]:
    """What the builds found of each case that all of them have, the widest first."""
    cases = set.intersection(*map(set, builds)) if builds else set()
    found = [follow(case, [build[case] for build in builds]) for case in cases]
    return sorted(found, key=lambda each: (-apart(each.wall), each.case))


def follow(case: str, records: Sequence[Record]) -> Series:
    """What those records of one case, one from each build, have to say."""
    cpu = [record.median("cpu") or 0.0 for record in records]
    usual = median(cpu)
    even = [median(at_speed(record, usual)) for record in records]
    return Series(case, [record.median("wall") or 0.0 for record in records], cpu, even)


def at_speed(record: Record, usual: float) -> list[float]:
    """The wall times of a record's runs on a machine where each would have cost `usual` seconds of CPU.

    A run too short for the system to see any CPU time in it tells nothing of the speed, and stays as it is.
    """
    return [
        record.ideal + (sample.wall - record.ideal) * (usual / sample.cpu if sample.cpu else 1)
        for sample in record.samples
    ]


def table(found: Iterable[Series]) -> list[str]:
    """A line for each case below a head."""
    head = ("medians, widest first", "lowest", "highest", "apart", "CPU", "at one speed")
    rows = (
        (each.case, f"{min(each.wall):.4f} s", f"{max(each.wall):.4f} s",
         *(f"{apart(medians):.1%}" for medians in (each.wall, each.cpu, each.even)))
        for each in found
    )  # fmt: skip
    return [COLUMNS.format(*cells) for cells in (head, *rows)]
