"""What several folders of tests share: the site, measured anew or rendered from records.

A test marked ``measures`` may ask for `measured_site`; all others ask for `site`.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

from scripts import stages
from scripts.files import locked
from scripts.measure import Given, Results, dump
from scripts.page.benchmarks import archive
from tests.tiny import CONFIG, TinySite, record

# A shell has what it starts with `&` ignore SIGINT (POSIX, 2.11), and nohup(1) SIGHUP; the builds that tests
# interrupt would inherit that.
for name, usual in {"SIGINT": signal.default_int_handler, "SIGHUP": signal.SIG_DFL}.items():
    if (number := getattr(signal, name, None)) and signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, usual)

hypothesis.settings.register_profile("busy", deadline=None)  # a core that others share proves nothing
hypothesis.settings.load_profile("busy")

ROOT = Path(__file__).resolve().parent.parent
RUNS = "2"
"""How often a test's own build measures each stage: a publisher's measures five times, and takes the time."""
RECORDS = ROOT / "test-output" / "measurements.json"
"""Where `measured_site` leaves its records, for `scripts.test` to hand on to the other tests."""
COMPUTING = ("lint", "markup", "page", "simulator", "site")
"""Rooms of tests that wait for nothing but the processor, and judge no time; some of them render records."""


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
def findings(measured_site):
    """A function that gives what the demonstration of that name found while that site was measured."""
    source = Given(measured_site / "measurements.json")
    return lambda name: source.finding(name).values


@pytest.fixture(scope="session")
def build_once(tmp_path_factory):
    """A function that builds a site of that name, as `build` does: the first of pytest's workers, for all."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def build_once(name, **environment):
        folder, failed = shared / name, shared / f"{name}.failed"
        with locked(folder):
            if failed.exists():
                pytest.fail(failed.read_text("utf-8"))
            try:
                return folder if folder.exists() else build(folder, **environment)
            except AssertionError as error:
                failed.write_text(str(error), "utf-8")
                raise

    return build_once


def given_records():
    """The path of the records to render: those in TEST_RECORDS, else those of the last `make test`, else none."""
    left = RECORDS if RECORDS.exists() else None
    return Path(os.environ["TEST_RECORDS"]) if "TEST_RECORDS" in os.environ else left


def pytest_itemcollected(item):
    """Mark a test that does no more than compute: in its room nothing is timed, and it asks for no build or lab."""
    room = item.path.relative_to(ROOT / "tests").parts[0]
    asks = {"measurements", "copy"} & {*item.fixturenames}
    if room in COMPUTING and not asks and not item.get_closest_marker("measures"):
        item.add_marker("computes")


def pytest_report_header():
    return (
        f"records: {given_records() or 'none, so the first test that asks for the site measures all of them'}"
    )


@pytest.fixture(scope="session")
def measurements(request, build_once):
    """The path of measurements of every case: given, or made now, which one process does once for all its tests."""
    if given := given_records():
        return given
    if "PYTEST_XDIST_WORKER" in os.environ:
        return build_once("measured", RUNS="1") / "measurements.json"
    return request.getfixturevalue("measured_site") / "measurements.json"


@pytest.fixture(scope="session")
def site(build_once, measurements):
    """The folder of a site rendered from `measurements`."""
    return build_once("rendered", RECORDS=str(measurements))


@pytest.fixture
def records(tmp_path, monkeypatch):
    """A function that gives records to whatever builds or asks: of all cases, or those it is told."""

    def give(*given):
        given = given or [
            record(case.name, [4.52, 4.51, 4.53] if case.stage.sequential else [0.46, 0.45, 0.47])
            for case in stages.CASES
        ]
        path = tmp_path / "records.json"
        dump(Results({each.stage: each for each in given}), path)
        monkeypatch.setenv("RECORDS", str(path))
        return path

    return give


@pytest.fixture
def keep(tmp_path, monkeypatch):
    """A function that keeps a benchmark of that name for the test, and returns its file."""
    monkeypatch.setattr(archive, "DATA", tmp_path)

    def keep(name, benchmark):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(benchmark), "utf-8")
        return path

    return keep


@pytest.fixture
def tiny(tmp_path, records):
    """A site without pages yet, and with records for whatever they ask."""
    records()
    folder = tmp_path / "project"
    (folder / "docs" / "zh").mkdir(parents=True)
    (folder / "theme").mkdir()
    (folder / "theme" / "main.html").write_text("<title>{{ page.title }}</title>{{ page.content }}")
    hooks = json.dumps([str(ROOT / "scripts" / "hooks.py")])
    (folder / "mkdocs.yml").write_text(f"{CONFIG}hooks: {hooks}\n")
    (folder / "docs" / "zh" / "records.md").write_text("# Where figures lead\n")
    return TinySite(folder)
