"""Whole builds that measure, one after another: does every one hold its claims, and do they agree?

The medians of a stage's wall time may lie 5 % apart, from the lowest to the highest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scripts.bench.project import BenchFailed, Project
from scripts.measure import Results
from scripts.measure.record import load

SPREAD_BOUND = 0.05
COLUMNS = "{:24}{:>10}{:>10}{:>9}"
Medians = Mapping[str, float]
"""Seconds of wall time by the case's name."""


@dataclass(frozen=True)
class Range:
    """The lowest and the highest of a case's medians, in seconds."""

    case: str
    lowest: float
    highest: float

    @property
    def spread(self) -> float:
        """How far apart they are, as a part of the lowest."""
        return self.highest / self.lowest - 1


def run(project: Project, times: int) -> bool:
    """Build so often, print how far each stage's medians lie apart; true when all is within its bound."""
    builds: list[Medians] = []
    for number in range(1, times + 1):
        try:
            spent = project.build("site")
        except BenchFailed as error:
            print(f"build {number} of {times} failed: {error}", flush=True)
            continue
        print(f"build {number} of {times}: {spent:.0f} s", flush=True)
        builds.append(medians(load(project.folder / "site" / "measurements.json")))
    found = ranges(builds)
    print("\n".join(table(found)))
    wide = [each.case for each in found if each.spread > SPREAD_BOUND]
    print(f"{times - len(builds)} of {times} builds failed")
    told = f": {', '.join(wide)}" if wide else ""
    print(f"{len(wide)} of {len(found)} medians lie more than {SPREAD_BOUND:.0%} apart{told}")
    return len(builds) == times and not wide


def medians(results: Results) -> Medians:
    """The median of every record."""
    return {name: record.median("wall") for name, record in results.records.items()}


def ranges(builds: Iterable[Medians]) -> list[Range]:
    """The range of each case, the widest first."""
    samples: dict[str, list[float]] = {}
    for build in builds:
        for case, seconds in build.items():
            samples.setdefault(case, []).append(seconds)
    found = [Range(case, min(seconds), max(seconds)) for case, seconds in samples.items()]
    return sorted(found, key=lambda each: each.spread, reverse=True)


def table(found: Iterable[Range]) -> list[str]:
    """A line for each case below a head."""
    head = ("medians, widest first", "lowest", "highest", "apart")
    rows = (
        (each.case, f"{each.lowest:.4f} s", f"{each.highest:.4f} s", f"{each.spread:.1%}") for each in found
    )
    return [COLUMNS.format(*cells) for cells in (head, *rows)]
