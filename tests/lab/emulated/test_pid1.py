"""Members of a run that die, stop or give up: each is noticed at once, and named."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the emulated link needs Linux")

ROOT = Path(__file__).resolve().parent.parent.parent.parent
RUN = """
import os, signal, socket, sys
from scripts.lab.emulated import pid1
from scripts.lab.settings import LabError, Program, Settings

{broken}
ours, theirs = socket.socketpair()
try:
    pid1.supervise(Program((sys.executable, "-c", {program!r})), Settings("emulated", 0.01, 0.01), theirs)
except LabError as error:
    print(type(error).__name__, error)
"""
FETCH = "import urllib.request as u; u.urlopen('http://example.com/').read()"
WAIT = "import time; time.sleep(600)"


def complaint(broken, program=FETCH):
    """What a run of `program` complains of when that is broken in the lab, in one line."""
    ran = subprocess.run(
        [sys.executable, "-c", RUN.format(broken=broken, program=program)],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_a_run_in_which_nothing_is_broken_complains_of_nothing():
    assert complaint("") == ""


AT_THE_END = """
carry = pid1.Link.carry
def carry_and_die(*arguments):
    carry(*arguments)
    os.kill(os.getpid(), signal.{signal})
pid1.Link.carry = carry_and_die
"""


@pytest.mark.parametrize(
    ("number", "fate"), [("SIGKILL", "died at the end of the run (status -9)"), ("SIGSTOP", "was stopped at the end of the run")]
)  # fmt: skip
def test_a_link_that_does_not_see_the_end_of_a_run(number, fate):
    assert complaint(AT_THE_END.format(signal=number)) == f"LabError the link {fate}"


STOPPING = """
Helper = pid1.Helper
class Stopped(Helper):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.name == {name!r} and signal.signal(signal.SIGALRM, lambda *_: os.kill(self.pid, signal.{signal}))
pid1.Helper = Stopped
execute = pid1.execute
def execute_and_alarm(*arguments):
    os.kill(1, signal.SIGALRM)
    execute(*arguments)
pid1.execute = execute_and_alarm
"""


@pytest.mark.parametrize("name", ["origin", "link"])
@pytest.mark.parametrize(
    ("number", "fate"),
    [("SIGKILL", "died in the middle of the run (status -9)"), ("SIGSTOP", "was stopped in the middle of the run")],
)  # fmt: skip
def test_a_helper_that_is_killed_or_stopped_ends_the_run(name, number, fate):
    assert complaint(STOPPING.format(name=name, signal=number), WAIT) == f"LabError the {name} {fate}"


STOPPED_FROM_OUTSIDE = """
fork, first = pid1.fork, os.getpid()
def fork_and_stop(work):
    pid = fork(work)
    if os.getpid() not in (1, first):
        os.kill(pid, signal.SIGSTOP)
    return pid
pid1.fork = fork_and_stop
"""


def test_pid_1_stopped_from_outside_ends_the_run():
    assert (
        complaint(STOPPED_FROM_OUTSIDE, WAIT)
        == "LabError the lab was killed from outside, with all that ran in it"
    )


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("origin", "pid1.Origin.serve = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"),
        ("link", "pid1.Link.carry = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"),
    ],
)
def test_a_helper_that_dies_during_set_up_is_no_reason_to_take_another_link(name, broken):
    # A connection may be made before the kernel has ended the process that listens.
    assert complaint(broken) in {
        f"LabError the {name} died {when} (status -9)"
        for when in ("while the lab was set up", "in the middle of the run")
    }


def test_an_origin_that_runs_out_of_files_says_so_without_a_traceback():
    few = "import resource\nserve = pid1.Origin.serve\n"
    few += "def with_few_files(*arguments):\n    resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))\n    serve(*arguments)\n"
    few += "pid1.Origin.serve = with_few_files"
    program = (
        "import socket\nheld = [socket.create_connection(('example.com', 80)) for _ in range(30)]\n" + WAIT
    )
    told = complaint(few, program)
    assert told.startswith("LabError the origin had ")
    assert told.endswith("take fewer at once, or raise the hard limit, as root does with ulimit -Hn")
