"""Where the numbers of a build come from: the one place that reads the environment.

RECORDS names a file of records to be rendered instead of measuring.  RUNS says how often to measure each
stage, LAB_LINK, LAB_RTT and LAB_SERVICE_TIME (seconds) what the lab is like.
"""

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from scripts import measure
from scripts.lab import LabError, Settings
from scripts.measure import Cached, Fresh, Given, Record
from scripts.measure.sources import Source
from scripts.page.watchdog import paused
from scripts.stages import CASES, Case

CACHE = Path(__file__).resolve().parent.parent.parent / ".cache" / "measurements"
RUNS = 5
Number = TypeVar("Number", int, float)

log = logging.getLogger("mkdocs.plugins.page")  # so that --quiet silences it, too


def choose(serving: bool, env: Mapping[str, str] = os.environ) -> Source:
    """The source of a build that begins now; raises LabError for what the environment should not say."""
    if given := env.get("RECORDS"):
        return Given(Path(given))
    runs, lab = number(env, "RUNS", RUNS), settings(env)
    if runs < 1:
        raise LabError(f"RUNS={runs}: at least one is needed")
    return Cached(lab, runs, CACHE, observed) if serving else Fresh(lab, runs, observed)


def settings(env: Mapping[str, str] = os.environ) -> Settings:
    """The lab of this build, or that of the records which are given; raises LabError."""
    default = Settings()
    if env.get("RECORDS"):
        record = get(CASES[0].name)
        return Settings(record.link, record.rtt, record.service_time, record.body_size)
    return Settings(
        link=env.get("LAB_LINK", default.link),
        rtt=number(env, "LAB_RTT", default.rtt),
        service_time=number(env, "LAB_SERVICE_TIME", default.service_time),
    )


def number(env: Mapping[str, str], name: str, default: Number) -> Number:
    """That variable, as the kind of number that its default is; raises LabError."""
    try:
        return type(default)(env.get(name, default))
    except ValueError:
        kind = "a whole number" if isinstance(default, int) else "a number of seconds"
        raise LabError(f"{name}={env[name]!r}: it is {kind}") from None


def observed(case: Case, settings: Settings, runs: int) -> Record:
    """Measure, and say so; the time that it takes is not the block's."""
    log.info("Measuring %s, %d times", case.name, runs)
    with paused():
        record = measure.measure(case, settings, runs)
    if reason := record.unstable():
        log.info("%s is unstable: %s", case.name, reason)
    return record


_source: list[Source] = []


def begin(serving: bool) -> None:
    """A build begins: forget what the one before it knew; raises LabError."""
    _source[:] = [choose(serving)]


def forget() -> None:
    """The build is over."""
    _source.clear()


def source() -> Source:
    """The source of the build that is under way."""
    if not _source:
        begin(serving=False)
    return _source[0]


def get(name: str) -> Record:
    """The record of the case of that name; raises UnknownStage, StageFailed or BadRecords."""
    return source().get(name)
