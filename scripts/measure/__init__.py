"""Measuring: fresh runs of a program in the lab, checked, as records with their provenance."""

from scripts.measure.attempt import RunFailed
from scripts.measure.interpreters import NoInterpreter
from scripts.measure.measurements import BadRecords, dump, dump_samples, schema
from scripts.measure.record import TRACED, Finding, Ordeal, Record, Results, Sample
from scripts.measure.sources import INSTRUMENTS, Cached, Fresh, Given, Pending, Preview, Source
from scripts.measure.trial import measure
from scripts.measure.wanted import Instruments

__all__ = [
    "INSTRUMENTS",
    "TRACED",
    "BadRecords",
    "Cached",
    "Finding",
    "Fresh",
    "Given",
    "Instruments",
    "NoInterpreter",
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
    "schema",
]
