"""Measuring: fresh runs of a program in the lab, checked, as records with their provenance."""

from scripts.measure.record import SCHEMA, BadRecords, Record, Sample, dump
from scripts.measure.sources import Cached, Fresh, Given
from scripts.measure.trial import StageFailed, measure

__all__ = [
    "SCHEMA",
    "BadRecords",
    "Cached",
    "Fresh",
    "Given",
    "Record",
    "Sample",
    "StageFailed",
    "dump",
    "measure",
]
