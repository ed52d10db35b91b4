"""A run on loopback, where there is no cage: on any system, for Python programs that use `socket`.

The origin makes up for the distance in its delays.  What the command has started is ended
with it: its process group, and on Linux whatever left that group, too.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from operator import attrgetter
from pathlib import Path

from scripts.lab.loopback import programs
from scripts.lab.origin import Origin, listen
from scripts.lab.outcome import Message, Outcome
from scripts.lab.settings import LabError, Settings
from scripts.lab.trace import Connection

NO_LIMIT = "no limit on processes: loopback has no namespace to set it in"


def supervise(command: list[str], settings: Settings, caller: socket.socket, notes: list[str]) -> None:
    """Run `command` with example.com on loopback until it ends and tell `caller`, or until that is closed.

    `notes` are further sentences for the outcome.  Raises LabError for a command whose connections could not
    be seen, and when the run breaks off.
    """
    programs.check(command)
    if os.name == "posix":
        from scripts.lab.limits import open_all_files

        open_all_files(settings.connections)
    connections: list[Connection] = []
    stop, stopped = socket.socketpair()
    with listen("127.0.0.1", 0) as listener, socket.socket() as refusing:
        refusing.bind(("127.0.0.1", 0))  # bound and not listening: who connects is refused
        ports = listener.getsockname()[1], refusing.getsockname()[1]
        program = _start(command, settings, programs.environment(settings, *ports, dict(os.environ)))
        caller.sendall(Message.GROUP.line(str(program.pid)))
        threading.Thread(target=_end_with, args=[caller, program], daemon=True).start()
        died: list[Exception] = []

        def serve() -> None:
            try:
                Origin(listener, settings, settings.rtt, connections).serve(stopped)
            except Exception as error:
                died.append(error)
                program.kill()  # it would wait for answers for ever

        server = threading.Thread(target=serve)
        server.start()
        start = time.process_time()
        returncode = program.wait()
        with suppress(OSError):  # that nobody waits any more, the other thread sees
            caller.sendall(Message.ENDED.line())
        orphans_cpu = _end(program)
        stop.close()
        server.join()
    if died:
        if isinstance(died[0], LabError):
            raise died[0]
        raise LabError(f"the origin died in the middle of the run ({died[0]!r})")
    outcome = Outcome(
        returncode=returncode,
        link="loopback",
        connections=tuple(sorted(connections, key=attrgetter("syn"))),
        orphans_cpu=orphans_cpu,
        busy=(),
        link_cpu=0.0,
        origin_cpu=time.process_time() - start,
        notes=(*notes, NO_LIMIT),
    )
    caller.sendall(Message.OUTCOME.line(outcome.to_json()))


def _start(command: list[str], settings: Settings, env: dict[str, str]) -> subprocess.Popen[bytes]:
    if os.name != "posix":
        return subprocess.Popen(command, env=env)
    from scripts.lab.limits import limit

    def prepare() -> None:
        for number in (signal.SIGINT, signal.SIGTSTP):
            signal.signal(number, signal.SIG_DFL)  # exec(2) hands on what is ignored
        limit(settings.max_memory)
        if sys.platform == "linux":
            linux.die_with_parent()

    if sys.platform == "linux":
        from scripts.lab.emulated import linux

        linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)  # whose parent ends becomes a child of this process
        linux.keep_time()
    # No thread has started yet.
    return subprocess.Popen(command, env=env, start_new_session=True, preexec_fn=prepare)


def _end_with(caller: socket.socket, program: subprocess.Popen[bytes]) -> None:
    caller.recv(1)
    _end(program)
    os._exit(1)


def _end(program: subprocess.Popen[bytes]) -> float:
    """Kill what is left of the command; return the CPU seconds of what it did not wait for."""
    if os.name != "posix":
        program.kill()
        return 0.0
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    seconds = 0.0
    while True:
        for child in _children():
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        try:
            _, _, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return seconds
        seconds += usage.ru_utime + usage.ru_stime


def _children() -> list[int]:
    try:
        return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
    except FileNotFoundError:
        return []  # not Linux: the process group is all that can be found
