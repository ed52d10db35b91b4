"""Programs that are run once, for what they print or find."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from scripts import lab
from scripts.lab import Fault, Outcome, Settings
from scripts.measure import provenance
from scripts.measure.attempt import RunFailed, ask, attempt
from scripts.measure.record import Finding
from scripts.stages import FAULTS

SECONDS = 60.0
"""What one may take."""


def title(program: Path) -> str:
    """The program's path in the project."""
    place = program.parts.index("snippets") if "snippets" in program.parts else -2
    return "/".join(program.parts[place:])


def circumstances(program: Path, settings: Settings) -> Settings:
    """The settings of the lab for that program."""
    return replace(settings, faults=tuple(map(Fault.parse, FAULTS.get(program.stem, ()))))


def printed(
    program: Path, settings: Settings, run: Callable[..., Outcome] = lab.run, seconds: float = SECONDS
) -> str:
    """What the program prints in the lab; raises RunFailed."""
    command = [sys.executable, str(program)]
    outcome = attempt(title(program), command, circumstances(program, settings), seconds, run)
    return (outcome.stdout or b"").decode()


def find(
    program: Path, settings: Settings, run: Callable[..., Outcome] = lab.run, seconds: float = SECONDS
) -> Finding:
    """What its `demonstrate()` returns in the lab; raises RunFailed."""
    task = {"call": "demonstrate", "program": str(program)}
    outcome, values = ask(title(program), task, circumstances(program, settings), seconds, run)
    if not values:
        raise RunFailed(title(program), "demonstrate() found nothing", outcome.stderr)
    return Finding(
        name=program.stem,
        values=values,
        link=outcome.link,
        **provenance.machine(),
        commit=provenance.commit(),
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
