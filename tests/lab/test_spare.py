"""Supervisors that wait for a command: taken by a run like the one before, and never left behind."""

import os
import select
import subprocess
import sys

import pytest

from scripts import lab
from scripts.lab import Settings, bare_environment
from scripts.lab import spare as waiting
from scripts.lab.spare import Manner, Supervisor, prepare, take

NEAR = Settings("loopback", rtt=0.01, service_time=0.01)
STDIO = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
PARENT = [sys.executable, "-c", "import os; print(os.getppid())"]


@pytest.fixture(autouse=True)
def none_yet(monkeypatch):
    """No supervisor waits when a test begins, nor when it is over."""
    monkeypatch.setattr(waiting, "_spare", [])
    yield
    while waiting._spare:
        waiting._spare.pop().dismiss()


def run(command=PARENT, **changes):
    return lab.run(command, NEAR, again=True, **{"env": bare_environment(), **STDIO, **changes})


def manner(**changes):
    return Manner(**{"env": bare_environment(), "cwd": os.getcwd(), **STDIO, **changes})


def test_the_next_run_takes_the_supervisor_that_was_started_meanwhile():
    run()
    (spare,) = waiting._spare
    assert int(run().stdout) == spare.process.pid
    assert waiting._spare != [spare]


@pytest.mark.parametrize(
    "change", [{"env": {"PATH": os.environ["PATH"], "A": "b"}}, {"cwd": "/"}, {"stdin": None}]
)
def test_a_run_in_another_manner_takes_none_of_it(change):
    run()
    (spare,) = waiting._spare
    program = "import os; print(os.getcwd(), os.environ.get('A'))"
    told = run([sys.executable, "-c", program], **change).stdout.decode().split()
    assert told == [change.get("cwd", os.getcwd()), change.get("env", {}).get("A", "None")]
    assert spare.process.poll() is not None


def test_a_supervisor_that_was_killed_is_not_taken():
    prepare(manner())
    (spare,) = waiting._spare
    spare.process.kill()
    spare.process.wait()
    assert run().returncode == 0
    assert spare.process.stdout.closed


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
        "from scripts.lab.spare import Manner, prepare, _spare\n"
        "prepare(Manner(dict(os.environ), os.getcwd(), subprocess.DEVNULL, subprocess.DEVNULL, subprocess.DEVNULL))\n"
        "print(_spare[0].process.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", program], cwd=waiting.ROOT, text=True, **pipes) as caller:
        ending = os.pidfd_open(int(caller.stdout.readline()))
        caller.kill()
    assert select.select([ending], [], [], 30)[0]
    os.close(ending)


def test_a_taken_one_is_gone_from_those_that_wait():
    prepare(manner())
    (spare,) = waiting._spare
    assert take(manner()) is spare
    assert waiting._spare == []
    spare.dismiss()
