"""Benchmarks that are kept with the project: not of this build, but of the last time that they were taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

import msgspec

from scripts.files import ROOT
from scripts.page import footnote, tables, words
from scripts.page.failures import NoSuchThing
from scripts.page.html import Html

DATA = ROOT / "docs" / "assets" / "data"


@dataclass(frozen=True)
class Benchmark:
    """On what and when it was taken; each kind of benchmark adds what it found."""

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


Kind = TypeVar("Kind", bound=Benchmark)


def load(command: str, kind: type[Kind]) -> Kind:
    """What `python -m scripts.bench COMMAND` left; raises NoSuchThing where it left none of that kind."""
    file = DATA / f"{command}.json"
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError) as error:
        make = f"python -m scripts.bench {command} --json docs/assets/data/{file.name}"
        raise NoSuchThing(f"{file.name} holds no benchmark ({error}): make one by {make}") from error


def show(benchmark: Benchmark, facts: Iterable[str], columns: Sequence[str], rows: tables.Rows) -> Html:
    """A table, and below it the circumstances, first those of this benchmark alone."""
    made = [words.distances(benchmark), words.machine(benchmark), footnote.made(benchmark)]
    return tables.comparison(columns, rows, [*facts, *made])
