"""A run inside the cage: PID 1 starts the link, the origin and the command.

When PID 1 of a namespace ends, the kernel ends every process in it (pid_namespaces(7));
and PID 1 ends with the command, or when its caller does.
"""

import gc
import json
import os
import select
import signal
import socket
from contextlib import suppress

from scripts.lab import origin
from scripts.lab.cpu_watch import Busy, processes
from scripts.lab.emulated import linux, namespaces
from scripts.lab.emulated.link import Link
from scripts.lab.emulated.process import execute, fork
from scripts.lab.emulated.ring import LARGEST
from scripts.lab.limits import open_all_files
from scripts.lab.report import ENDED, Report
from scripts.lab.settings import LabError, Settings

FRAMES, MORE_FRAMES = 3, 4
"""Of a connection that are under way at most, if its answer is two pieces; and for each further piece."""
MOST_FRAMES = 32_768
"""For which there is room on account of long answers: they take a quarter of a gibibyte."""
PROBE_TIMEOUT = 5.0
"""Seconds for one connection over the new link, which holds no packet yet: a millisecond will do."""


def supervise(command: list[str], settings: Settings, caller: socket.socket) -> Report:
    """Run `command` in namespaces of its own until it ends, or `caller` is closed.

    Keeps outside itself, so that another link can be tried where namespaces are refused.
    """
    reader, writer = os.pipe()
    outside = fork(lambda: _enclose(command, settings, caller, writer))
    os.close(writer)
    with open(reader, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(outside, 0)
    if not answer:
        return Report(error="the lab was killed from outside, with all that ran in it")
    return Report.from_json(answer)


def _enclose(command: list[str], settings: Settings, caller: socket.socket, writer: int) -> None:
    linux.die_with_parent()
    try:
        namespaces.enter()
    except LabError as error:
        _tell(writer, Report(error=str(error), unavailable=True))
    else:
        init = fork(lambda: _tell(writer, Init(settings, caller).run(command)))
        os.close(writer)
        os.waitpid(init, 0)


def _tell(writer: int, report: Report) -> None:
    with open(writer, "wb") as pipe:
        pipe.write(report.to_json())


class Init:
    """PID 1: furnishes the cage, reaps what ends in it, and adds up who used the CPU."""

    def __init__(self, settings: Settings, caller: socket.socket) -> None:
        self._settings = settings
        self._caller = caller
        self._endings, wakeup = socket.socketpair()
        wakeup.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakeup.detach())
        self._status: dict[int, int] = {}
        self._cpu: dict[int, float] = {}

    def run(self, command: list[str]) -> Report:
        """Furnish the cage, run `command` in it to its end, and empty it."""
        linux.die_with_parent()
        try:
            open_all_files(self._settings.connections)
        except LabError as error:
            return Report(error=str(error))
        try:
            notes = namespaces.furnish(self._settings.max_processes)
            origin_pid = self._start_origin()
            link_pid, link_control, trace = self._start_link()
            _open_traffic(link_control)
        except LabError as error:
            return Report(error=str(error), unavailable=True)
        program = fork(lambda: execute(command, self._settings.max_memory))
        helpers = {link_pid: "link", origin_pid: "origin"}
        watch = Busy()
        if died := self._await(program, helpers, watch):
            return Report(error=died)
        with suppress(OSError):  # that nobody waits any more is seen later
            self._caller.sendall(ENDED)
        # Without a process, both ends of each connection close; the link brings that home.
        _end_all_but({os.getpid(), link_pid})
        link_control.close()
        self._await(link_pid, {})
        with suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        self._reap(0)
        carried = json.loads(_content(trace))
        if carried["lost"]:
            notes.append(f"the link had no room for {carried['lost']:,} packets: give it more --connections")
        del self._cpu[link_pid]  # which counts the set-up, too
        return Report(
            returncode=os.waitstatus_to_exitcode(self._status[program]),
            connections=carried["connections"],
            link_cpu=carried["cpu"],
            origin_cpu=self._cpu.pop(origin_pid),
            orphans_cpu=sum(self._cpu.values()) - self._cpu[program],
            busy=watch.intervals,
            notes=notes,
        )

    def _start_origin(self) -> int:
        with namespaces.step("listen on port 80"):
            listener = origin.listen(namespaces.CLIENT, 80)

        def serve() -> None:
            linux.be_called("lab-origin")
            linux.keep_time()
            gc.disable()  # it leaves no cycles, and looking for some among ten thousand clients takes time
            origin.serve(listener, self._settings)

        with listener:
            return fork(serve)

    def _start_link(self) -> tuple[int, socket.socket, int]:
        ours, theirs = socket.socketpair()
        trace = os.memfd_create("trace")
        refused = frozenset(int(fault.target) for fault in self._settings.faults if fault.kind == "refuse")
        frames, instead = room(self._settings), "take fewer --connections"
        with namespaces.step(f"make a packet socket with a ring of {frames:,} frames", instead):
            link = Link(namespaces.INSIDE, refused, frames)

        def carry() -> None:
            linux.be_called("lab-link")
            ours.close()
            link.carry(theirs, self._settings.rtt)
            carried = {"connections": link.trace.report(), "cpu": link.cpu, "lost": link.lost}
            with open(trace, "w") as file:
                json.dump(carried, file)

        with theirs, link:
            return fork(carry), ours, trace

    def _await(self, pid: int, helpers: dict[int, str], watch: Busy | None = None) -> str | None:
        """Wait until `pid` has ended; return what happened if one of its helpers did first.

        Meanwhile, `watch` looks at everything but this process and the helpers.
        """
        while pid not in self._status:
            wait = watch.wait() if watch else None
            ready, _, _ = select.select([self._caller, self._endings], [], [], wait)
            if self._caller in ready:
                os._exit(1)  # nobody is left to report to; the kernel ends the rest
            if watch:
                watch.look(set(processes()) - {os.getpid(), *helpers})
            if self._endings not in ready:
                continue
            self._endings.recv(4096)
            self._reap(os.WNOHANG)
            for helper in helpers.keys() & self._status.keys():
                code = os.waitstatus_to_exitcode(self._status[helper])
                return f"the {helpers[helper]} died in the middle of the run (status {code})"
        return None

    def _reap(self, options: int) -> None:
        with suppress(ChildProcessError):
            while (ended := os.wait4(-1, options))[0]:
                pid, self._status[ended[0]], usage = ended
                # Numbers come again where there are but a thousand.
                self._cpu[pid] = self._cpu.get(pid, 0.0) + usage.ru_utime + usage.ru_stime


