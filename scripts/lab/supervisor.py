"""The process that stands between a caller and its command: one thread, nothing inherited but the stdio.

unshare(2) needs a process without threads, and a caller may be killed at any moment:
what it started must then end by itself, so the link to it is a socket that closes.
"""

import importlib
import json
import os
import signal
import socket
import sys
from typing import Any

from scripts.lab.report import Report
from scripts.lab.settings import Fault, Settings


def main() -> None:
    """Run the command that the caller tells of, and send it the report."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the caller, who decides
    port, token = sys.argv[1:]
    if sys.platform == "linux":
        importlib.import_module("scripts.lab.emulated.pid1")  # now, since there may be nothing to run yet
    try:
        caller = socket.create_connection(("127.0.0.1", int(port)))
        caller.sendall(token.encode())
        asked = caller.makefile("rb").readline()
    except OSError:
        asked = b""
    if asked:  # otherwise nobody needs this one any more
        settings, *command = json.loads(asked)
        caller.sendall(supervise(command, _settings(settings), caller).to_json())
    os._exit(0)  # what an interpreter tidies up at its end takes it 20 ms, and the caller waits


def supervise(command: list[str], settings: Settings, caller: socket.socket) -> Report:
    """Run `command` on the link that the settings ask for; `auto` falls back to loopback and notes why."""
    notes = []
    if settings.link != "loopback":
        if sys.platform == "linux":
            from scripts.lab.emulated import pid1  # rests on system calls that other systems lack

            report = pid1.supervise(command, settings, caller)
        else:
            report = Report(error=f"no emulated link on {sys.platform}: it needs Linux", unavailable=True)
        if not report.unavailable or settings.link == "emulated":
            return report
        notes = [f"fell back to loopback: {report.error}"]
    from scripts.lab.loopback import supervision

    report = supervision.supervise(command, settings, caller)
    report.notes = notes + report.notes
    return report


def _settings(fields: dict[str, Any]) -> Settings:
    return Settings(**fields | {"faults": tuple(Fault(**fault) for fault in fields["faults"])})
