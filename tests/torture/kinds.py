"""All kinds of faults, by name."""

from tests.torture import builds, caches, clocks, disks, labs, measuring, serving, texts
from tests.torture.campaign import KINDS

ROOMS = (builds, caches, disks, texts, labs, measuring, clocks, serving)
"""The modules that add theirs."""

__all__ = ["KINDS", "ROOMS"]
