"""Where a build gets its results: measured now, measured before and still true, or given."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from math import log10
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from scripts import stages
from scripts.lab import Settings
from scripts.measure import demonstration, ordeal, provenance, record, trial
from scripts.measure.attempt import RunFailed
from scripts.measure.record import BadRecords, Finding, Ordeal, Record, Results, ordeal_name

if os.name == "posix":
    import fcntl

INSTRUMENTS = SimpleNamespace(
    measure=trial.measure, endure=ordeal.endure, find=demonstration.find, printed=demonstration.printed
)
"""What makes results."""
TOGETHER = 2
"""So many stages are looked at together in a preview: nearly all of them wait nearly all the time."""
NOT_ALONE = "A quick look: other stages ran at the same time."


class Pending(Exception):
    """A result that takes long, and that nobody has asked for yet."""


class Source(ABC):
    """Asked twice for a result, gives the same one twice: also when it could not be had.

    Results are waited for within `aside()`.
    """

    def __init__(self, aside: Callable[[], AbstractContextManager[Any]] = nullcontext) -> None:
        self._aside = aside
        self._known = Results()
        self._failed: dict[tuple[str, str], Exception] = {}

    def get(self, name: str) -> Record:
        """The record of the case of that name; raises UnknownStage, RunFailed, BadRecords or Pending."""
        case = stages.find(name)
        return self._once("records", case.name, lambda: self._record(case))

    def ordeal(self, name: str, fault: str) -> Ordeal:
        """What that case did under that fault; raises what `get` raises."""
        case = stages.find(name)
        return self._once("ordeals", ordeal_name(case.name, fault), lambda: self._ordeal(case, fault))

    def finding(self, name: str) -> Finding:
        """What that demonstration found; raises what `get` raises."""
        return self._once("findings", name, lambda: self._finding(stages.program(name)))

    def output(self, name: str) -> str:
        """What that program printed; raises what `get` raises."""
        return self._once("outputs", name, lambda: self._output(stages.program(name)))

    @property
    def results(self) -> Results:
        """What was got so far, the records in the order of the stages."""
        known = self._known
        order = sorted(known.records, key=stages.place)
        records = {name: known.records[name] for name in order}
        return Results(records, known.ordeals, known.findings, known.outputs)

    def _once(self, kind: str, name: str, make: Callable[[], Any]) -> Any:
        known = getattr(self._known, kind)
        if (kind, name) in self._failed:
            # Raised again and again, one exception would drag a longer and longer traceback along.
            raise self._failed[kind, name].with_traceback(None)
        if name not in known:
            try:
                with self._aside():
                    known[name] = make()
            except (RunFailed, BadRecords, Pending) as error:
                self._failed[kind, name] = error
                raise
        return known[name]

    @abstractmethod
    def _record(self, case: stages.Case) -> Record: ...

    @abstractmethod
    def _ordeal(self, case: stages.Case, fault: str) -> Ordeal: ...

    @abstractmethod
    def _finding(self, program: Path) -> Finding: ...

    @abstractmethod
    def _output(self, program: Path) -> str: ...


class Fresh(Source):
    """Makes each result anew when it is first asked for; `make` has a function for each kind."""

    def __init__(self, settings: Settings, runs: int, make: Any = INSTRUMENTS, **options: Any) -> None:
        super().__init__(**options)
        self._settings = settings
        self._runs = runs
        self._instruments = make

    def _runs_of(self, case: stages.Case) -> int:
        """As many times fewer as the number of pages has zeros; once where it is not for its own sake."""
        if case.link:
            return 1
        fewer = 2 if case.stage.sequential else max(round(log10(case.pages)), 1)
        return -(-self._runs // fewer)

    def _measure(self, case: stages.Case, runs: int) -> Record:
        """The record of that case: the second one where the first was unstable, and a note of why."""
        made = self._instruments.measure(case, self._settings, runs)
        if not (reason := made.unstable()):
            return made
        again = self._instruments.measure(case, self._settings, runs)
        return replace(again, notes=(*again.notes, f"measured again, since at first {reason}"))

    def _record(self, case: stages.Case) -> Record:
        return self._measure(case, self._runs_of(case))

    def _ordeal(self, case: stages.Case, fault: str) -> Ordeal:
        return self._instruments.endure(case, fault, self._settings)

    def _finding(self, program: Path) -> Finding:
        return self._instruments.find(program, self._settings)

    def _output(self, program: Path) -> str:
        return self._instruments.printed(program, self._settings)


class Cached(Fresh):
    """Makes only what is not yet in `directory`, or whose inputs have changed.

    Of builds that want the same result at the same time, one makes it and the others wait for it.
    """

    def __init__(
        self, settings: Settings, runs: int, directory: Path, make: Any = INSTRUMENTS, **options: Any
    ) -> None:
        super().__init__(settings, runs, make, **options)
        self._directory = directory
        # Each file is read once in a build.
        self._surroundings = provenance.surroundings()
        self._hashes = cache(lambda program: provenance.hashes(provenance.programs(program)))

    def _record(self, case: stages.Case) -> Record:
        runs = self._runs_of(case)
        if not case.snippet.is_file():
            return self._measure(case, runs)  # which says so
        return self._cached("records", case.name, case.snippet, lambda: self._measure(case, runs), runs)

    def _ordeal(self, case: stages.Case, fault: str) -> Ordeal:
        make = super()._ordeal
        return self._cached("ordeals", ordeal_name(case.name, fault), case.snippet, lambda: make(case, fault))

    def _finding(self, program: Path) -> Finding:
        make = super()._finding
        return self._cached("findings", program.stem, program, lambda: make(program))

    def _output(self, program: Path) -> str:
        make = super()._output
        return self._cached("outputs", program.stem, program, lambda: make(program))

    def _cached(self, kind: str, name: str, program: Path, make: Callable[[], Any], runs: int = 1) -> Any:
        path, inputs = self._place(kind, name, program)
        with suppress(LookupError):
            return self._kept(path, kind, name, runs)
        self._missing(kind, name, program)
        with locked(path):
            with suppress(LookupError):
                return self._kept(path, kind, name, runs)
            made = make()
            if inputs == provenance.inputs_hash(*self._subject(kind, name, program)):
                record.dump(Results(**{kind: {name: made}}), path)
        return made

    def _place(self, kind: str, name: str, program: Path) -> tuple[Path, str]:
        """Where that result is kept, and the hash of its inputs."""
        name, _, settings, runs = self._subject(kind, name, program)
        inputs = provenance.combined(name, settings, runs, self._hashes(program), self._surroundings)
        return self._directory / f"{kind}-{program.stem}-{inputs}.json", inputs

    def _subject(self, kind: str, name: str, program: Path) -> tuple[str, Path, Settings, int]:
        """What a result is of, but for how many runs: that a record tells by itself."""
        return f"{kind} {name}", program, demonstration.circumstances(program, self._settings), 0

    def _kept(self, path: Path, kind: str, name: str, runs: int) -> Any:
        """The result kept there; raises LookupError for none, for too few runs and for a quick look."""
        result = kept(path, kind, name)
        if isinstance(result, Record) and (len(result.samples) < runs or NOT_ALONE in result.notes):
            raise LookupError(path)
        return result

    def _missing(self, kind: str, name: str, program: Path) -> None:
        """Called before a result is made that is not there."""


class Preview(Cached):
    """A first look: a single run of each stage; what takes longer, only where it is there already.

    Otherwise Pending is raised: for more pages, for faults, and for demonstrations, except those whose
    program has been saved after `since` (in seconds, as `time.time` tells it).
    """

    def __init__(
        self, settings: Settings, directory: Path, since: float, make: Any = INSTRUMENTS, **options: Any
    ) -> None:
        super().__init__(settings, 1, directory, make, **options)
        self._since = since
        self._together = False

    def prepare(self, progress: Callable[[str, int, int], None]) -> None:
        """Look at every stage; `progress` is told (name of the case, done, of how many) after each.

        What goes wrong is raised when it is asked for.
        """
        missing = [case.name for case in stages.CASES if self._lacks(case)]
        self._together = len(missing) > 1
        with ThreadPoolExecutor(TOGETHER) as pool:
            names = {pool.submit(self.get, name): name for name in missing}
            try:
                for done, future in enumerate(as_completed(names), 1):
                    progress(names[future], done, len(missing))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        self._together = False

    def _kept(self, path: Path, kind: str, name: str, runs: int) -> Any:
        return kept(path, kind, name)

    def _lacks(self, case: stages.Case) -> bool:
        return case.snippet.is_file() and not self._place("records", case.name, case.snippet)[0].exists()

    def _measure(self, case: stages.Case, runs: int) -> Record:
        made = super()._measure(case, runs)
        return replace(made, notes=(*made.notes, NOT_ALONE)) if self._together else made

    def _missing(self, kind: str, name: str, program: Path) -> None:
        long = "@" in name if kind == "records" else kind == "ordeals" or self._is_old(program)
        if long:
            raise Pending(name)

    def _is_old(self, program: Path) -> bool:
        return program.stat().st_mtime < self._since


def kept(path: Path, kind: str, name: str) -> Any:
    """The result kept there; raises LookupError where there is none."""
    try:
        return getattr(load(path, path.stat().st_mtime_ns), kind)[name]
    except (OSError, BadRecords) as error:  # there is none, or none that this version can read
        raise LookupError(path) from error


@lru_cache(maxsize=1024)
def load(path: Path, changed: int) -> Results:
    """What that file holds since then; `mkdocs serve` would read it at each build."""
    return record.load(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Have that file alone, and clear away what writers left of it that were killed.

    The kernel gives a lock back when its holder ends, however it ends (flock(2)); where there is no such
    lock, builds at the same time do the same work twice, and the last one's result stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".lock"), "w") as lock:
        if os.name == "posix":
            fcntl.flock(lock, fcntl.LOCK_EX)
            for part in path.parent.glob(f".{path.name}.*"):
                part.unlink(missing_ok=True)
        yield


class Given(Source):
    """Reads the results of a file that an earlier build wrote, and makes nothing."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    @cached_property
    def _given(self) -> Results:
        return record.load(self._path)

    def _look_up(self, kind: str, name: str) -> Any:
        given = getattr(self._given, kind)
        if name not in given:
            singular, others = kind.removesuffix("s"), ", ".join(given) or "none"
            raise BadRecords(f"{self._path}: holds no {singular} of {name!r}, only of {others}")
        return given[name]

    def _record(self, case: stages.Case) -> Record:
        return self._look_up("records", case.name)

    def _ordeal(self, case: stages.Case, fault: str) -> Ordeal:
        return self._look_up("ordeals", ordeal_name(case.name, fault))

    def _finding(self, program: Path) -> Finding:
        return self._look_up("findings", program.stem)

    def _output(self, program: Path) -> str:
        return self._look_up("outputs", program.stem)
