"""Measuring: fresh runs of a program in the lab, checked, as records with their provenance."""

from scripts.measure.attempt import RunFailed
from scripts.measure.record import (
    SCHEMA,
    BadRecords,
    Finding,
    Ordeal,
    Record,
    Results,
    Sample,
    dump,
    dump_samples,
)
from scripts.measure.sources import INSTRUMENTS, Cached, Fresh, Given, Pending, Preview, Source
from scripts.measure.trial import KEPT, measure

__all__ = [
    "INSTRUMENTS",
    "KEPT",
    "SCHEMA",
    "BadRecords",
    "Cached",
    "Finding",
    "Fresh",
    "Given",
    "Ordeal",
    "Pending",
    "Preview",
    "Record",
    "Results",
    "RunFailed",
    "Sample",
    "Source",
    "dump",
    "dump_samples",
    "measure",
]
