"""A user who may do less than root."""

import subprocess
import sys
from pathlib import Path

from tests.lacking import lacking

ROOT = Path(__file__).resolve().parent.parent.parent
NOBODY = 65_534
SYSTEM = "/usr/bin/python3"
"""Where the tests' own interpreter lies in a folder of root's, the system's does not."""
NEW_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 11))"


def interpreter_of_nobody():
    """The path of an interpreter that nobody may run."""
    for interpreter in (sys.executable, SYSTEM):
        if may_run(interpreter):
            return interpreter
    return lacking(f"nobody may run {sys.executable}, nor is {SYSTEM} Python 3.11 or newer: install python3")


def may_run(interpreter):
    """Whether nobody may run that interpreter, and it is one that the lab can use."""
    command = [interpreter, "-c", NEW_ENOUGH]
    try:
        done = subprocess.run(command, user=NOBODY, group=NOBODY, cwd=ROOT, capture_output=True)
    except OSError:
        return False
    return done.returncode == 0
