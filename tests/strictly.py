"""Runs of a program in which every warning is an error, such as of a socket that nobody closed."""

import re
import subprocess
import sys

from scripts.lab import run
from tests.patience import PATIENCE

COMMAND = [sys.executable, "-X", "dev", "-W", "error"]


def printed(*arguments):
    """What Python prints that is called so; it ends well, and complains of nothing."""
    done = subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def in_the_lab(program, settings, **options):
    """What became of that program in the lab."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return run([*COMMAND, str(program)], settings, timeout=PATIENCE, **pipes, **options)


OF_A_BUSY_MACHINE = re.compile(r"^Executing <|Worker process still alive after [\d.]+ seconds, killing$")
"""What asyncio's debug mode tells of steps over 0.1 s, and Dask of a worker's process that is slow to end."""


def complaints(stderr):
    """The lines of that error output, but for what only tells of a busy machine."""
    return [line for line in stderr.decode().splitlines() if not OF_A_BUSY_MACHINE.search(line)]
