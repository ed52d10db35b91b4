"""Where a build gets its records: measured now, measured before and still true, or given."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from scripts import stages
from scripts.lab import Settings
from scripts.measure import provenance, record, trial
from scripts.measure.record import BadRecords, Record
from scripts.measure.trial import StageFailed


class Source(ABC):
    """Asked twice for a record, gives the same one twice: also when it could not be had."""

    def __init__(self) -> None:
        self._known: dict[str, Record | Exception] = {}
        self._outputs: dict[str, str] = {}

    def get(self, name: str) -> Record:
        """The record of the case of that name; raises UnknownStage, StageFailed or BadRecords."""
        case = stages.find(name)
        if case.name not in self._known:
            try:
                self._known[case.name] = self._make(case)
            except (StageFailed, BadRecords) as error:
                self._known[case.name] = error
        known = self._known[case.name]
        if isinstance(known, Exception):
            # Raised again and again, one exception would drag a longer and longer traceback along.
            raise known.with_traceback(None)
        return known

    @property
    def records(self) -> list[Record]:
        """The records got so far, in the order of the stages."""
        known = [self._known.get(case.name) for case in stages.CASES]
        return [record for record in known if isinstance(record, Record)]

    @property
    def outputs(self) -> dict[str, str]:
        """What demonstrations have printed, by their names; whoever runs another adds to it."""
        return self._outputs

    @abstractmethod
    def _make(self, case: stages.Case) -> Record:
        """Have that record from where this source has them."""


class Fresh(Source):
    """Measures each case anew when it is first asked for."""

    def __init__(self, settings: Settings, runs: int, measure: Callable[..., Record] = trial.measure) -> None:
        super().__init__()
        self._settings = settings
        self._runs = runs
        self._measure = measure

    def _make(self, case: stages.Case) -> Record:
        return self._measure(case, self._settings, self._runs)


class Cached(Fresh):
    """Measures only what has no record yet in `directory`, or whose inputs have changed."""

    def __init__(
        self, settings: Settings, runs: int, directory: Path, measure: Callable[..., Record] = trial.measure
    ) -> None:
        super().__init__(settings, runs, measure)
        self._directory = directory

    def _make(self, case: stages.Case) -> Record:
        if not case.snippet.is_file():
            return super()._make(case)  # which says so
        try:
            wanted = self._path(case, provenance.inputs_hash(case, self._settings, self._runs))
            return record.load(wanted)[case.name]
        except (BadRecords, KeyError):  # there is none, or none that this version can read
            made = super()._make(case)
        record.dump([made], self._path(case, made.inputs_hash))
        return made

    def _path(self, case: stages.Case, inputs_hash: str) -> Path:
        return self._directory / f"{case.name.replace(':', '-')}-{inputs_hash}.json"


class Given(Source):
    """Reads the records of a file that an earlier build wrote, and measures nothing."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    @cached_property
    def _given(self) -> tuple[dict[str, Record], dict[str, str]]:
        return record.load_all(self._path)

    @property
    def outputs(self) -> dict[str, str]:
        """What demonstrations printed in the build that wrote the file; raises BadRecords."""
        return self._given[1]

    def _make(self, case: stages.Case) -> Record:
        records, _ = self._given
        if case.name not in records:
            others = ", ".join(records)
            raise BadRecords(f"{self._path}: holds no record of {case.name!r}, only of {others}")
        return records[case.name]
