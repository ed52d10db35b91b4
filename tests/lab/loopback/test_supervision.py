"""A supervisor of loopback that the program itself kills or stops: the caller notices, and little is left."""

import os
import subprocess
import sys

import pytest

from scripts.lab import LabError, Settings, run
from tests.patience import PATIENCE

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has neither these signals nor groups")

TURN_ON_IT = """
import os, signal, time
if not os.fork():
    time.sleep(600)
os.kill(os.getppid(), signal.{signal})
time.sleep(600)
"""


@pytest.mark.parametrize(("number", "fate"), [("SIGKILL", "was killed"), ("SIGSTOP", "was stopped")])
def test_neither_the_program_nor_its_children_outlive_a_supervisor(number, fate):
    command = [sys.executable, "-c", TURN_ON_IT.format(signal=number)]
    with pytest.raises(LabError, match=f"supervisor {fate}, and with it the command and its process group"):
        # It returns when the output can be read to its end: when nobody holds it open any more.
        run(command, Settings("loopback"), stdout=subprocess.PIPE, timeout=PATIENCE)
