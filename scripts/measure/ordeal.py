"""A case while one of its pages goes wrong: what it delivers, what it reports, when it gives up.

Or while none does, and it is their number alone that may be too much.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from scripts import lab
from scripts.lab import Fault, Outcome, Settings
from scripts.measure import interpreters
from scripts.measure.attempt import ask
from scripts.measure.record import Ordeal, now
from scripts.measure.trial import Answer, distances, is_right, patience, subject, task
from scripts.stages import Case

FAULTS = ("refuse@4", "reset@/?page=3", "truncate@/?page=3", "drip@/?page=3", "silent@/?page=3")
"""One for each kind: the fourth page, or the fourth connection."""
CROWD = "none"
"""Stands in the place of a fault where nothing goes wrong but that there are so many pages."""
NEAR = 0.020
"""Seconds of a round trip, and of the service: what is compared here is not how long a page takes."""
PATIENCE = 0.6
"""Seconds beyond which an early stage would wait for ever: ten times what one page takes."""
PATIENCE_OF_THE_LATE = 15.0
"""They have time-outs of their own, of five seconds; the rest is a cluster that starts."""
GRACE = 10.0
"""Seconds for the worker to start, and to say how it went."""
TOLD = 40
"""Errors of many that are kept, the first ones."""


class Endured(Answer, forbid_unknown_fields=True):
    """A worker's answer about a download under a fault, with the errors by path; `gave_up` if it ended it."""

    raised: dict[str, str]
    gave_up: bool


def endure(case: Case, fault: str, settings: Settings, run: Callable[..., Outcome] = lab.run) -> Ordeal:
    """Run `case` once under `fault`, near the origin, where a page takes little time; raises RunFailed."""
    if fault == CROWD:
        settings = distances(case, settings)
        seconds = patience(case, settings)
    else:
        near = {"rtt": NEAR, "service_time": NEAR, "connections": case.pages}
        settings = replace(settings, **near, faults=(Fault.parse(fault),))
        seconds = PATIENCE_OF_THE_LATE if "def fetch_each(" in case.snippet.read_text("utf-8") else PATIENCE
    name = f"{subject(case)} under {fault}"
    asked = task(case, "endure", patience=seconds)
    outcome, answer = ask(name, asked, Endured, settings, seconds + GRACE, run, interpreters.of(case.python))
    right = (is_right(path, digest, settings.body_size) for path, (_, digest) in answer.got.items())
    return Ordeal(
        stage=case.name,
        fault=fault,
        asked=len(answer.asked),
        delivered=sum(right),
        raised=dict(islice(answer.raised.items(), TOLD)),
        gave_up=answer.gave_up,
        wall=answer.wall,
        cpu=answer.user + answer.system + outcome.orphans_cpu,
        patience=seconds,
        link=outcome.link,
        rtt=settings.rtt,
        service_time=settings.service_time,
        measured_at=now(),
    )
