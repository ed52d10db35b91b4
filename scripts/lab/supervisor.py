"""The process that stands between a caller and its command: one thread, nothing inherited but the stdio.

unshare(2) needs a process without threads, and a caller may be killed at any moment:
what it started must then end by itself, so the link to it is a socket that closes.
It chooses between the two links, and so stands above both of their folders.
"""

import json
import os
import signal
import socket
import sys
from importlib import import_module

from scripts.lab.outcome import LinkUnavailable, Message, failure
from scripts.lab.settings import LabError, Program, Settings


def main() -> None:
    """Run the command that the caller tells of, and see that the caller is told how it went."""
    for number in (signal.SIGINT, getattr(signal, "SIGTSTP", signal.SIGINT)):
        signal.signal(number, signal.SIG_IGN)  # Ctrl-C and Ctrl-Z reach the caller, who decides
    port, token = sys.argv[1:]
    if sys.platform == "linux":
        import_module("scripts.lab.emulated.pid1")  # now, since there may be nothing to run yet
    try:
        caller = socket.create_connection(("127.0.0.1", int(port)))
        caller.sendall(token.encode())
        asked = caller.makefile("rb").readline()
    except OSError:
        os._exit(0)  # whoever prepared this one is gone
    if asked:  # otherwise nobody needs it any more
        program, settings = json.loads(asked)
        try:
            supervise(Program.from_fields(program), Settings.from_fields(settings), caller)
        except LabError as error:
            caller.sendall(Message.OUTCOME.line(failure(error)))
    sys.stderr.flush()
    os._exit(0)  # what an interpreter tidies up at its end takes it 20 ms, and the caller waits


def supervise(program: Program, settings: Settings, caller: socket.socket) -> None:
    """Run `program` on the link that the settings ask for; `auto` falls back to loopback and notes why."""
    notes = []
    if settings.link != "loopback":
        try:
            return _emulated(program, settings, caller)
        except LinkUnavailable as error:
            if settings.link == "emulated":
                raise
            notes = [f"fell back to loopback: {error}"]
    from scripts.lab.loopback import supervision

    return supervision.supervise(list(program.command), settings, caller, notes)


def _emulated(program: Program, settings: Settings, caller: socket.socket) -> None:
    if sys.platform != "linux":
        raise LinkUnavailable(f"no emulated link on {sys.platform}: it needs Linux")
    from scripts.lab.emulated import pid1  # rests on system calls that other systems lack

    pid1.supervise(program, settings, caller)
