"""The file of all that a build measured: JSON, checked against the types of results when it is read.

The schema that is published beside it is made of these types.
"""

import csv
import io
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from scripts.files import write_atomically
from scripts.measure.record import Finding, Ordeal, Record, Results, Sample

Anything = TypeVar("Anything")


class BadRecords(Exception):
    """Given records cannot be used; the message says which file, where in it, and what was expected there."""


class Measurements(Struct, forbid_unknown_fields=True):
    """What one build measured."""

    records: list[Record]
    ordeals: list[Ordeal]
    findings: list[Finding]
    outputs: Annotated[dict[str, str], Meta(description="what programs printed, by their names")]


def schema() -> str:
    """The JSON Schema of what `dump` writes."""
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Measurements)}
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def decode(text: bytes, kind: type[Anything]) -> Anything:
    """The value that `text` is the JSON of, checked against its type `kind`.

    Raises BadRecords, which says where in it what was expected, and what was found.
    """
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError as error:
        raise BadRecords(str(error)) from error
    except msgspec.DecodeError as error:
        raise BadRecords(_malformed(text, kind) or str(error)) from error


def _malformed(text: bytes, kind: type) -> str | None:
    """Where `text` is no JSON: the path of a NaN, which Python would write, else the line and the column."""
    try:
        msgspec.convert(json.loads(text, parse_constant=str), kind)
    except (ValueError, RecursionError) as error:
        return str(error)
    return None


def dump(results: Results, path: Path) -> None:
    """Write the results to `path`: all of it or nothing; raises OSError."""
    write_atomically(path, to_json(results))


def to_json(results: Results) -> str:
    """The results as JSON, as `schema` says, in one line."""
    measurements = Measurements(
        list(results.records.values()),
        list(results.ordeals.values()),
        list(results.findings.values()),
        results.outputs,
    )
    return msgspec.json.encode(measurements).decode() + "\n"


def dump_samples(results: Results, path: Path) -> None:
    """Write a line of CSV for each sample to `path`, below one that names the columns; raises OSError."""
    text = io.StringIO()
    metered = [name for name in Sample.__struct_fields__ if name not in ("connections", "busy")]
    many = ("stage", "samples", "faults", "notes", "set_aside")
    about = [name for name in Record.__struct_fields__ if name not in many]
    writer = csv.writer(text, lineterminator="\n")
    shown = {"system": "operating_system"}  # a sample has a `system` of its own: its seconds in the kernel
    writer.writerow(["stage", "run", "set_aside", *metered, *(shown.get(name, name) for name in about)])
    for record in results.records.values():
        facts = [_cell(getattr(record, name)) for name in about]
        for aside, samples in enumerate((record.samples, record.set_aside)):
            for run, sample in enumerate(samples, 1):
                meters = [getattr(sample, name) for name in metered]
                writer.writerow([record.stage, run, aside, *meters, *facts])
    write_atomically(path, text.getvalue())


def _cell(fact: object) -> object:
    return fact.isoformat() if isinstance(fact, datetime) else fact


def load(path: Path) -> Results:
    """The results in a file that `dump` wrote; raises BadRecords."""
    try:
        read = decode(path.read_bytes(), Measurements)
        return Results(
            _by_name((record.stage, record) for record in read.records),
            _by_name((ordeal.name, ordeal) for ordeal in read.ordeals),
            _by_name((finding.name, finding) for finding in read.findings),
            read.outputs,
        )
    except OSError as error:
        raise BadRecords(f"{path}: cannot be read ({error.strerror})") from error
    except BadRecords as error:
        raise BadRecords(f"{path}: {error}") from error


def _by_name(results: Iterable[tuple[str, Anything]]) -> dict[str, Anything]:
    found: dict[str, Anything] = {}
    for name, result in results:
        if name in found:
            raise BadRecords(f"there are two of {name!r}")
        found[name] = result
    return found
