"""Programs made up for a test, and runs of them here instead of in the lab."""

import subprocess
from datetime import UTC, datetime
from itertools import count

import pytest

from scripts import stages
from scripts.lab import Connection, Outcome, Settings
from scripts.lab.http import body
from scripts.measure import Record, Sample

QUICK = Settings(rtt=0.01, service_time=0.01, body_size=200)
PATHS = ["/?page=0", "/?page=1"]
LAB = 0.02, 0.01, 0.001, 0.003, 0.002, 0.004
"""What the lab itself took, in seconds: CPU of link and origin, lateness of connections and answers."""
LATER = dict.fromkeys(["first_byte", "last_byte", "closed"])
GOOD = f"""
HOST, PORT, PATHS = "localhost", 80, {PATHS!r}
PAGES = { ({path: body(path, QUICK.body_size) for path in PATHS})!r}
def fetch_all(paths):
    return {{path: PAGES[path] for path in paths}}
"""


def outcome(returncode=0, stdout=b"", stderr=b"", **others):
    """What the lab reports, unless told otherwise, of a run without connections on an emulated link."""
    cpu = {"orphans_cpu": 0.0, "link_cpu": 0.0, "origin_cpu": 0.0, "busy": ()}
    report = {"link": "emulated", "connections": (), "notes": (), **cpu}
    return Outcome(**report | others, returncode=returncode, stdout=stdout, stderr=stderr)


def run_here(command, settings, *, env, timeout, stdin, stdout, stderr, again):
    """Stand in for `scripts.lab.run` where the network does not matter."""
    done = subprocess.run(command, env=env, timeout=timeout, stdin=stdin, stdout=stdout, stderr=stderr)
    connection = Connection(syn=100.0, established=100.15)
    return outcome(done.returncode, done.stdout, done.stderr, connections=(connection,))


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Write the program of a stage, which has `GOOD` to build on, and return its case."""
    monkeypatch.setattr(stages, "SNIPPETS", tmp_path)

    def write(text="", name="threads"):
        case = stages.find(name)
        case.snippet.write_text(GOOD + text)
        return case

    return write


@pytest.fixture
def record():
    """Make records that differ in what the test says."""
    numbers = count()

    def make(stage="threads", walls=(0.46, 0.45, 0.47), **others):
        connections = ({"syn": 0.001, "established": 0.151, "request": 0.151} | LATER,)
        samples = tuple(
            Sample(wall, 0.003, 0.002, 0.0, 20, 1, 12 << 20, 10, 90_000, connections, (), *LAB)
            for wall in walls
        )
        circumstances = {
            "ideal": 0.45, "link": "emulated", "rtt": 0.15, "service_time": 0.15, "body_size": 9_000,
            "faults": (), "python": "3.14.0", "implementation": "CPython", "system": "Linux 6.18 x86_64",
            "processor": "A processor", "cores": 2, "commit": None, "snippet_hash": "5" * 64,
            "inputs_hash": f"{next(numbers):064}", "measured_at": datetime(2026, 11, 23, 8, tzinfo=UTC),
            "notes": ("a note",),
        }  # fmt: skip
        return Record(stage=stage, samples=samples, **circumstances | others)

    return make