def room(settings: Settings) -> int:
    """How many frames there must be room for on the link."""
    usual = FRAMES * settings.connections
    more = MORE_FRAMES * settings.connections * max(settings.body_size // LARGEST - 1, 0)
    return max(usual, min(usual + more, MOST_FRAMES))


def _open_traffic(link_control: socket.socket) -> None:
    """See one connection through the link, then let distances count from the next packet on."""
    with namespaces.step("carry packets through the veth pair and back"):
        socket.create_connection((namespaces.SERVER, 80), PROBE_TIMEOUT).close()
    link_control.sendall(b"!")
    link_control.recv(1)


def _end_all_but(spared: set[int]) -> None:
    """Kill every other process and wait until it has ended, whoever is to reap it."""
    ending = []
    # Without a /proc of its own: the numbers of a new namespace begin at 1.
    for pid in set(processes() or range(1, 1 << 15)) - spared:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
            ending.append(linux.pidfd_open(pid))
    for process in ending:
        # Readable once the process has ended (pidfd_open(2)), its files closed.
        poll = select.poll()
        poll.register(process, select.POLLIN)
        poll.poll()
        os.close(process)


def _content(file: int) -> bytes:
    os.lseek(file, 0, os.SEEK_SET)
    with open(file, "rb") as content:
        return content.read()
