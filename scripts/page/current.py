"""Where the numbers of a build come from: the one place that reads the environment.

RECORDS names a file of records to be rendered instead of measuring.  RUNS says how often to measure each
stage, LAB_LINK, LAB_RTT and LAB_SERVICE_TIME (seconds) what the lab is like, PYTHONS which interpreters there
are beside this one.  HISTORY names a file to which a build that measured appends a line.

`mkdocs serve` measures what it has no result of: each stage once, and nothing that takes long.  With RUNS it
measures everything, as a build does, and once it has, it shows that without RUNS as well.
"""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from scripts.files import CACHE, Cache
from scripts.lab import LabError, Settings
from scripts.measure import INSTRUMENTS, Cached, Fresh, Given, Instruments, Preview, Record, Source
from scripts.measure.history import Build, append, before, read, regressions, untold
from scripts.measure.interpreters import NoInterpreter, here
from scripts.page.runner.bundle import Bundle
from scripts.stages import CASES, LOOPBACK, Case, find

KEPT = Cache(CACHE / "measurements", most=64 << 20)
RUNS = 5
Number = TypeVar("Number", int, float)
Subject = TypeVar("Subject", Case, Path)
Rest = ParamSpec("Rest")
Made = TypeVar("Made")

log = logging.getLogger("mkdocs.plugins.page")  # so that --quiet silences it, too


def choose(serving: bool, since: float) -> Source:
    """The source of a build that begins now; raises LabError for what the environment should not say.

    A preview runs the demonstrations that were saved after `since`, as `time.time` tells it.
    A history to be continued is read at once: BadRecords shall not come when everything has been measured.
    """
    if given := os.environ.get("RECORDS"):
        return Given(Path(given))
    runs, lab = variable("RUNS", RUNS), settings()
    if runs < 1:
        raise LabError(f"RUNS={runs}: at least one is needed")
    observed = Instruments(
        observe("Measuring", INSTRUMENTS.measure),
        observe("Spoiling a page of", INSTRUMENTS.endure),
        observe("Running", INSTRUMENTS.find),
        observe("Running", INSTRUMENTS.printed),
    )
    look_for_pythons()
    if not serving:
        earlier_builds()
        return Fresh(lab, runs, observed)
    if "RUNS" in os.environ:
        return Cached(lab, runs, observed, cache=KEPT)
    return Preview(lab, observed, cache=KEPT, since=since)


def look_for_pythons() -> None:
    """Have the Pythons of this machine, and say in the log which are left out; raises LabError."""
    try:
        for reason in here().left_out:
            log.info("Left out: %s", reason)
    except NoInterpreter as error:
        raise LabError(f"PYTHONS: {error}") from error


def settings() -> Settings:
    """The lab of this build, or that of the records which are given; raises LabError."""
    default = Settings()
    if os.environ.get("RECORDS"):
        record = get(CASES[0].name)
        return Settings(record.link, record.rtt, record.service_time, record.body_size)
    return Settings(
        link=os.environ.get("LAB_LINK", default.link),
        rtt=variable("LAB_RTT", default.rtt),
        service_time=variable("LAB_SERVICE_TIME", default.service_time),
    )


def variable(name: str, default: Number) -> Number:
    """A variable of the environment, as the kind of number that its default is; raises LabError."""
    try:
        return type(default)(os.environ.get(name, default))
    except ValueError:
        kind = "a whole number" if isinstance(default, int) else "a number of seconds"
        raise LabError(f"{name}={os.environ[name]!r}: it is {kind}") from None


def observe(
    saying: str, make: Callable[Concatenate[Subject, Rest], Made]
) -> Callable[Concatenate[Subject, Rest], Made]:
    """A function that does what `make` does, and says in the log that it does."""

    def observed(subject: Subject, *arguments: Rest.args, **named: Rest.kwargs) -> Made:
        log.info("%s %s", saying, subject.stem if isinstance(subject, Path) else subject.name)
        made = make(subject, *arguments, **named)
        if isinstance(made, Record) and (reason := made.unstable()):
            log.info("%s is unstable: %s", made.stage, reason)
        return made

    return observed


def earlier_builds() -> list[Build]:
    """The builds in the file that HISTORY names, from the oldest on; raises BadRecords."""
    path = os.environ.get("HISTORY")
    return read(Path(path)) if path else []


def remember() -> None:
    """Add this build to the history, and say what has become slower; raises BadRecords or OSError.

    Only one that has measured everything itself is added.
    """
    path = os.environ.get("HISTORY")
    if not path or type(source()) is not Fresh or not source().results.records:
        return
    build = Build.of([*source().results.records.values()])
    if not build.cases:
        log.info("Nothing to add to the history: without distance there is no ideal time to compare with")
        return
    earlier = before(build, earlier_builds())
    append(Path(path), build)
    if not earlier:
        log.info("No build in the history was measured like this one")
        return
    slower = list(regressions(build, earlier))
    for told in slower:
        # Not one of MkDocs' own loggers: those count, and a build with --strict would end.
        logging.getLogger(__name__).warning("Slower than before: %s", told)
    if not slower:
        log.info("Nothing is slower than in the build of %s", f"{earlier.time:%Y-%m-%d %H:%M}")
    if few := untold(build, earlier):
        log.info("Measured too few times to tell: %s", ", ".join(few))


@dataclass(frozen=True)
class Supply:
    """What the calls of one build draw on: its results, and the front end of its runners."""

    source: Source
    runner: Bundle = field(default_factory=Bundle)


_supply: Supply | None = None


def begin(serving: bool, since: float = 0.0) -> None:
    """A build begins: forget what the one before it knew; raises LabError."""
    source = choose(serving, since)
    use(source)
    if isinstance(source, Preview):
        source.prepare(progress())


def use(source: Source) -> None:
    """From now on calls draw on that."""
    global _supply
    _supply = Supply(source)


def progress() -> Callable[[str, int, int], None]:
    """Says how far the first look at the stages has come."""
    start = time.monotonic()

    def say(name: str, done: int, total: int) -> None:
        log.info("Measured %s: %d of %d, %.0f s", name, done, total, time.monotonic() - start)

    return say


def forget() -> None:
    """No build is under way: who asks next begins one."""
    global _supply
    _supply = None


def supply() -> Supply:
    """What the build that is under way draws on."""
    if _supply is None:
        begin(serving=False)
    assert _supply
    return _supply


def source() -> Source:
    """The source of the build that is under way."""
    return supply().source


def runner() -> Bundle:
    """The front end of the runners of that build."""
    return supply().runner


def fell_back() -> str | None:
    """Why numbers of this build are of the loopback, though nobody asked for that; None if none are."""
    if isinstance(source(), Given) or settings().link == LOOPBACK:
        return None
    records = source().results.records.values()
    odd = [each for each in records if each.link == LOOPBACK and not find(each.stage).link]
    return ", ".join(odd[0].notes) if odd else None


def is_glance(*names: str) -> bool:
    """Whether this is a preview, and one of these cases has been measured in it only once."""
    return isinstance(source(), Preview) and any(len(get(name).samples) == 1 for name in names)


def get(name: str) -> Record:
    """The record of the case of that name; raises UnknownStage, RunFailed or BadRecords."""
    return source().get(name)
