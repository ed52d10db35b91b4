"""What can be wanted of a build: records, ordeals, findings, outputs, each described in one way."""

from collections.abc import Callable
from dataclasses import dataclass
from math import log10
from pathlib import Path
from typing import Generic, Literal, TypeVar

from msgspec.structs import replace

from scripts import stages
from scripts.lab import Settings
from scripts.measure import demonstration, interpreters, trial
from scripts.measure import ordeal as ordeals
from scripts.measure.interpreters import Interpreter
from scripts.measure.record import Finding, Ordeal, Record, Results, ordeal_name
from scripts.stages import Case

Result = TypeVar("Result", Record, Ordeal, Finding, str)


@dataclass(eq=False)
class Instruments:
    """What makes results; each raises RunFailed."""

    measure: Callable[[Case, Settings, int], Record] = trial.measure
    endure: Callable[[Case, str, Settings], Ordeal] = ordeals.endure
    find: Callable[[Path, Settings, Interpreter], Finding] = demonstration.find
    printed: Callable[[Path, Settings], str] = demonstration.printed


@dataclass(frozen=True)
class Wanted(Generic[Result]):
    """One result that may be asked for: of which program, where it is among others, and how it is made.

    `python` is the name or the path of the interpreter, None for this one.
    `make` takes instruments, the settings of the lab, and how many runs there shall be.
    """

    kind: Literal["record", "ordeal", "finding", "output"]
    name: str
    program: Path
    type: type[Result]
    among: Callable[[Results], dict[str, Result]]
    make: Callable[[Instruments, Settings, int], Result]
    case: Case | None = None
    python: str | None = None


def record(name: str) -> Wanted[Record]:
    """The record of the case called `name`; raises UnknownStage."""
    case = stages.find(name)

    def make(instruments: Instruments, settings: Settings, runs: int) -> Record:
        made = instruments.measure(case, settings, runs)
        if not (reason := made.unstable()):
            return made
        again = instruments.measure(case, settings, runs)
        note = f"measured again, since at first {reason}"
        return replace(again, notes=(*again.notes, note), set_aside=made.samples)

    return Wanted(
        "record", case.name, case.snippet, Record, lambda results: results.records, make, case, case.python
    )


def ordeal(name: str, fault: str) -> Wanted[Ordeal]:
    """What the case called `name` does under `fault`; raises UnknownStage."""
    case = stages.find(name)
    return Wanted(
        "ordeal", ordeal_name(case.name, fault), case.snippet, Ordeal,
        lambda results: results.ordeals,
        lambda instruments, settings, _: instruments.endure(case, fault, settings),
        case,
        case.python,
    )  # fmt: skip


def finding(name: str) -> Wanted[Finding]:
    """What the demonstration called `name` finds, as in parallel or parallel/3.14; raises UnknownStage."""
    bare, python = stages.interpreter(name)
    program = stages.program(bare)

    def make(instruments: Instruments, settings: Settings, runs: int) -> Finding:
        return replace(instruments.find(program, settings, interpreters.of(python)), name=name)

    return Wanted(
        "finding", name, program, Finding, lambda results: results.findings, make, python=python
    )  # fmt: skip


def output(name: str) -> Wanted[str]:
    """What the program called `name` prints; raises UnknownStage."""
    program = stages.program(name)
    return Wanted(
        "output", name, program, str,
        lambda results: results.outputs,
        lambda instruments, settings, _: instruments.printed(program, settings),
    )  # fmt: skip


def runs(case: Case | None, asked: int) -> int:
    """How many runs there shall be of a case where so many are asked for; one of what is no case.

    What takes long has fewer: a sequential stage half as many, a case with a thousand pages a third.  A case
    that names its link is only there to be compared with, and runs once.
    """
    if case is None or case.link:
        return 1
    fewer = 2 if case.stage.sequential else max(round(log10(case.pages)), 1)
    return -(-asked // fewer)
