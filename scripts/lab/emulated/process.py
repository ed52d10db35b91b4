"""Starting the processes of the cage, by fork(2): a tenth of the time of a new interpreter."""

import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from scripts.lab.emulated import linux
from scripts.lab.limits import limit_memory

NOT_EXECUTABLE, NOT_FOUND = 126, 127
"""Exit statuses with which shells, too, say that a command could not be started."""


def fork(work: Callable[[], object]) -> int:
    """Do `work` in a child process and return its PID; the child's status is 0 if `work` returns."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
    finally:
        os._exit(status)


def execute(command: list[str], max_memory: int) -> NoReturn:
    """Become `command`, with default signals, no capability and at most `max_memory` bytes of data."""
    for number in (signal.SIGINT, signal.SIGPIPE, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    limit_memory(max_memory)
    linux.renounce()
    try:
        os.execvp(command[0], command)
    except OSError as error:
        print(f"lab: cannot run {command[0]!r}: {error.strerror}", file=sys.stderr, flush=True)
        os._exit(NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE)
