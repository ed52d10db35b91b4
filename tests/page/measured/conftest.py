"""Findings of one program under several Pythons, made up, and given to the page."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from scripts.measure import Finding, Results

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
VALUES = {
    "GIL": True, "start method": "fork", "ten processes": 0.02, "ten threads": 4e-4, "resume": 4e-8,
    "await": 1.6e-7, "page by stream": 2e-4, "page by protocol": 1e-4, "task": 1_300, "objection": None,
    "spins, in turn": 0.1, "spins, threads": 0.1, "spins, processes": 0.05, "spins, interpreters": None,
}  # fmt: skip
MADE = Finding(
    "every_python/3.9", VALUES, "emulated", "3.9.1", "CPython", "Linux", "<P>", 2, None, WHEN, "GCC 12", False
)
NEWER = {"start method": "forkserver", "ten processes": 0.2, "await": 4e-8, "spins, interpreters": 0.05}


def made(python, compiler="GCC 12", **changes):
    values = VALUES | {key.replace("_", " "): value for key, value in changes.items()}
    return replace(
        MADE, name=f"every_python/{python}", python=f"{python}.1", values=values, compiler=compiler
    )


@pytest.fixture
def given(begun):
    """A function that gives these findings to the page."""
    return lambda *findings: begun(Results(findings={each.name: each for each in findings}))
