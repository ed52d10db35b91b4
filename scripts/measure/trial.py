"""Fresh runs of one case in the lab, each checked: a fast wrong answer is an error."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace

from msgspec import Struct

from scripts import lab
from scripts.lab import Connection, Outcome, Settings
from scripts.lab.cpu_watch import during
from scripts.lab.http import body
from scripts.measure import interpreters, provenance, stats
from scripts.measure.attempt import RunFailed, ask
from scripts.measure.record import TRACED, Count, Phases, Record, Sample, Seconds, now
from scripts.stages import PAGES, Case

SMALL_BODY = 1_000
"""Bytes of a page where there are more pages than ten: what is compared then is the waiting."""
STACK = 9 << 20
"""Bytes that a thread for each page may take: most of them are never touched, but the kernel counts them."""
PROCESSES = 2
"""Threads or processes for each page, and as many numbers of those that have just ended."""


class Answer(Struct, forbid_unknown_fields=True):
    """What a worker tells of a download: when it began (CLOCK_MONOTONIC), what it took, and what came.

    Seconds and bytes as in a Sample; `got` has the length and the SHA-256 of the body at each path.
    """

    begin: float
    wall: Seconds
    user: Seconds
    system: Seconds
    voluntary: Count | None
    involuntary: Count | None
    memory: Count | None
    asked: list[str]
    got: dict[str, tuple[int, str]]


def subject(case: Case) -> str:
    """What an error calls `case`."""
    return f"stage {case.name!r}"


def measure(
    case: Case,
    settings: Settings,
    runs: int,
    progress: Callable[[int, int], None] | None = None,
    *,
    timeout: float | None = None,
    body_size: int | None = None,
    run: Callable[..., Outcome] = lab.run,
) -> Record:
    """Run `case` that many times, each in a fresh process, and return the record.

    `progress` is told (done, runs) after each run, `timeout` is in seconds for one run, `body_size` in bytes,
    in place of what goes with so many pages.  Raises RunFailed, or NoInterpreter where its Python is missing.
    """
    if runs < 1:
        raise ValueError(f"{runs} runs: at least one is needed")
    if not case.snippet.is_file():
        missing = f"there is no program {case.snippet.name} in {case.snippet.parent.name}/"
        raise RunFailed(subject(case), missing)
    settings = distances(case, settings)
    if body_size is not None:
        settings = replace(settings, body_size=body_size)
    timeout = timeout or patience(case, settings)
    snippet_hash = provenance.program_hash(case.snippet)
    program, around = provenance.hashes(provenance.programs(case.snippet)), provenance.surroundings()
    interpreter = interpreters.of(case.python)
    inputs_hash = provenance.inputs_hash(provenance.way(case), settings, runs, program, around, interpreter)
    outcomes, samples = [], []
    for done in range(1, runs + 1):
        outcome, answer = ask(subject(case), task(case), Answer, settings, timeout, run, interpreter)
        outcomes.append(outcome)
        samples.append(_sample(case, settings, outcome, answer))
        if progress:
            progress(done, runs)
    if provenance.program_hash(case.snippet) != snippet_hash:
        raise RunFailed(subject(case), "its program changed while it was measured: measure again")
    return Record(
        stage=case.name,
        samples=tuple(samples),
        ideal=case.ideal(settings.download, samples[0].pages),
        link=_same_link(case, outcomes),
        rtt=settings.rtt,
        service_time=settings.service_time,
        body_size=settings.body_size,
        faults=tuple(f"{fault.kind}@{fault.target}" for fault in settings.faults),
        **provenance.machine(interpreter),
        commit=provenance.commit(),
        snippet_hash=snippet_hash,
        inputs_hash=inputs_hash,
        measured_at=now(),
        notes=tuple(dict.fromkeys(note for outcome in outcomes for note in outcome.notes)),
    )


def distances(case: Case, settings: Settings) -> Settings:
    """The settings of the lab for `case`: many pages are small, and have room for a thread each."""
    settings = replace(settings, link=case.link or settings.link, connections=case.pages)
    if case.pages == PAGES:
        return settings
    return replace(
        settings,
        body_size=SMALL_BODY,
        max_processes=settings.max_processes + PROCESSES * case.pages,
        max_memory=settings.max_memory + STACK * case.pages,
    )


def patience(case: Case, settings: Settings) -> float:
    """Seconds that one run of `case` may take: a slow machine may be busy for some with a thousand pages."""
    return 10 + 3 * case.ideal(settings.download, case.pages) + case.pages / 500


def task(case: Case, call: str = "fetch_all", **more: object) -> Mapping[str, object]:
    """What a worker is to do with `case` (see worker.py)."""
    pages = None if case.pages == PAGES else case.pages
    ways = {"start_method": case.start_method, "loop": case.loop}
    return {"call": call, "program": str(case.snippet), "pages": pages, **ways, **more}


def _sample(case: Case, settings: Settings, outcome: Outcome, answer: Answer) -> Sample:
    if wrong := _wrong_page(answer, settings.body_size):
        raise RunFailed(subject(case), wrong, outcome.stderr)
    cpu = answer.user + answer.system + outcome.orphans_cpu
    connect_late, answer_late = _lateness(outcome.connections, settings)
    return Sample(
        wall=answer.wall,
        user=answer.user,
        system=answer.system,
        orphans=outcome.orphans_cpu,
        voluntary=answer.voluntary,
        involuntary=answer.involuntary,
        memory=answer.memory,
        pages=len(answer.got),
        bytes=sum(length for length, _ in answer.got.values()),
        connections=_since(answer.begin, outcome.connections),
        busy=during(outcome.busy, answer.begin, answer.wall, cpu),
        link_cpu=outcome.link_cpu,
        origin_cpu=outcome.origin_cpu,
        connect_late=stats.middle(connect_late),
        connect_late_p99=stats.percentile(connect_late, 99),
        answer_late=stats.middle(answer_late),
        answer_late_p99=stats.percentile(answer_late, 99),
    )


def _since(begin: float, connections: Sequence[Connection]) -> tuple[Phases, ...]:
    """The phases of each in seconds since then; nothing of more than a picture can show."""
    if len(connections) > TRACED:
        return ()
    return tuple(
        {phase: None if at is None else at - begin for phase, at in asdict(connection).items()}
        for connection in connections
    )


def _lateness(connections: Sequence[Connection], settings: Settings) -> tuple[list[float], list[float]]:
    """How many seconds longer than was set connecting took, and the answer, each where it came to that."""
    connect = [
        connection.established - connection.syn - settings.rtt
        for connection in connections
        if connection.established is not None and connection.syn is not None
    ]
    answer = [
        connection.first_byte - connection.request - settings.rtt - settings.service_time
        for connection in connections
        if connection.first_byte is not None and connection.request is not None
    ]
    return connect, answer


def _wrong_page(answer: Answer, size: int) -> str | None:
    """What is wrong with the pages that came, or None."""
    asked, got = answer.asked, answer.got
    if not asked:
        return "it asked for no page at all"
    if missing := [path for path in asked if path not in got]:
        return f"{len(missing)} of {len(asked)} pages are missing, the first of them {missing[0]}"
    if unasked := got.keys() - asked:
        return f"it returned {min(unasked)}, which it was not asked for"
    for path, (length, digest) in got.items():
        if not is_right(path, digest, size):
            return f"the body of {path} is wrong: {length} bytes came, {len(body(path, size))} were sent"
    return None


def is_right(path: str, digest: str, size: int) -> bool:
    """Whether `digest` is the SHA-256 of the page of `size` bytes which the origin has at `path`."""
    return digest == hashlib.sha256(body(path, size)).hexdigest()


def _same_link(case: Case, outcomes: Sequence[Outcome]) -> str:
    links = sorted({outcome.link for outcome in outcomes})
    if len(links) > 1:
        different = f"its runs went over different links, {' and '.join(links)}: measure again"
        raise RunFailed(subject(case), different)
    return links[0]
