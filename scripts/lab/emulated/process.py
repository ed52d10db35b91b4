"""Processes of the lab's own, by fork(2): a tenth of the time of a new interpreter."""

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from scripts.lab.emulated import linux, seccomp
from scripts.lab.limits import limit
from scripts.lab.settings import LabError

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
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
        sys.stderr.flush()
    finally:
        os._exit(status)


def wait(pid: int) -> None:
    """Wait until the child `pid` has ended; one that somebody stops would never do so, and is killed."""
    while os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1]):
        os.kill(pid, signal.SIGKILL)


class Helper:
    """A process that serves a run, and what it leaves behind for PID 1 to read."""

    def __init__(self, name: str, work: Callable[[], dict[str, Any] | None]) -> None:
        """Do `work` in a child process that ps(1) calls by `name`; what it returns is left."""
        self.name = name
        self._left = os.memfd_create(name)

        def leave() -> None:
            linux.be_called(f"lab-{name}")
            os.setpgid(0, 0)  # or kill(0) in the program would mean this one, too
            linux.keep_time()
            try:
                left = work()
            except LabError as error:
                left = {"error": str(error)}
            with open(self._left, "w") as file:
                json.dump(left, file)

        self.pid = fork(leave)

    def left(self) -> dict[str, Any]:
        """What `work` returned; `error` is why it could not go on.  Empty if something else ended it."""
        os.lseek(self._left, 0, os.SEEK_SET)
        with open(self._left, closefd=False) as file:
            text = file.read()
        try:
            return json.loads(text) or {}
        except ValueError:  # it was killed before it had written that, or while it did
            return {}

    def is_stopped(self) -> bool:
        """Whether somebody has stopped it by a signal, without ending it."""
        return os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOHANG) is not None


def execute(command: Sequence[str], max_memory: int, home: str, become: Callable[[], None]) -> NoReturn:
    """Become `command`, with default signals and nothing that it may not have.

    It has no capability, at most `max_memory` bytes of data, `home` to write to, and is the user that
    `become` makes of this process.
    """
    for number in (signal.SIGINT, signal.SIGPIPE, signal.SIGCHLD, signal.SIGTSTP):
        signal.signal(number, signal.SIG_DFL)
    limit(max_memory)
    linux.renounce()
    become()
    linux.signal_none_but_ours()
    seccomp.confine()
    environment = {name: value for name, value in os.environ.items() if name not in ("TEMP", "TMP", "TMPDIR")}
    if not os.access(environment.get("HOME", ""), os.W_OK):
        environment["HOME"] = home
    try:
        os.execvpe(command[0], list(command), environment)
    except OSError as error:
        print(f"lab: cannot run {command[0]!r}: {error.strerror}", file=sys.stderr, flush=True)
        os._exit(NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE)
