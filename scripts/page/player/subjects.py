"""What is recorded for a player: a stage with its pages, or a demonstration with lanes of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.lab.settings import Fault, Settings
from scripts.page.runner.section import CANNOT
from scripts.stages import FAULTS, LANES, STAGES, Lanes, find, program

PAGES = Lanes(())
"""A stage has none but its pages."""


@dataclass(frozen=True)
class Subject:
    """A program and what a player of it needs: a `title`; so many `pages`, or None, and `lanes` instead.

    `measured` is the case whose distances it gets, `faults` what goes wrong meanwhile, as the lab reads it.
    """

    name: str
    title: str
    path: Path
    measured: str
    pages: int | None = None
    lanes: Lanes = PAGES
    faults: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """What its player is called in an address."""
        return f"player-{self.name.partition(':')[0]}"

    @property
    def text(self) -> str:
        """The program."""
        return self.path.read_text("utf-8")

    def settings(self, distances: Mapping[str, Any]) -> Settings:
        """The lab in which it is recorded."""
        return Settings(**distances, faults=tuple(map(Fault.parse, self.faults)))


def subject(name: str) -> Subject:
    """The stage, or the demonstration that has lanes, of that name; raises UnknownStage."""
    if name in LANES:
        path, faults = program(name), FAULTS.get(name, ())
        return Subject(name, path.name, path, STAGES[0].name, lanes=LANES[name], faults=faults)
    case = find(name)
    return Subject(case.name, case.title, case.snippet, case.name, case.pages)


def subjects() -> list[Subject]:
    """All that there are."""
    stages = [stage.name for stage in STAGES if stage.name not in CANNOT]
    return [subject(name) for name in (*stages, *LANES)]
