"""Runs `mkdocs` and notes when it was measuring what.

    python -m scripts.bench.stopwatch FILE build --quiet

FILE gets a list of spans: their kind, from when to when, and the seconds of the samples taken in them.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mkdocs.__main__ import cli

from scripts.measure import INSTRUMENTS, Record

Span = dict[str, Any]


def noting(kind: str, make: Callable[..., Any], spans: list[Span]) -> Callable[..., Any]:
    """A function that does what the given one does, and notes each call."""

    def noted(*arguments: Any) -> Any:
        begin = time.perf_counter()
        made = make(*arguments)
        walls = made.samples_of("wall") if isinstance(made, Record) else []
        spans.append({"kind": kind, "begin": begin, "end": time.perf_counter(), "walls": walls})
        return made

    return noted


def covered(spans: list[Span]) -> float:
    """Seconds in which at least one of them was under way."""
    total, until = 0.0, float("-inf")
    for span in sorted(spans, key=lambda span: span["begin"]):
        total += max(span["end"] - max(span["begin"], until), 0.0)
        until = max(until, span["end"])
    return total


def main() -> None:
    file, *arguments = sys.argv[1:]
    spans: list[Span] = []
    for kind, make in list(vars(INSTRUMENTS).items()):
        setattr(INSTRUMENTS, kind, noting(kind, make, spans))
    try:
        cli(arguments)
    finally:
        Path(file).write_text(json.dumps(spans), "utf-8")


if __name__ == "__main__":
    main()
