"""Runs that end because their time is up, in as little of it as the machine at hand needs."""

import subprocess
import sys

import pytest

from scripts.lab import LabTimeout, run


def killed(program, settings, until):
    """What that Python program had printed when it was killed: after it had printed `until`, however slow it starts.

    Each time that was too soon it is given twice as long.
    """
    for timeout in (0.5, 1, 2, 4, 8, 16):
        with pytest.raises(LabTimeout, match=f"was killed after {timeout:g} s") as over:
            run([sys.executable, "-c", program], settings, timeout=timeout, stdout=subprocess.PIPE)
        # The output could be read to its end: nobody holds it open any more.
        if until in over.value.stdout:
            return over.value.stdout
    pytest.fail(f"it has not printed {until!r}")
