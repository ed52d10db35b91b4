"""Running a command in the lab, from any process: with threads, with any user."""

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from scripts.lab.environment import bare_environment, without_proxies
from scripts.lab.outcome import Message, Outcome
from scripts.lab.output import MOST_OUTPUT, streams
from scripts.lab.settings import LabError, Program, Settings
from scripts.lab.spare import STOPPED_FOR, Manner, is_stopped, prepare, take

DEFAULT = Settings()


class LabKilled(LabError):
    """The command was killed with all that it had started; what it had printed before comes along."""

    def __init__(self, message: str, stdout: bytes | None, stderr: bytes | None) -> None:
        super().__init__(message)
        self.stdout = stdout
        self.stderr = stderr


class LabTimeout(LabKilled):
    """The command took longer than it was given."""


class LabOverflow(LabKilled):
    """The command printed more than MOST_OUTPUT."""


def run(
    command: Sequence[str],
    settings: Settings = DEFAULT,
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | Path | None = None,
    timeout: float | None = None,
    stdin: int | None = None,
    stdout: int | None = None,
    stderr: int | None = None,
    readable: Sequence[str | Path] = (),
    writable: Sequence[str | Path] = (),
    again: bool = False,
) -> Outcome:
    """Run `command` with example.com in the lab, and wait for it; stdio as for `subprocess.run`.

    Its environment is `env`, or what `bare_environment` keeps, and never has a proxy in it.  On the emulated
    link it can read the system's programs, this project, the folder it is run in, and the folder of each file
    that the command names; `readable` are further paths, `writable` folders that it can also write to.

    `again` says that the next run will be in the same environment, with the same stdio: what it needs is
    started while this one is tidied up.

    Raises LabTimeout after `timeout` seconds, LabOverflow when a pipe has taken MOST_OUTPUT, LabError where
    the lab cannot be had or dies.
    """
    if not command:
        raise LabError("no command: say what to run in the lab")
    program = Program(tuple(command), *(tuple(map(_existing, paths)) for paths in (readable, writable)))
    env = without_proxies(bare_environment() if env is None else env)
    manner = Manner(env, os.fspath(cwd or os.getcwd()), stdin, stdout, stderr)
    supervisor = take(manner)
    process = supervisor.process
    ended = (lambda: prepare(manner)) if again else lambda: None
    reader = _Reader(supervisor.told(program, settings), process, ended)
    pipes = streams(process, reader.hang_up)
    try:
        reader.join(timeout)  # and not Popen.wait, which looks every 50 ms
        is_late = reader.is_alive()
    finally:
        reader.hang_up()
        process.wait()
    output, errors = (pipe and pipe.content() for pipe in pipes)
    if any(pipe and pipe.is_full for pipe in pipes):
        message = f"{command[0]} was killed when it had printed {MOST_OUTPUT >> 20} MiB"
        raise LabOverflow(message, output, errors)
    if is_late:
        raise LabTimeout(f"{command[0]} was killed after {timeout:g} s", output, errors)
    return replace(reader.outcome(), stdout=output, stderr=errors)


def _existing(path: str | Path) -> str:
    if not os.path.exists(path):
        raise LabError(f"there is no {path} that the command could read or write")
    return os.path.abspath(path)


class _Reader(threading.Thread):
    """Takes what the supervisor tells while the caller waits for output, so that neither waits for the other.

    Calls `ended` when the command has, and what is left of the run is tidying up.
    """

    def __init__(
        self, control: socket.socket, process: subprocess.Popen[bytes], ended: Callable[[], object]
    ) -> None:
        super().__init__(daemon=True)
        self._control = control
        self._process = process
        self._ended = ended
        self._group = 0
        self._told = ""
        self._trouble = "was killed"
        self.start()

    def run(self) -> None:
        said = b""
        with self._control:
            self._control.settimeout(STOPPED_FOR)
            while chunk := self._receive():
                *lines, said = (said + chunk).split(b"\n")
                for line in lines:
                    self._understand(*line.decode().split(" ", 1))
        if not self._told and self._group:
            with suppress(OSError):  # it has ended by itself
                _kill_group(self._group)

    def _receive(self) -> bytes:
        while True:
            try:
                return self._control.recv(1 << 20)
            except TimeoutError:
                if is_stopped(self._process.pid):
                    self._trouble = "was stopped"
                    self._process.kill()
            except OSError:  # it was killed in the middle of a word
                return b""

    def _understand(self, message: str, value: str) -> None:
        match message:
            case Message.GROUP:
                self._group = int(value)
            case Message.ENDED:
                self._ended()
            case Message.OUTCOME:
                self._told = value

    def hang_up(self) -> None:
        """Tell the supervisor that nobody waits any more."""
        with suppress(OSError):  # the supervisor hung up first
            self._control.shutdown(socket.SHUT_WR)

    def outcome(self) -> Outcome:
        """How the run went, once the supervisor has told; raises LabError."""
        self.join()
        if self._told:
            return Outcome.from_json(self._told)
        what = (
            "the command and its process group, but not what had left that" if self._group else "all it ran"
        )
        raise LabError(f"the lab's supervisor {self._trouble}, and with it {what}")


def _kill_group(group: int) -> None:
    if hasattr(os, "killpg"):
        os.killpg(group, signal.SIGKILL)
    else:
        os.kill(group, signal.SIGTERM)  # TerminateProcess, on Windows
