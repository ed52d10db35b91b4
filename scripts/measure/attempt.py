"""One run of a program in the lab, in an environment without secrets, and what can go wrong with it."""

import json
import re
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from scripts import lab, stages
from scripts.lab import LabError, LabOverflow, LabTimeout, Outcome, Settings
from scripts.lab.output import MOST_OUTPUT
from scripts.measure.interpreters import Interpreter, this
from scripts.measure.measurements import Anything, BadRecords, decode

WORKER = Path(__file__).with_name("worker.py")
SHOWN_LINES = 20
HEAD = "Traceback (most recent call last):"
FRAME = re.compile(r' +File "(?P<file>.+)", line (?P<line>\d+)')
NO_SEMAPHORES = ": the semaphores of multiprocessing need a /dev/shm that one may write to (sem_overview(7))"


class RunFailed(Exception):
    """A program that did not do what it was run for: `reason` is one line, `output` its last on stderr."""

    def __init__(self, subject: str, reason: str, output: bytes | None = None) -> None:
        self._told = subject, reason
        self.reason = f"{subject}: {reason}"
        self.output = "\n".join(lines(output)[-SHOWN_LINES:])
        super().__init__(f"{self.reason}\n{self.output}" if self.output else self.reason)

    def shortly(self) -> "RunFailed":
        """The failure without the output, for those who have seen that."""
        return RunFailed(*self._told)


def attempt(
    subject: str,
    command: Sequence[str],
    settings: Settings,
    timeout: float,
    run: Callable[..., Outcome] = lab.run,
) -> Outcome:
    """Run `command` in the lab, at most `timeout` seconds; raises RunFailed unless it ends with status 0."""
    try:
        outcome = run(
            command, settings, env=lab.bare_environment(), timeout=timeout,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, again=True,
        )  # fmt: skip
    except LabTimeout as error:
        reason = f"no end after {timeout:.1f} s, so it was killed with all that it had started"
        raise RunFailed(subject, reason, error.stderr) from error
    except LabOverflow as error:
        reason = f"it printed {MOST_OUTPUT >> 20} MiB, so it was killed with all that it had started"
        raise RunFailed(subject, reason, error.stderr) from error
    except LabError as error:
        raise RunFailed(subject, str(error)) from error
    if outcome.returncode < 0:
        raise RunFailed(subject, f"killed by {_signal(-outcome.returncode)}", outcome.stderr)
    if outcome.returncode > 0:
        reason = f"exit status {outcome.returncode}: {_cause(outcome.stderr)}"
        raise RunFailed(subject, reason, outcome.stderr)
    return outcome


def _cause(stderr: bytes | None) -> str:
    """What went wrong: by the last traceback, if there is one, the error in one line, and its place."""
    told = lines(stderr)
    if not told:
        return "it said nothing on stderr"
    heads = [at for at, line in enumerate(told) if line.endswith(HEAD)]
    if not heads:
        return told[-1]
    # In an exception group, what stands before the head stands before every line.
    before = told[heads[-1]].removesuffix(HEAD).replace("+ Exception Group ", "| ")
    traceback = [line.removeprefix(before) for line in told[heads[-1] + 1 :]]
    error = next((line for line in traceback if not line.startswith(" ")), told[-1])
    places = [place for line in traceback if (place := FRAME.match(line)) and _is_ours(place["file"])]
    where = f" ({Path(places[-1]['file']).name}:{places[-1]['line']})" if places else ""
    missing = NO_SEMAPHORES if any("_multiprocessing.SemLock(" in line for line in traceback) else ""
    return f"{error}{where}{missing}"


def _is_ours(file: str) -> bool:
    return Path(file).is_relative_to(stages.SNIPPETS)


def ask(
    subject: str,
    task: Mapping[str, object],
    answer: type[Anything],
    settings: Settings,
    timeout: float,
    run: Callable[..., Outcome] = lab.run,
    interpreter: Interpreter | None = None,
) -> tuple[Outcome, Anything]:
    """Have a worker do `task` (see worker.py), and read what it answers as an `answer`; raises RunFailed.

    Its interpreter is this one if none is named.
    """
    command = [(interpreter or this()).path, str(WORKER), json.dumps(task)]
    outcome = attempt(subject, command, settings, timeout, run)
    if not outcome.stdout:
        reason = f"it ended with status 0 before {task['call']} had returned, as sys.exit(0) does"
        raise RunFailed(subject, reason, outcome.stderr)
    try:
        return outcome, decode(outcome.stdout, answer)
    except BadRecords as error:
        reason = f"the worker's answer cannot be read ({error}): {outcome.stdout[:60]!r}"
        raise RunFailed(subject, reason, outcome.stderr) from error


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def lines(output: bytes | None) -> list[str]:
    """The lines of `output` that are not empty."""
    return [line for line in (output or b"").decode(errors="replace").splitlines() if line.strip()]
