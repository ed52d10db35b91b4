"""What the machine itself does to two spins at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from snippets.demonstrations import parallel
from tests.patience import PATIENCE

TWO_ON_ONE_CORE = """
import os, sys, time
from multiprocessing import get_context
sys.path.insert(0, {folder!r})
from parallel import in_line

def spin():
    while True:
        pass

os.sched_setaffinity(0, {{min(os.sched_getaffinity(0))}})
process = get_context("fork").Process(target=spin, daemon=True)
process.start()
start, waited = time.perf_counter(), in_line()
while (seconds := time.perf_counter() - start) < 0.3:
    pass
print((in_line() - waited) / seconds)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_of_two_that_want_the_same_core_one_stands_in_line():
    script = TWO_ON_ONE_CORE.format(folder=str(Path(parallel.__file__).parent))
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=PATIENCE)
    assert float(told.stdout) > 0.8, told.stderr


def test_what_a_system_does_not_tell_is_not_made_up(monkeypatch, tmp_path):
    monkeypatch.setattr(parallel, "Path", lambda name: tmp_path / "schedstat")
    assert parallel.in_line() is None
