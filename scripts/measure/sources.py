"""Where a build gets its results: measured now, measured before and still true, or given."""

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from scripts import stages
from scripts.files import Cache
from scripts.lab import Settings
from scripts.measure import demonstration, interpreters, provenance, wanted
from scripts.measure.attempt import RunFailed
from scripts.measure.measurements import BadRecords, decode, load
from scripts.measure.record import Finding, Ordeal, Record, Results
from scripts.measure.wanted import Instruments, Result, Wanted

INSTRUMENTS = Instruments()
TOGETHER = 2
"""How many stages a preview runs at a time: nearly all of them wait nearly all the time."""
NOT_ALONE = "A quick look: other stages ran at the same time."


class Pending(Exception):
    """A result that takes long, and that nobody has asked for yet."""


@dataclass
class Source(ABC):
    """Asked twice for a result, gives the same one twice: also when it could not be had.

    Whoever asks hears UnknownStage for a name that there is not, RunFailed, BadRecords or Pending for a
    result that cannot be had.
    """

    _known: Results = field(default_factory=Results, init=False)
    _failed: dict[tuple[str, str], Exception] = field(default_factory=dict, init=False)

    def get(self, name: str) -> Record:
        """The record of the case called `name`."""
        return self._once(wanted.record(name))

    def ordeal(self, name: str, fault: str) -> Ordeal:
        """What the case called `name` did under `fault`."""
        return self._once(wanted.ordeal(name, fault))

    def finding(self, name: str) -> Finding:
        """What the demonstration called `name` found."""
        return self._once(wanted.finding(name))

    def output(self, name: str) -> str:
        """What the program called `name` printed."""
        return self._once(wanted.output(name))

    @abstractmethod
    def pythons(self, name: str) -> list[str]:
        """Under which builds of CPython the demonstration called `name` can be had, the oldest first.

        None where there is but one.
        """

    @property
    def results(self) -> Results:
        """What was got so far, in an order that does not hang on who asked first."""
        return self._known.in_order()

    def _once(self, want: Wanted[Result]) -> Result:
        self._settle(want)
        if error := self._failed.get((want.kind, want.name)):
            if isinstance(error, RunFailed):
                self._failed[want.kind, want.name] = error.shortly()
            # Raised again and again, one exception would drag a longer and longer traceback along.
            raise error.with_traceback(None)
        return want.among(self._known)[want.name]

    def _settle(self, want: Wanted[Any]) -> None:
        """Have the result, or the reason why it cannot be had."""
        known, key = want.among(self._known), (want.kind, want.name)
        if want.name not in known and key not in self._failed:
            try:
                known[want.name] = self._obtain(want)
            except (RunFailed, BadRecords, Pending) as error:
                self._failed[key] = error

    @abstractmethod
    def _obtain(self, want: Wanted[Result]) -> Result: ...


@dataclass
class Fresh(Source):
    """Makes each result anew when it is first asked for."""

    settings: Settings
    runs: int
    instruments: Instruments = INSTRUMENTS

    def pythons(self, name: str) -> list[str]:
        names = [each.name for each in interpreters.here().interpreters if each.implementation == "CPython"]
        return names if len(names) > 1 else []

    def _obtain(self, want: Wanted[Result]) -> Result:
        return self._make(want)

    def _make(self, want: Wanted[Result]) -> Result:
        return want.make(self.instruments, self.settings, wanted.runs(want.case, self.runs))


