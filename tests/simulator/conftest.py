"""Running programs in the simulator: whole stages, and a few lines at a time."""

import ast
from textwrap import dedent

import pytest

from scripts.lab import Fault, Settings
from scripts.simulator import machine, simulate
from scripts.simulator.clock import SECOND
from scripts.simulator.machine import Machine
from scripts.simulator.network import Network
from scripts.simulator.run import run as execute
from scripts.stages import SNIPPETS

COMPILED = {"greenlets", "cluster"}
"""Stages that need a compiled library, or sockets that listen."""
STAGES = sorted(path.stem for path in SNIPPETS.glob("*.py") if path.stem not in COMPILED)
TELL = """
print(ascii({
    path: page if isinstance(page, bytes) else f"{type(page).__name__}: {page}".removesuffix(": ")
    for path, page in pages.items()
}))
"""


def pytest_generate_tests(metafunc):
    if "stage" in metafunc.fixturenames:
        metafunc.parametrize("stage", STAGES)


def settings_with(*faults, **distances):
    return Settings(faults=tuple(map(Fault.parse, faults)), **distances)


def text(stage):
    return (SNIPPETS / f"{stage}.py").read_text("utf-8")


class Run:
    """One run of a stage's program as it is, and of a line behind it that tells the pages."""

    def __init__(self, stage, *faults, pages=10, call="fetch_all", network=Network, **distances):
        source = text(stage).replace("pages = fetch_all(", f"pages = {call}(") + TELL
        self.settings = settings_with(*faults, **distances)
        written = []
        self.outcome = execute(source, Machine(network(self.settings)), pages, written.append)
        self.output, *told = "".join(written).splitlines() if written else ("",)
        self.pages = ast.literal_eval(told[0]) if told else {}


@pytest.fixture(scope="session")  # hypothesis wants none that is made anew for each test
def run():
    """Runs a stage: `run(stage, *faults, pages=10, call="fetch_all", network=Network, **settings)`."""
    return Run


@pytest.fixture
def impatient(monkeypatch):
    """A second of asking in vain is called hopeless: twenty of them cost a test real ones, and prove no more."""
    monkeypatch.setattr(machine, "PATIENCE", SECOND)


@pytest.fixture
def play():
    """Runs lines of Python: `play(lines, *faults, **settings)` returns what they printed, and the outcome."""

    def play(lines, *faults, **distances):
        written = []
        outcome = simulate(dedent(lines), settings_with(*faults, **distances), write=written.append)
        return "".join(written), outcome

    return play
