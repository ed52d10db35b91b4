"""Supervisors that wait for a command: taken by a run like the one before, and never left behind."""

import os
import select
import subprocess
import sys

import pytest

from scripts import lab
from scripts.lab import LabError, Settings, bare_environment
from scripts.lab import spare as waiting
from scripts.lab.spare import Manner, Supervisor, prepare, take
from tests.patience import PATIENCE

NEAR = Settings("loopback", rtt=0.01, service_time=0.01)
STDIO = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
PARENT = [sys.executable, "-c", "import os; print(os.getppid())"]


@pytest.fixture(autouse=True)
def made(monkeypatch):
    """The supervisors that a test has had made, in their order; none waits when it begins, nor when it is over."""
    made = []

    def make(manner):
        made.append(Supervisor(manner))
        return made[-1]

    def clear():
        known = len(made)
        while len(made) == known:  # who takes one where none waits has one made
            take(manner()).dismiss()
        made.clear()

    monkeypatch.setattr(waiting, "Supervisor", make)
    clear()
    yield made
    clear()


def run(command=PARENT, **changes):
    return lab.run(command, NEAR, again=True, **{"env": bare_environment(), **STDIO, **changes})


def manner(**changes):
    return Manner(**{"env": bare_environment(), "cwd": os.getcwd(), **STDIO, **changes})


def test_the_next_run_takes_the_supervisor_that_was_started_meanwhile(made):
    ran = [int(run().stdout) for _ in range(3)]
    assert ran == [supervisor.process.pid for supervisor in made[:3]]
    assert len(made) == 4


@pytest.mark.parametrize(
    "change", [{"env": {"PATH": os.environ["PATH"], "A": "b"}}, {"cwd": "/"}, {"stdin": None}]
)
def test_a_run_in_another_manner_takes_none_of_it(change, made):
    run()
    _, spare = made
    program = "import os; print(os.getcwd(), os.environ.get('A'))"
    told = run([sys.executable, "-c", program], **change).stdout.decode().split()
    assert told == [change.get("cwd", os.getcwd()), change.get("env", {}).get("A", "None")]
    assert spare.process.poll() is not None


def test_a_supervisor_that_was_killed_is_not_taken(made):
    prepare(manner())
    (spare,) = made
    spare.process.kill()
    spare.process.wait()
    assert run().returncode == 0
    assert spare.process.stdout.closed


@pytest.mark.skipif(os.name != "posix", reason="this system has no such signals")
@pytest.mark.parametrize(
    ("signal", "fate"), [("SIGKILL", "it ended with status -9"), ("SIGSTOP", "it was stopped")]
)
def test_one_that_is_killed_or_stopped_while_it_starts_is_not_waited_for(monkeypatch, signal, fate):
    monkeypatch.setattr(waiting, "START_TIMEOUT", 3_600)
    monkeypatch.setattr(waiting, "BOOT", f"import os, signal; os.kill(os.getpid(), signal.{signal})")
    with pytest.raises(LabError, match=f"the lab's supervisor did not start .{fate}."):
        run()


def test_a_supervisor_that_is_dropped_ends():
    supervisor = Supervisor(manner())
    process = supervisor.process
    del supervisor
    assert process.returncode is not None


def test_a_run_that_fails_leaves_what_the_next_one_needs():
    assert run([sys.executable, "-c", "raise SystemExit(3)"]).returncode == 3
    assert run().returncode == 0


@pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="only Linux tells when a process ends that is no child"
)
def test_a_supervisor_ends_with_who_prepared_it():
    program = (
        "import os, subprocess, sys\n"
        "from scripts.lab.spare import Manner, prepare, take\n"
        "manner = Manner(dict(os.environ), os.getcwd(), subprocess.DEVNULL, subprocess.DEVNULL, subprocess.DEVNULL)\n"
        "prepare(manner)\n"
        "prepared = take(manner)\n"
        "print(prepared.process.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", program], cwd=waiting.ROOT, text=True, **pipes) as caller:
        ending = os.pidfd_open(int(caller.stdout.readline()))
        caller.kill()
    assert select.select([ending], [], [], PATIENCE)[0]
    os.close(ending)


def test_one_that_waits_is_taken_once(made):
    prepare(manner())
    taken = [take(manner()), take(manner())]
    assert taken == made
    for supervisor in taken:
        supervisor.dismiss()
