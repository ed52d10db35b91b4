"""The lab: any program, with example.com a chosen round trip away and no other network."""

from scripts.lab.environment import bare_environment
from scripts.lab.outcome import Outcome
from scripts.lab.run import LabKilled, LabOverflow, LabTimeout, run
from scripts.lab.settings import Fault, LabError, Settings
from scripts.lab.trace import Connection

__all__ = [
    "Connection",
    "Fault",
    "LabError",
    "LabKilled",
    "LabOverflow",
    "LabTimeout",
    "Outcome",
    "Settings",
    "bare_environment",
    "run",
]
