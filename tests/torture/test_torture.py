"""A tenth of the campaign, and that the campaign finds what is broken."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.page.benchmarks import campaign as page

if sys.platform != "linux":
    pytest.skip("the campaign needs namespaces of Linux", allow_module_level=True)

from tests.torture.kinds import KINDS, ROOMS

ROOT = Path(__file__).resolve().parent.parent.parent


def python(*arguments):
    """What Python says with these arguments, and its status."""
    ran = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True)
    return ran.returncode, ran.stdout, ran.stderr[-2000:]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__.rpartition(".")[2])
def test_every_tenth_fault_breaks_nothing(room):
    kinds = [kind.name for kind in KINDS.values() if kind.inject.__module__ == room.__name__]
    status, said, complaints = python("-m", "tests.torture", "--share", "10", "--at-once", "2", *kinds)
    assert status == 0, said + complaints


def test_a_whole_campaign_has_a_thousand_faults_and_each_kind_has_a_name_on_its_page():
    assert sum(kind.times for kind in KINDS.values()) >= 1_000
    assert KINDS.keys() == page.KINDS.keys()


def test_a_fault_that_there_is_not_is_told():
    status, _, complaints = python("-m", "tests.torture", "kill_a_bild")
    assert status == 2
    assert "no fault is called 'kill_a_bild': did you mean 'kill_a_build'?" in complaints


BROKEN = """
import os, sys, tempfile, time
from pathlib import Path
from tests.torture import campaign, world
from tests.torture.campaign import KINDS, Campaign, kind

world.GRACE = 0.5
KINDS.clear()

def fork_and_wait():
    if not os.fork():
        os.setsid()
        time.sleep(600)
    return "right"

for inject in {
    "lost": lambda world: (_ for _ in ()).throw(campaign.Broken("lost", "the site")),
    "outliving": lambda world: fork_and_wait(),
    "temporary": lambda world: tempfile.mkstemp() and "right",
    "shared": lambda world: Path("/dev/shm/x").touch() or "right",
    "locked": lambda world: (world.folder / ".x.lock").touch() or "right",
    "raises": lambda world: 1 / 0,
    "dies": lambda world: os._exit(0),
    "hangs": lambda world: time.sleep(600),
    "right": lambda world: "right",
}.items():
    name, work = inject
    work.__name__ = name
    kind(1)(work)

with tempfile.TemporaryDirectory() as folder:
    tortured = Campaign(1, Path(folder))
    for names in KINDS.keys() - {"hangs"}, {"hangs"}:
        for verdict in tortured.run([(name, 0) for name in sorted(names)], 4):
            print(verdict.kind, verdict.how)
        campaign.PATIENCE = 1.0
"""


def test_whatever_breaks_is_found():
    status, said, complaints = python("-c", BROKEN)
    assert status == 0, complaints
    assert dict(line.split() for line in said.splitlines()) == {
        "lost": "lost", "outliving": "left", "temporary": "left", "shared": "left", "locked": "left",
        "raises": "silent", "dies": "silent", "hangs": "hung", "right": "right",
    }  # fmt: skip


FAILING = """
import tempfile
from pathlib import Path
from tests.torture import sites
from tests.torture.campaign import Campaign

sites.editions = lambda world: 1 / 0
with tempfile.TemporaryDirectory() as folder:
    Campaign(1, Path(folder))
"""


def test_what_fails_without_a_fault_is_told_before_any():
    status, _, complaints = python("-c", FAILING)
    assert status == 1
    assert "it fails already where nothing is injected" in complaints
    assert "ZeroDivisionError" in complaints


STRUCK = """
import shutil, sys
from pathlib import Path
from tests.torture.victims import Moment, struck

folder, made = Path(sys.argv[1]), Path(sys.argv[1], "made")

def prepare():
    shutil.rmtree(made, ignore_errors=True)

def work():
    for number in range(100):
        (made / str(number)).mkdir(parents=True)

for number in (8, 8, 1_000):
    ended = struck(work, Moment(number, 9), folder, prepare)
    print(ended.status, len(list(made.iterdir())))
    (folder / "struck").unlink()
"""


def test_a_moment_is_the_same_every_time_and_comes(tmp_path):
    status, said, complaints = python("-c", STRUCK, str(tmp_path))
    assert status == 0, complaints
    (one, other, last) = said.splitlines()
    assert one == other
    assert all(line.startswith("-9 ") for line in (one, last))
    assert 0 < int(one.split()[1]) < int(last.split()[1]) < 100
