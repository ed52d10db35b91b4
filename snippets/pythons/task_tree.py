"""One of ten pages never comes: where its task stands, asked from outside.

`python -m asyncio pstree`, which asks, came with 3.14.
"""

import io
import os
import re
import runpy
import subprocess
import sys
import time
from contextlib import redirect_stdout, suppress

TEN_PAGES = os.path.join(os.path.dirname(__file__), "..", "tasks.py")
OTHERS = 2  # seconds in which the nine others come


def tree(pid):
    """What `python -m asyncio pstree PID` prints."""
    sys.argv[1:] = ["pstree", str(pid)]
    with redirect_stdout(io.StringIO()) as told, suppress(SystemExit):
        runpy.run_module("asyncio", run_name="__main__")
    return told.getvalue()


def demonstrate():
    # This process asks, and no other: of its own children the system tells.
    with subprocess.Popen([sys.executable, TEN_PAGES]) as downloading:
        time.sleep(OTHERS)
        told = tree(downloading.pid)
        downloading.kill()
    without_folders = re.sub(r"\S*/", "", told).rstrip()
    waiting = without_folders.count(" fetch tasks.py:")
    return {"tree": without_folders or None, "waiting": waiting}


if __name__ == "__main__":
    print(demonstrate()["tree"])
