"""Fresh runs of one case in the lab, each checked: a fast wrong answer is an error."""

import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scripts import lab
from scripts.lab import Connection, LabError, LabTimeout, Outcome, Settings
from scripts.lab.origin import body
from scripts.measure import provenance
from scripts.measure.record import Record, Sample
from scripts.stages import Case

WORKER = Path(__file__).with_name("worker.py")
PAGES = 10
"""How many pages a program downloads when it is not told."""
SHOWN_LINES = 15


class StageFailed(Exception):
    """A case that could not be measured: `reason` is one line, `output` the last lines it left on stderr."""

    def __init__(self, case: Case, reason: str, output: bytes | None = None) -> None:
        self.reason = f"stage {case.name!r}: {reason}"
        self.output = "\n".join(_lines(output)[-SHOWN_LINES:])
        super().__init__(f"{self.reason}\n{self.output}" if self.output else self.reason)


def measure(
    case: Case,
    settings: Settings,
    runs: int,
    paths: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    timeout: float | None = None,
    run: Callable[..., Outcome] = lab.run,
) -> Record:
    """Run `case` that many times, each in a fresh process, and return the record.

    `paths` is how many pages to ask for (None: the program's own PATHS), `progress` is told (done, runs)
    after each run, `timeout` is in seconds for one run.  Raises StageFailed.
    """
    if runs < 1:
        raise ValueError(f"{runs} runs: at least one is needed")
    if not case.snippet.is_file():
        raise StageFailed(case, f"there is no program {case.snippet.name} in {case.snippet.parent.name}/")
    timeout = timeout or 10 + 3 * case.ideal(settings.download, paths or PAGES)
    command = [sys.executable, "-P", str(WORKER), _task(case, paths)]
    snippet_hash = provenance.snippet_hash(case)
    inputs_hash = provenance.inputs_hash(case, settings, runs, paths)
    outcomes, samples = [], []
    for done in range(1, runs + 1):
        outcomes.append(_attempt(case, command, settings, timeout, run))
        samples.append(_sample(case, settings, paths, outcomes[-1]))
        if progress:
            progress(done, runs)
    if provenance.snippet_hash(case) != snippet_hash:
        raise StageFailed(case, "its program changed while it was measured: measure again")
    return Record(
        stage=case.name,
        samples=tuple(samples),
        ideal=case.ideal(settings.download, samples[0].pages),
        link=_same_link(case, outcomes),
        rtt=settings.rtt,
        service_time=settings.service_time,
        body_size=settings.body_size,
        faults=tuple(f"{fault.kind}@{fault.target}" for fault in settings.faults),
        **provenance.machine(),
        commit=provenance.commit(),
        snippet_hash=snippet_hash,
        inputs_hash=inputs_hash,
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        notes=tuple(dict.fromkeys(note for outcome in outcomes for note in outcome.notes)),
    )


def _task(case: Case, paths: int | None) -> str:
    return json.dumps({"snippet": str(case.snippet), "start_method": case.start_method, "pages": paths})


def _attempt(
    case: Case, command: list[str], settings: Settings, timeout: float, run: Callable[..., Outcome]
) -> Outcome:
    try:
        outcome = run(
            command, settings, env=lab.bare_environment(), timeout=timeout,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
    except LabTimeout as error:
        reason = f"no end after {timeout:.1f} s, so it was killed with all that it had started"
        raise StageFailed(case, reason, error.stderr) from error
    except LabError as error:
        raise StageFailed(case, str(error)) from error
    if outcome.returncode < 0:
        raise StageFailed(case, f"killed by {_signal(-outcome.returncode)}", outcome.stderr)
    if outcome.returncode > 0:
        last = _lines(outcome.stderr)[-1:] or ["it said nothing on stderr"]
        raise StageFailed(case, f"exit status {outcome.returncode}: {last[0]}", outcome.stderr)
    return outcome


def _sample(case: Case, settings: Settings, paths: int | None, outcome: Outcome) -> Sample:
    """The sample in a worker's answer, once the pages in it are known to be right."""
    if not outcome.stdout:
        reason = "it ended with status 0 before fetch_all had returned, as sys.exit(0) does"
        raise StageFailed(case, reason, outcome.stderr)
    try:
        answer = json.loads(outcome.stdout)
        asked, got, begin = answer.pop("asked"), answer.pop("got"), answer.pop("begin")
        sample = Sample(
            **answer,
            orphans=outcome.orphans_cpu,
            pages=len(got),
            bytes=sum(length for length, _ in got.values()),
            connections=tuple(_since(begin, connection) for connection in outcome.connections),
        )
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        reason = f"the worker's answer cannot be read ({error}): {outcome.stdout[:60]!r}"
        raise StageFailed(case, reason, outcome.stderr) from error
    if wrong := _wrong_page(asked, got, settings.body_size):
        raise StageFailed(case, wrong, outcome.stderr)
    return sample


def _since(begin: float, connection: Connection) -> dict[str, float | None]:
    return {phase: None if at is None else at - begin for phase, at in asdict(connection).items()}


def _wrong_page(asked: list[str], got: dict[str, Any], size: int) -> str | None:
    """What is wrong with the pages that came, or None."""
    if not asked:
        return "it asked for no page at all"
    if missing := [path for path in asked if path not in got]:
        return f"{len(missing)} of {len(asked)} pages are missing, the first of them {missing[0]}"
    if unasked := [path for path in got if path not in asked]:
        return f"it returned {unasked[0]}, which it was not asked for"
    for path, (length, digest) in got.items():
        right = body(path, size)
        if digest != hashlib.sha256(right).hexdigest():
            return f"the body of {path} is wrong: {length} bytes came, {len(right)} were sent"
    return None


def _same_link(case: Case, outcomes: list[Outcome]) -> str:
    links = sorted({outcome.link for outcome in outcomes})
    if len(links) > 1:
        raise StageFailed(case, f"its runs went over different links, {' and '.join(links)}: measure again")
    return links[0]


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _lines(output: bytes | None) -> list[str]:
    return [line for line in (output or b"").decode(errors="replace").splitlines() if line.strip()]
