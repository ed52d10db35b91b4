"""How much of the system a run may take (getrlimit(2)); on any POSIX system."""

import resource
import sys

from scripts.lab.settings import LabError

BESIDE = 24
"""Files beside connections: libraries, pipes, listening sockets, selectors."""
LARGEST_FILE = 1 << 30
"""Bytes of each file that a program writes; so that what it prints cannot fill a disk, either."""
MOST = 65_536 if sys.platform == "linux" else 10_240
"""Files that a run is ever given; macOS refuses more than OPEN_MAX, whatever its hard limit says."""


def limit(memory: int) -> None:
    """Let this process and each child hold `memory` bytes of data, write no endless file, and dump no core.

    With a limit of just one byte Linux does not call the program either that core_pattern names (core(5)),
    which would keep the dump outside of every cage.
    """
    for kind, most in (
        (resource.RLIMIT_DATA, memory), (resource.RLIMIT_FSIZE, LARGEST_FILE), (resource.RLIMIT_CORE, 1),
    ):  # fmt: skip
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def open_all_files(connections: int) -> None:
    """Let this process and its children open as many files as the system grants without asking.

    Raises LabError where there are too few for that many `connections` at once.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if most < (needed := connections + BESIDE):
        raise LabError(
            f"{connections:,} connections at once need {needed:,} open files, and a process may open "
            f"{most:,} here: raise the hard limit, as root does with ulimit -Hn {needed}"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
