"""Programs that something happens to at a moment which can be told again: the n-th thing they ask of the system.

Python tells of what it is about to ask, before it does (sys.addaudithook, Python 3.8).  In a process that was
forked for it, so that modules need not be imported again; and one that forks counts for each of its children anew.
"""

import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.lab.emulated import linux

ASKED = ("fcntl.", "open", "os.", "shutil.", "socket.", "subprocess.", "tempfile.")
MAKING = ("os.link", "os.mkdir", "os.rename", "os.symlink", "tempfile.")
FULL = "full"
"""Instead of a signal: the disk is full at that moment."""


@dataclass(frozen=True)
class Ended:
    """How a process ended, as `subprocess` tells it, and all that it printed."""

    status: int
    output: str


@dataclass(frozen=True)
class Moment:
    """The n-th thing that a process asks; `member` is its place among those which fork, as in 1.1.2."""

    number: int
    strike: int | str
    member: str = ""


def strike(moment: Moment, mark: Path) -> None:
    """From now on this process, or that of its descendants which is meant, is struck at that moment.

    It leaves a mark then, so that a moment which never comes is known.
    """
    member, forks, asked = "", 0, 0

    def note_fork() -> None:
        nonlocal forks
        forks += 1

    def begin_anew() -> None:
        nonlocal member, forks, asked
        member, forks, asked = f"{member}.{forks}".lstrip("."), 0, 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal asked
        counts = event.startswith(ASKED) if isinstance(moment.strike, int) else makes(event, arguments)
        if counts and member == moment.member:
            asked += 1
            if asked == moment.number:
                os.close(os.open(mark, os.O_WRONLY | os.O_CREAT))
                if isinstance(moment.strike, int):
                    os.kill(os.getpid(), moment.strike)
                else:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    os.register_at_fork(before=note_fork, after_in_child=begin_anew)
    sys.addaudithook(watch)


def makes(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether that takes room on a disk."""
    flags = arguments[2] if event == "open" else 0
    return event.startswith(MAKING) or bool(isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR))


class Victim:
    """A forked process that does `work`, and prints into a file."""

    def __init__(self, work: Callable[[], object], output: Path) -> None:
        self._output = output
        self.pid = os.fork()
        if not self.pid:
            linux.die_with_parent()
            os._exit(do(work, output))

    def wait(self) -> Ended:
        """Wait for its end."""
        _, status = os.waitpid(self.pid, 0)
        return Ended(os.waitstatus_to_exitcode(status), self._output.read_text("utf-8", "replace"))


def do(work: Callable[[], object], output: Path) -> int:
    """Do that as a program does, and return its status."""
    written = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(written, stream)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", buffering=1, closefd=False)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGTERM):  # nohup(1) or a shell may have us ignore them
        signal.signal(number, signal.SIG_DFL)
    try:
        status = work()
    except SystemExit as error:
        status = error.code
        if isinstance(status, str):
            print(status, file=sys.stderr)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)  # as Python ends, which also prints where that was
    except BaseException:
        traceback.print_exc()
        status = 1
    return int(status) if isinstance(status, int) else int(status is not None)


def struck(
    work: Callable[[], object], moment: Moment, folder: Path, prepare: Callable[[], object] = lambda: None
) -> Ended:
    """Do that with something happening at that moment, or at half of it, where it asks for less than that.

    Before each attempt things are brought to where they are at the beginning.
    """
    mark = folder / "struck"

    def begin() -> object:
        strike(moment, mark)
        return work()

    prepare()
    ended = Victim(begin, folder / "output").wait()
    if mark.exists():
        return ended
    if moment.number == 1:
        raise RuntimeError(f"{moment} never comes: {ended}")
    return struck(work, replace(moment, number=moment.number // 2), folder, prepare)
