"""What several folders of tests share: the site, measured anew or rendered from records.

A test marked ``measures`` may ask for `measured_site`; all others ask for `site`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

from scripts.measure.sources import locked

hypothesis.settings.register_profile("busy", deadline=None)  # a core that others share proves nothing
hypothesis.settings.load_profile("busy")

ROOT = Path(__file__).resolve().parent.parent
RUNS = "2"
"""How often a test's own build measures each stage: a publisher's measures five times, and takes the time."""
RECORDS = ROOT / "test-output" / "measurements.json"
"""Where `measured_site` leaves its records, for `scripts.test` to hand on to the other tests."""


def build(folder, **environment):
    """Run `mkdocs build` into that folder; its output explains a failure."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    ours = {name: value for name, value in os.environ.items() if name not in ("RECORDS", "HISTORY")}
    built = subprocess.run(command, cwd=ROOT, env=ours | environment, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture(scope="session")
def measured_site(tmp_path_factory):
    """The folder of a site that was measured just now, as `mkdocs build` does it: about a minute."""
    folder = build(tmp_path_factory.mktemp("measured") / "site", RUNS=RUNS)
    RECORDS.parent.mkdir(exist_ok=True)
    shutil.copy(folder / "measurements.json", RECORDS)
    return folder


@pytest.fixture(scope="session")
def records(tmp_path_factory):
    """The path of measurements of every case: those in TEST_RECORDS, else one run each, made now."""
    if given := os.environ.get("TEST_RECORDS"):
        return Path(given)
    return build(tmp_path_factory.mktemp("measured") / "site", RUNS="1") / "measurements.json"


@pytest.fixture(scope="session")
def site(records, tmp_path_factory):
    """The folder of a site rendered from `records`: by the first of pytest's workers that asks, for all."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    rendered = folder / "rendered"
    with locked(rendered):
        return rendered if rendered.exists() else build(rendered, RECORDS=str(records))