@dataclass(kw_only=True)
class Cached(Fresh):
    """Makes only what is not in the cache, or whose inputs have changed.

    Of builds that want the same result at the same time, one makes it and the others wait for it.
    """

    cache: Cache

    def __post_init__(self) -> None:
        # Each file is read once in a build.
        self._surroundings = functools.cache(provenance.surroundings)
        self._hashes = functools.cache(lambda program: provenance.hashes(provenance.programs(program)))

    def _obtain(self, want: Wanted[Result]) -> Result:
        if not want.program.is_file():
            return self._make(want)  # which says so
        if (kept := self._kept(want)) is not None:
            return kept
        key = self._key(want)
        with self.cache.alone(key):
            if (kept := self._kept(want)) is not None:
                return kept
            made = self._make(want)
            self._hashes.cache_clear()
            self._surroundings.cache_clear()
            if key == self._key(want):  # else its program has changed meanwhile
                self.cache.put(key, msgspec.json.encode(made))
        return made

    def _key(self, want: Wanted[Any]) -> str:
        """All that a result depends on, but for how many runs: that a record tells by itself."""
        way = f"{want.kind} {want.name} {want.case and provenance.way(want.case)}"
        settings = demonstration.circumstances(want.program, self.settings)
        inputs = provenance.inputs_hash(
            way, settings, 0, self._hashes(want.program), self._surroundings(), interpreters.of(want.python)
        )
        return f"{want.kind}-{want.program.stem}-{inputs}"

    def _kept(self, want: Wanted[Result]) -> Result | None:
        """The result that is kept, if it will do."""
        if (content := self.cache.get(self._key(want))) is None:
            return None
        try:
            kept = decode(content, want.type)
        except BadRecords:  # it was of this type in another version
            return None
        return kept if self._will_do(kept, want) else None

    def _will_do(self, kept: Record | Ordeal | Finding | str, want: Wanted[Any]) -> bool:
        """Whether a kept result need not be made again, as a record of too few runs or a quick look must."""
        if not isinstance(kept, Record):
            return True
        return len(kept.samples) >= wanted.runs(want.case, self.runs) and NOT_ALONE not in kept.notes


@dataclass(kw_only=True)
class Preview(Cached):
    """A first look: a single run of each stage; what takes longer, only where it is there already.

    Otherwise Pending is raised: for more pages, for faults, and for demonstrations, except those whose
    program has been saved after `since` (in seconds, as `time.time` tells it).
    """

    since: float
    runs: int = field(default=1, init=False)
    _together: bool = field(default=False, init=False)

    def prepare(self, progress: Callable[[str, int, int], None]) -> None:
        """Look at every stage; `progress` is told (name of the case, done, of how many) after each.

        What goes wrong is raised when it is asked for.
        """
        wants = map(wanted.record, (case.name for case in stages.CASES))
        missing = [want for want in wants if want.program.is_file() and self._kept(want) is None]
        self._together = len(missing) > 1
        pool = ThreadPoolExecutor(TOGETHER)
        names = {pool.submit(self._settle, want): want.name for want in missing}
        try:
            for done, future in enumerate(as_completed(names), 1):
                progress(names[future], done, len(missing))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        self._together = False

    def _obtain(self, want: Wanted[Result]) -> Result:
        quick = want.kind == "record" and "@" not in want.name
        saved = want.case is None and want.program.stat().st_mtime >= self.since
        if not (quick or saved) and self._kept(want) is None:
            raise Pending(want.name)
        return super()._obtain(want)

    def _make(self, want: Wanted[Result]) -> Result:
        made = super()._make(want)
        if self._together and isinstance(made, Record):
            return replace(made, notes=(*made.notes, NOT_ALONE))
        return made

    def _will_do(self, kept: Record | Ordeal | Finding | str, want: Wanted[Any]) -> bool:
        return True


@dataclass
class Given(Source):
    """Reads the results of a file that an earlier build wrote, and makes nothing."""

    path: Path

    def pythons(self, name: str) -> list[str]:
        names = (each.partition("/") for each in self._given.findings)
        return sorted((python for bare, _, python in names if bare == name and python), key=stages.version)

    @cached_property
    def _given(self) -> Results:
        return load(self.path)

    def _obtain(self, want: Wanted[Result]) -> Result:
        given = want.among(self._given)
        if want.name not in given:
            others = ", ".join(given) or "none"
            raise BadRecords(f"{self.path}: holds no {want.kind} of {want.name!r}, only of {others}")
        return given[want.name]
