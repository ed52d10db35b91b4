"""What a page may call, each function in the module of its subject; how it is called, `vocabulary` says."""

from scripts.page import claims, differences, findings, programs, questions, sentences
from scripts.page.benchmarks import campaign, peers, reproducibility
from scripts.page.measured import (
    cards,
    crowds,
    elsewhere,
    faults,
    felt,
    fidelity,
    lab,
    ledger,
    moments,
    pythons,
    scale,
)
from scripts.page.pictures import connections, diagrams, meters, race, readiness, trend
from scripts.page.player import checks, recorded
from scripts.page.runner import section

__all__ = [
    "campaign", "cards", "checks", "claims", "connections", "crowds", "diagrams", "differences", "elsewhere",
    "faults", "felt", "fidelity", "findings", "lab", "ledger", "meters", "moments", "peers", "programs",
    "pythons", "questions", "race", "readiness", "recorded", "reproducibility", "scale", "section",
    "sentences", "trend",
]  # fmt: skip
