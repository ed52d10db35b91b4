"""What there is not here says so where it is tried, whatever carries the simulator."""

import builtins
import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("input('who? ')", "input"),
        ("import sys\nsys.stdin.readline()", "input"),
        ("import sys\nlist(sys.stdin)", "input"),
        ("open('data.txt')", "files"),
        ("import subprocess\nsubprocess.run(['ls'])", "processes"),
        ("from subprocess import Popen, PIPE\nPopen(['ls'], stdout=PIPE)", "processes"),
        ("import os\nos.system('ls')", "processes"),
        ("import multiprocessing\nmultiprocessing.Process(target=print).start()", "processes"),
        ("import time\nfrom multiprocessing import Pool", "processes"),
        ("import asyncio\nasyncio.run(asyncio.create_subprocess_exec('ls'))", "processes"),
        ("import socket\nsocket.create_server(('127.0.0.1', 0))", "servers"),
    ],
)
def test_what_there_is_not_says_so_at_its_line(lines, what, play):
    output, outcome = play(lines)
    assert outcome.cannot == what
    assert outcome.error[1] == len(lines.splitlines())
    assert output == ""


def test_an_error_of_another_kind_is_no_such_thing(play):
    assert play("1 / 0")[1].cannot is None


def test_a_program_may_go_on_without(play):
    assert play("try: input()\nexcept OSError: print('without')")[0] == "without\n"


def test_outside_everything_is_as_before(play):
    before = builtins.open, builtins.input, os.system, subprocess.run, sys.stdin, sys.modules["subprocess"]
    play("input()")
    assert before == (
        builtins.open,
        builtins.input,
        os.system,
        subprocess.run,
        sys.stdin,
        sys.modules["subprocess"],
    )
