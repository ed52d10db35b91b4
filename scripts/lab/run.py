"""Running a command in the lab, from any process: with threads, with any user."""

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scripts.lab.report import ENDED, Report
from scripts.lab.settings import LabError, Settings
from scripts.lab.spare import Manner, prepare, take
from scripts.lab.trace import Connection

DEFAULT = Settings()


class LabTimeout(LabError):
    """The command took longer than it was given, and was killed with all that it had started."""

    def __init__(self, message: str, stdout: bytes | None, stderr: bytes | None) -> None:
        super().__init__(message)
        self.stdout = stdout
        self.stderr = stderr


@dataclass(frozen=True)
class Outcome:
    """How a command fared: CPU in seconds, user and system; `returncode` is negative for a signal.

    `orphans_cpu` is what descendants used that the command did not wait for.  `busy` tells from when to when
    (CLOCK_MONOTONIC) how many cores they used together; it is empty on loopback.
    """

    returncode: int
    link: str
    connections: tuple[Connection, ...]
    orphans_cpu: float
    busy: tuple[tuple[float, float, float], ...]
    link_cpu: float
    origin_cpu: float
    notes: tuple[str, ...]
    stdout: bytes | None
    stderr: bytes | None


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
    again: bool = False,
) -> Outcome:
    """Run `command` with example.com in the lab, and wait for it; stdio as for `subprocess.run`.

    `again` says that the next run will be in the same environment, with the same stdio: what it needs is
    started while this one is tidied up.

    Raises LabTimeout after `timeout` seconds, LabError where the lab cannot be had or dies.
    """
    if not command:
        raise LabError("no command: say what to run in the lab")
    born = dict(os.environ if env is None else env), os.fspath(cwd or os.getcwd())
    manner = Manner(*born, stdin, stdout, stderr)
    supervisor = take(manner)
    report = _Reader(supervisor.told(command, settings), (lambda: prepare(manner)) if again else lambda: None)
    process = supervisor.process
    try:
        output, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        report.hang_up()
        output, errors = process.communicate()
        raise LabTimeout(f"{command[0]} was killed after {timeout:g} s", output, errors) from None
    finally:
        report.hang_up()
        process.wait()
    return _outcome(report.wait(), output, errors)


class _Reader(threading.Thread):
    """Takes the report while the caller waits for output, so that neither side waits for the other.

    Calls `ended` when the command has, and what is left of the run is tidying up.
    """

    def __init__(self, control: socket.socket, ended: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._control = control
        self._ended = ended
        self._text = b""
        self.start()

    def run(self) -> None:
        with self._control:
            while chunk := self._control.recv(65_536):
                if not self._text:
                    self._ended()
                self._text += chunk

    def hang_up(self) -> None:
        """Tell the supervisor that nobody waits any more."""
        with suppress(OSError):  # the supervisor hung up first
            self._control.shutdown(socket.SHUT_WR)

    def wait(self) -> bytes:
        self.join()
        return self._text.removeprefix(ENDED)


def _outcome(text: bytes, stdout: bytes | None, stderr: bytes | None) -> Outcome:
    if not text:
        raise LabError("the lab's supervisor was killed, and all that it ran with it")
    report = Report.from_json(text)
    if report.error or report.returncode is None:
        raise LabError(report.error or "the lab lost the command")
    return Outcome(
        report.returncode,
        report.link,
        tuple(map(Connection.in_nanoseconds, report.connections)),
        report.orphans_cpu,
        tuple(map(tuple, report.busy)),
        report.link_cpu,
        report.origin_cpu,
        tuple(report.notes),
        stdout,
        stderr,
    )
