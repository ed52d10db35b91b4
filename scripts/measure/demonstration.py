"""Programs that are run once, for what they print or find."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from scripts import lab, stages
from scripts.lab import Fault, Outcome, Settings
from scripts.measure import provenance
from scripts.measure.attempt import RunFailed, ask, attempt
from scripts.measure.interpreters import Interpreter, this
from scripts.measure.record import Finding, Value, now

SESSION = Path(__file__).with_name("session.py")
"""What types a program into the interactive interpreter."""
SECONDS = 60.0
"""What one may take."""


def title(program: Path) -> str:
    """The program's path in the project."""
    return program.relative_to(stages.SNIPPETS.parent).as_posix()


def circumstances(program: Path, settings: Settings) -> Settings:
    """The settings of the lab for `program`, with the faults that are its subject."""
    return replace(settings, faults=tuple(map(Fault.parse, stages.FAULTS.get(program.stem, ()))))


def printed(
    program: Path, settings: Settings, run: Callable[..., Outcome] = lab.run, seconds: float = SECONDS
) -> str:
    """What the program prints in the lab, or its session with the interpreter; raises RunFailed."""
    typed = [str(SESSION)] if program.parent == stages.SESSIONS else []
    command = [sys.executable, *typed, str(program)]
    outcome = attempt(title(program), command, circumstances(program, settings), seconds, run)
    return (outcome.stdout or b"").decode()


def find(
    program: Path,
    settings: Settings,
    interpreter: Interpreter | None = None,
    run: Callable[..., Outcome] = lab.run,
) -> Finding:
    """What the program's `demonstrate()` returns in the lab; raises RunFailed.

    Its interpreter is this one if none is named.
    """
    interpreter = interpreter or this()
    task, lab_of_it = {"call": "demonstrate", "program": str(program)}, circumstances(program, settings)
    if folders := [folder for folder in stages.WRITES.get(program.stem, ()) if os.access(folder, os.W_OK)]:
        run = partial(run, writable=folders)
    outcome, values = ask(title(program), task, dict[str, Value], lab_of_it, SECONDS, run, interpreter)
    if not values:
        raise RunFailed(title(program), "demonstrate() found nothing", outcome.stderr)
    return Finding(
        name=program.stem,
        values=values,
        link=outcome.link,
        **provenance.machine(interpreter),
        commit=provenance.commit(),
        measured_at=now(),
    )
