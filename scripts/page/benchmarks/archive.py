"""Benchmarks that are kept with the project: not of this build, but of the last time that they were taken."""

import json
from collections.abc import Callable, Iterable, Sequence
from html import escape
from types import SimpleNamespace
from typing import Any

from scripts.files import ROOT
from scripts.page import footnote, tables, words
from scripts.page.failures import NoSuchThing

DATA = ROOT / "docs" / "assets" / "data"
Kept = dict[str, Any]
Rows = Callable[[Kept], tables.Rows]
Told = Callable[[Kept], Iterable[str]]


def show(command: str, columns: Sequence[str], rows: Rows, told: Told) -> str:
    """A table of what `python -m scripts.bench COMMAND` left, and below it the circumstances.

    First among these is what is `told` of this benchmark alone.  Raises NoSuchThing where none was kept.
    """
    file = DATA / f"{command}.json"
    try:
        kept = json.loads(file.read_text("utf-8"))
        return tables.table(columns, rows(kept), [*told(kept), *common(SimpleNamespace(**kept))])
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        make = f"python -m scripts.bench {command} --json docs/assets/data/{file.name}"
        raise NoSuchThing(f"{file.name} holds no benchmark ({error!r}): make one by {make}") from error


def common(made: Any) -> list[str]:
    """On what and when it was measured."""
    return [words.distances(made), escape(words.machine(made)), escape(footnote.made(made))]
