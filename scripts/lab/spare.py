"""Starting a supervisor, also before there is a command: its interpreter takes half of what a run costs."""

import json
import os
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from scripts.lab.settings import LabError, Program, Settings

ROOT = Path(__file__).resolve().parent.parent.parent
START_TIMEOUT = 30.0
"""Seconds for a supervisor to start; a twentieth of one is usual."""
STOPPED_FOR = 0.5
"""Seconds after which a supervisor that somebody has stopped or killed is noticed."""
BOOT = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from scripts.lab.supervisor import main; main()"
Received = TypeVar("Received")


@dataclass(frozen=True)
class Manner:
    """What a supervisor is born with, and hands on to its command; stdio as for `subprocess.Popen`."""

    env: Mapping[str, str]
    cwd: str
    stdin: int | None
    stdout: int | None
    stderr: int | None


class Supervisor:
    """A process that waits to be told what to run; dropped before, it ends."""

    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self._token = os.urandom(16).hex()
        self._server = socket.create_server(("127.0.0.1", 0))
        # Isolated and without site: nothing of the caller's environment reaches it, and it starts sooner.
        self.process: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", BOOT, str(self._server.getsockname()[1]), self._token],
            env=manner.env,
            cwd=manner.cwd,
            stdin=manner.stdin,
            stdout=manner.stdout,
            stderr=manner.stderr,
        )
        self.dismiss = weakref.finalize(self, _dismiss, self._server, self.process)

    def told(self, program: Program, settings: Settings) -> socket.socket:
        """Tell this supervisor what to run; returns the socket on which it will report.  Raises LabError."""
        self.dismiss.detach()
        with self._server:
            try:
                control = self._accept()
                control.sendall(json.dumps([asdict(program), asdict(settings)]).encode() + b"\n")
                return control
            except OSError as error:
                self.process.kill()
                self.process.communicate()
                raise LabError(f"the lab's supervisor did not start ({error})") from error
            except BaseException:
                self.process.kill()
                raise

    def _accept(self) -> socket.socket:
        self._server.settimeout(STOPPED_FOR)
        while True:
            control, _ = self._while_starting(self._server.accept)
            control.settimeout(STOPPED_FOR)
            token = self._while_starting(partial(control.recv, len(self._token), socket.MSG_WAITALL))
            if token == self._token.encode():
                control.settimeout(None)
                return control
            control.close()  # a stranger on this machine

    def _while_starting(self, receive: Callable[[], Received]) -> Received:
        """What `receive` returns, as soon as it does; raises OSError when the process can send no more."""
        end = time.monotonic() + START_TIMEOUT
        while True:
            try:
                return receive()
            except TimeoutError:
                if (status := self.process.poll()) is not None:
                    raise ChildProcessError(f"it ended with status {status}") from None
                if is_stopped(self.process.pid):
                    raise ChildProcessError("it was stopped") from None
                if time.monotonic() > end:
                    raise


def is_stopped(child: int) -> bool:
    """Whether somebody has stopped the process `child`, as by SIGSTOP."""
    if not hasattr(os, "waitid"):
        return False
    with suppress(ChildProcessError):  # it has ended, and another thread knows
        return os.waitid(os.P_PID, child, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
    return False


def _dismiss(server: socket.socket, process: "subprocess.Popen[bytes]") -> None:
    server.close()
    with process:
        process.kill()


_spare: list[Supervisor] = []


def take(manner: Manner) -> Supervisor:
    """A supervisor that was prepared for `manner`, or a new one."""
    with suppress(IndexError):  # another thread may take the last one
        while True:
            spare = _spare.pop()
            if spare.manner == manner and spare.process.poll() is None:
                return spare
            spare.dismiss()
    return Supervisor(manner)


def prepare(manner: Manner) -> None:
    """Start a supervisor for the next run in this manner to take."""
    with suppress(OSError):  # the next run will tell
        _spare.append(Supervisor(manner))
