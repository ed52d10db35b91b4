"""Benchmarks that are kept with the project: not of this build, but of the last time that they were taken."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from scripts.files import ROOT
from scripts.measure import BadRecords
from scripts.measure.measurements import decode
from scripts.page import footnote, tables, words
from scripts.page.benchmark import Benchmark
from scripts.page.failures import NoSuchThing
from scripts.page.html import Html

DATA = ROOT / "docs" / "assets" / "data"
Kind = TypeVar("Kind", bound=Benchmark)


def load(name: str, kind: type[Kind], command: str) -> Kind:
    """What `python -m COMMAND` left under that name; raises NoSuchThing where it left none of that kind."""
    file = DATA / f"{name}.json"
    try:
        return decode(file.read_bytes(), kind)
    except (OSError, BadRecords) as error:
        make = f"python -m {command} --json docs/assets/data/{file.name}"
        raise NoSuchThing(f"{file.name} holds no benchmark ({error}): make one by {make}") from error


def show(
    caption: str, benchmark: Benchmark, facts: Iterable[str], columns: Sequence[str], rows: tables.Rows
) -> Html:
    """A table, and below it the circumstances, first those of this benchmark alone."""
    made = [words.distances(benchmark), words.machine(benchmark), footnote.made(benchmark)]
    return tables.comparison(columns, rows, [*facts, *made], caption=caption)
