"""Running a command in the lab, from any process: with threads, with any user."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.lab.report import Report
from scripts.lab.settings import LabError, Settings
from scripts.lab.trace import Connection

ROOT = Path(__file__).resolve().parent.parent.parent
START_TIMEOUT = 30.0
"""Seconds for a supervisor to start; a twentieth of one is usual."""

DEFAULT = Settings()
BOOT = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from scripts.lab.supervisor import main; main()"


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
) -> Outcome:
    """Run `command` with example.com in the lab, and wait for it; stdio as for `subprocess.run`.

    Raises LabTimeout after `timeout` seconds, LabError where the lab cannot be had or dies.
    """
    if not command:
        raise LabError("no command: say what to run in the lab")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port, token = server.getsockname()[1], os.urandom(16).hex()
        arguments = [str(port), token, json.dumps(asdict(settings)), *command]
        supervisor = subprocess.Popen(
            # Isolated and without site: nothing of the caller's environment reaches it, and it starts sooner.
            [sys.executable, "-I", "-S", "-c", BOOT, *arguments],
            env=env, cwd=cwd, stdin=stdin, stdout=stdout, stderr=stderr,
        )  # fmt: skip
        control = _accept(server, token, supervisor)
    report = _Reader(control)
    try:
        output, errors = supervisor.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        report.hang_up()
        output, errors = supervisor.communicate()
        raise LabTimeout(f"{command[0]} was killed after {timeout:g} s", output, errors) from None
    finally:
        report.hang_up()
        supervisor.wait()
    return _outcome(report.wait(), output, errors)


def _accept(server: socket.socket, token: str, supervisor: subprocess.Popen[bytes]) -> socket.socket:
    server.settimeout(START_TIMEOUT)
    try:
        while True:
            control, _ = server.accept()
            control.settimeout(START_TIMEOUT)
            if control.recv(len(token), socket.MSG_WAITALL) == token.encode():
                control.settimeout(None)
                return control
            control.close()  # a stranger on this machine
    except OSError as error:
        supervisor.kill()
        supervisor.communicate()
        raise LabError(f"the lab's supervisor did not start ({error})") from error
    except BaseException:
        supervisor.kill()
        raise


class _Reader(threading.Thread):
    """Takes the report while the caller waits for output, so that neither side waits for the other."""

    def __init__(self, control: socket.socket) -> None:
        super().__init__(daemon=True)
        self._control = control
        self._text = b""
        self.start()

    def run(self) -> None:
        with self._control:
            while chunk := self._control.recv(65_536):
                self._text += chunk

    def hang_up(self) -> None:
        """Tell the supervisor that nobody waits any more."""
        with suppress(OSError):  # the supervisor hung up first
            self._control.shutdown(socket.SHUT_WR)

    def wait(self) -> bytes:
        self.join()
        return self._text


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
