"""What was measured, and everything that it was measured with: the types of all results."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Literal, overload

from msgspec import Meta, Struct

from scripts import stages
from scripts.lab.trace import PHASES
from scripts.measure import stats

METRICS = (
    "wall", "user", "system", "cpu", "voluntary", "involuntary", "memory",
    "link_cpu", "origin_cpu", "connect_late", "connect_late_p99", "answer_late", "answer_late_p99",
)  # fmt: skip
EverywhereTold = Literal["wall", "user", "system", "cpu", "link_cpu", "origin_cpu"]
"""Metrics that every system tells, so that no sample of them is None."""
TRACED = 40
"""Connections of a run that are kept one by one; of more no picture could tell them apart."""

Seconds = Annotated[float, Meta(ge=0)]
Late = Annotated[float | None, Meta(description="seconds beyond what was set; null where none came so far")]
Count = Annotated[int, Meta(ge=0)]
Link = Annotated[str, Meta(pattern="^(emulated|loopback)$")]
Python = Annotated[
    str, Meta(description="version of the interpreter that ran the program; ends in t without GIL")
]
Compiler = Annotated[str, Meta(description="what compiled that interpreter; empty where nobody asked")]
Optimized = Annotated[
    bool | None,
    Meta(description="whether configure was asked for --enable-optimizations; null where nobody asked"),
]
Cores = Annotated[int, Meta(ge=1, description="that the measurement was allowed to use")]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Commit = Annotated[str, Meta(description="of git; ends in -dirty where files differed; null outside git")]
Time = Annotated[datetime, Meta(tz=True, description="when it was done, in UTC")]
Value = int | float | str | bool | None
"""A float is a time in seconds, an int a count; None is what this interpreter or system could not tell."""
Phases = Annotated[
    dict[Annotated[str, Meta(pattern=f"^({'|'.join(PHASES)})$")], float | None],
    Meta(
        min_length=len(PHASES),
        max_length=len(PHASES),
        description="when it reached each, in seconds from the call of fetch_all; null for never",
    ),
]
Busy = Annotated[
    tuple[float, float, float],
    Meta(description="from when to when, in seconds from the call of fetch_all, how many cores were in use"),
]


class Sample(Struct, frozen=True, forbid_unknown_fields=True):
    """One run in a fresh process; null where the system does not tell."""

    wall: Annotated[Seconds, Meta(description="from the call of fetch_all to its return")]
    user: Annotated[Seconds, Meta(description="CPU in the program, with all its descendants")]
    system: Annotated[Seconds, Meta(description="CPU in the kernel, with all its descendants")]
    orphans: Annotated[Seconds, Meta(description="CPU of descendants that nobody waited for")]
    voluntary: Annotated[Count | None, Meta(description="context switches, to wait")]
    involuntary: Annotated[Count | None, Meta(description="context switches, preempted")]
    memory: Annotated[Count | None, Meta(description="peak resident bytes of the largest process")]
    pages: Count
    bytes: Annotated[Count, Meta(description="of all bodies together")]
    connections: Annotated[
        tuple[Phases, ...],
        Meta(max_length=TRACED, description="in the order of their opening; none where there are too many"),
    ]
    busy: Annotated[tuple[Busy, ...], Meta(description="none where nobody looked, as on loopback")]
    link_cpu: Annotated[Seconds, Meta(description="CPU of the lab's link; 0 on loopback")]
    origin_cpu: Annotated[Seconds, Meta(description="CPU of the lab's server")]
    connect_late: Annotated[Late, Meta(description="of connecting, beyond a round trip; median")]
    connect_late_p99: Annotated[Late, Meta(description="its 99th percentile")]
    answer_late: Annotated[
        Late, Meta(description="of the answer, beyond a round trip and the service time; median")
    ]
    answer_late_p99: Annotated[Late, Meta(description="its 99th percentile")]

    @property
    def cpu(self) -> float:
        """Seconds of CPU, user and system, of the program and all its descendants."""
        return self.user + self.system + self.orphans


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """All runs of one stage, or of one way of running it, and the circumstances."""

    stage: Annotated[
        str,
        Meta(description="after a colon, how it was run; after @, how many pages; after /, by which Python"),
    ]
    samples: Annotated[tuple[Sample, ...], Meta(min_length=1)]
    ideal: Annotated[Seconds, Meta(description="what it would take if only the network took time")]
    link: Link
    rtt: Annotated[Seconds, Meta(description="one round trip")]
    service_time: Annotated[Seconds, Meta(description="how long the server waits before it answers")]
    body_size: Annotated[Count, Meta(description="bytes of one page")]
    faults: Annotated[tuple[str, ...], Meta(description="what went wrong on purpose")]
    python: Python
    implementation: str
    system: str
    processor: str
    cores: Cores
    commit: Commit | None
    snippet_hash: Annotated[Hash, Meta(description="SHA-256 of the program")]
    inputs_hash: Annotated[Hash, Meta(description="SHA-256 of everything that the numbers depend on")]
    measured_at: Time
    notes: Annotated[tuple[str, ...], Meta(description="what the lab did without")] = ()
    set_aside: Annotated[
        tuple[Sample, ...],
        Meta(description="a first batch, too unstable to be trusted: `samples` were measured in its place"),
    ] = ()
    compiler: Compiler = ""
    optimized: Optimized = None

    @overload
    def samples_of(self, metric: EverywhereTold) -> Sequence[float]: ...
    @overload
    def samples_of(self, metric: str) -> Sequence[float | None]: ...
    def samples_of(self, metric: str) -> Sequence[float | None]:
        """A metric of every run, in order; raises ValueError for one that there is not."""
        if metric not in METRICS:
            raise ValueError(f"no metric is called {metric!r}: there are {', '.join(METRICS)}")
        return [getattr(sample, metric) for sample in self.samples]

    @overload
    def median(self, metric: EverywhereTold) -> float: ...
    @overload
    def median(self, metric: str) -> float | None: ...
    def median(self, metric: str) -> float | None:
        """The median over the runs, or None when this system does not tell."""
        return stats.middle(self.samples_of(metric))

    def spread(self, metric: str) -> tuple[float, float] | None:
        """The lowest and the highest of the runs, or None when this system does not tell."""
        return stats.spread(self.samples_of(metric))

    def unstable(self) -> str | None:
        """Why the wall times should not be trusted, or None."""
        return stats.unstable([sample.wall for sample in self.samples])


class Ordeal(Struct, frozen=True, forbid_unknown_fields=True):
    """What one stage did while one of its pages went wrong, or while there were only very many."""

    stage: str
    fault: Annotated[str, Meta(description="what went wrong, and behind the @ where; none where nothing did")]
    asked: Annotated[Count, Meta(description="pages")]
    delivered: Annotated[Count, Meta(description="pages that were right")]
    raised: Annotated[
        dict[str, str],
        Meta(description="the first errors, by their pages' paths; that of the whole call by an empty one"),
    ]
    gave_up: Annotated[bool, Meta(description="whether the worker had to end it, after its patience")]
    wall: Seconds
    cpu: Annotated[Seconds, Meta(description="user and system, with all descendants")]
    patience: Seconds
    link: Link
    rtt: Seconds
    service_time: Seconds
    measured_at: Time

    @property
    def name(self) -> str:
        """What it is called among the results."""
        return ordeal_name(self.stage, self.fault)


def ordeal_name(stage: str, fault: str) -> str:
    """What the ordeal of the case `stage` under `fault` is called."""
    return f"{stage} {fault}"


class Finding(Struct, frozen=True, forbid_unknown_fields=True):
    """What a demonstration found, by names that it chose."""

    name: str
    values: Annotated[
        dict[str, Value],
        Meta(min_length=1, description="seconds have a point, counts have none; null for what it could not"),
    ]
    link: Link
    python: Python
    implementation: str
    system: str
    processor: str
    cores: Cores
    commit: Commit | None
    measured_at: Time
    compiler: Compiler = ""
    optimized: Optimized = None


@dataclass(frozen=True)
class Results:
    """All that a build measured, each by its name; `outputs` is what programs printed."""

    records: dict[str, Record] = field(default_factory=dict)
    ordeals: dict[str, Ordeal] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)

    def in_order(self) -> "Results":
        """These results ordered by stage, or else by name, whichever was asked for first."""
        return Results(
            {name: self.records[name] for name in sorted(self.records, key=stages.place)},
            dict(sorted(self.ordeals.items(), key=lambda each: (stages.place(each[1].stage), each[0]))),
            dict(sorted(self.findings.items(), key=lambda each: _by_python(each[0]))),
            dict(sorted(self.outputs.items())),
        )


def _by_python(name: str) -> tuple[str, tuple[int, ...], str]:
    """Where the finding `name` stands among others: that of Python 3.8 before that of 3.10."""
    bare, _, python = name.partition("/")
    return bare, stages.version(python), python


def now() -> datetime:
    """The time as records tell it: UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)
