"""A run inside the cage: PID 1 starts the link, the origin and the command.

    caller
     `-- supervisor
          `-- outside           enters the namespaces, all but that of PIDs, where its children are
               `-- PID 1        furnishes the cage, waits, reaps, reports
                    |-- lab-origin
                    |-- lab-link
                    `-- the command, and whatever it starts

Whoever of these is killed, the rest goes, and none but the kernel has to see to it:

- PID 1 ends with the command, or when the socket to its caller is closed, as the kernel closes it for whoever
  ends.  With PID 1 go all processes of its namespace (pid_namespaces(7), Linux 2.6.24).
- Outside and PID 1 ask for SIGKILL when the thread that forked them ends (PR_SET_PDEATHSIG, prctl(2)); it
  reaches PID 1 since it comes from outside its namespace.
- A process whose parent ends becomes a child of PID 1, which reaps it: wait4(2) tells what each has used of
  the CPU together with the children that it has waited for, so that nobody is counted twice and only those
  are missed that are still there at the end, which PID 1 kills and reaps as well.
- SIGCHLD also comes for a child that is stopped.  A helper that is stopped serves nobody, and would keep the
  run for ever: that ends it as the death of one does.  The command may stop itself and its own as it likes.
- Signals are received through signal.set_wakeup_fd, so that select(2) can wait for an ending, for the caller
  and for the next look at the CPU at once.
- An ended process is seen through a pidfd (pidfd_open(2), Linux 5.3), readable once it has ended and its
  files are closed: only then is each end of a connection closed which the link has to bring home.
"""

import errno
import gc
import os
import select
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from scripts.lab.cpu_watch import Busy, processes
from scripts.lab.emulated import filesystem, linux, namespaces, paths, seccomp, user
from scripts.lab.emulated.link import Link
from scripts.lab.emulated.nameserver import HINT, NameServer
from scripts.lab.emulated.process import Helper, execute, fork, wait
from scripts.lab.emulated.ring import LARGEST
from scripts.lab.limits import open_all_files
from scripts.lab.origin import Origin, listen
from scripts.lab.outcome import LinkUnavailable, Message, Outcome, failure, reason
from scripts.lab.settings import CLIENT, PORT, SERVER, LabError, Program, Settings
from scripts.lab.trace import Connection

FRAMES, MORE_FRAMES = 3, 4
"""Of a connection that are under way at most, if its answer is two pieces; and for each further piece."""
MOST_FRAMES = 32_768
"""For which there is room on account of long answers: they take a quarter of a gibibyte."""
TOLD = "told"
"""What PID 1 says when it has sent the outcome to the caller."""
ENDING = 1.0
"""Seconds for a helper to end whose socket or pipe has closed; a millisecond will do."""
PROBE_TIMEOUT = 5.0
"""Seconds for one connection over the new link, which holds no packet yet: a millisecond will do."""


def supervise(program: Program, settings: Settings, caller: socket.socket) -> None:
    """Run `program` in namespaces of its own until it ends, or `caller` is closed, which is told the outcome.

    Keeps outside itself, so that another link can be tried where namespaces are refused.
    Raises LinkUnavailable there, and LabError when the run breaks off.
    """
    reader, writer = os.pipe()
    asked, asks = socket.socketpair()
    outside = fork(lambda: _enclose(program, settings, caller, writer, asks))
    os.close(writer)
    asks.close()
    user.map_for(outside, asked)
    wait(outside)
    with open(reader) as pipe:
        said = pipe.read()
    if said != TOLD:
        raise reason(said) if said else LabError("the lab was killed from outside, with all that ran in it")


def _enclose(
    program: Program, settings: Settings, caller: socket.socket, writer: int, asks: socket.socket
) -> None:
    linux.die_with_parent()
    try:
        with asks:
            namespaces.enter(asks)
    except LabError as error:
        _say(writer, failure(error))
    else:
        init = fork(lambda: _run(program, settings, caller, writer))
        os.close(writer)
        wait(init)


def _run(program: Program, settings: Settings, caller: socket.socket, writer: int) -> None:
    linux.die_with_parent()
    # Without a controlling terminal nobody can type into it (ioctl_tty(2), TIOCSTI); and the program, which
    # does not lead this session, can still begin one of its own.
    os.setsid()
    try:
        outcome = Init(settings, caller).run(program)
    except LabError as error:
        _say(writer, failure(error))
    else:
        caller.sendall(Message.OUTCOME.line(outcome.to_json()))
        _say(writer, TOLD)


def _say(writer: int, text: str) -> None:
    with open(writer, "w") as pipe:
        pipe.write(text)


class Init:
    """PID 1: furnishes the cage, reaps what ends in it, and adds up who used the CPU."""

    def __init__(self, settings: Settings, caller: socket.socket) -> None:
        self._settings = settings
        self._caller = caller
        self._endings, wakeup = socket.socketpair()
        wakeup.setblocking(False)
        # Without SA_NOCLDSTOP, which Python does not set, it comes for a child that is stopped, too.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakeup.detach())
        self._helpers: list[Helper] = []
        self._status: dict[int, int] = {}
        self._cpu: dict[int, float] = {}

    def run(self, program: Program) -> Outcome:
        """Furnish the cage, run `program` in it to its end, and empty it.

        Raises LinkUnavailable where the system refuses what it takes, LabError when a helper dies or stops.
        """
        open_all_files(self._settings.connections)
        try:
            notes, become = self._furnish(program)
            origin = self._start_origin()
            link, control = self._start_link()
            self._open_traffic(control)
        except LinkUnavailable as error:
            # Where it is a helper's doing, another link would only hide that.
            select.select([self._endings], [], [], ENDING if self._helpers else 0)
            self._reap(os.WNOHANG)
            self._check_helpers("while the lab was set up", error)
            raise
        command = fork(lambda: execute(program.command, self._settings.max_memory, paths.OWN, become))
        watch = Busy()
        self._await(command, "in the middle of the run", watch)
        with suppress(OSError):  # that nobody waits any more is seen later
            self._caller.sendall(Message.ENDED.line())
        # Without a process, both ends of each connection close; the link brings that home.
        self._helpers = [link]
        _end_all_but({os.getpid(), link.pid})
        control.close()
        self._await(link.pid, "at the end of the run")
        with suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        self._reap(0)
        carried = link.left()
        if carried["lost"]:
            notes.append(f"the link had no room for {carried['lost']:,} packets: give it more --connections")
        if self._names.asked:
            notes.append(HINT)
        for pid in (link.pid, command):  # the link counts its set-up, too, and the command counts itself
            del self._cpu[pid]
        origin_cpu = self._cpu.pop(origin.pid)
        return Outcome(
            returncode=os.waitstatus_to_exitcode(self._status[command]),
            link="emulated",
            connections=tuple(map(Connection.in_nanoseconds, carried["connections"])),
            orphans_cpu=sum(self._cpu.values()),
            busy=tuple(watch.intervals),
            link_cpu=carried["cpu"],
            origin_cpu=origin_cpu,
            notes=tuple(notes),
        )

    def _furnish(self, program: Program) -> tuple[list[str], Callable[[], None]]:
        """Make the cage; what it does without, and how the program becomes who it is to be."""
        ways = paths.needs(program)
        notes = filesystem.enclose(ways, program.writable)
        notes += namespaces.furnish(self._settings.max_processes)
        notes += filesystem.seal()
        if not seccomp.is_possible():
            notes.append(seccomp.MISSING)
        self._names = NameServer()
        why_root = user.cannot_be_nobody(ways, program.writable) if os.geteuid() == 0 else None
        become = user.become_nobody if os.geteuid() == 0 and not why_root else lambda: None
        return notes + ([why_root] if why_root else []), become

    def _start_origin(self) -> Helper:
        with namespaces.step(f"listen on port {PORT}"):
            listener = listen(CLIENT, PORT)  # which is a swap away from SERVER

        def serve() -> None:
            gc.disable()  # it leaves no cycles, and looking for some among ten thousand clients takes time
            Origin(listener, self._settings).serve()

        with listener:
            return self._help("origin", serve)

    def _start_link(self) -> tuple[Helper, socket.socket]:
        ours, theirs = socket.socketpair()
        frames, instead = room(self._settings), "take fewer --connections"
        with namespaces.step(f"make a packet socket with a ring of {frames:,} frames", instead):
            link = Link(namespaces.PEER, self._settings.refused, frames, self._settings.connections)

        def carry() -> dict[str, Any]:
            ours.close()
            link.carry(theirs, self._settings.rtt)
            return {"connections": link.trace.report(), "cpu": link.cpu, "lost": link.lost}

        with theirs, link:
            return self._help("link", carry), ours

    def _help(self, name: str, work: Callable[[], dict[str, Any] | None]) -> Helper:
        self._helpers.append(Helper(name, work))
        return self._helpers[-1]

    def _open_traffic(self, control: socket.socket) -> None:
        """See one connection through the link, then let distances count from the next packet on."""
        with namespaces.step("carry packets through the veth pair and back"), socket.socket() as probe:
            probe.setblocking(False)
            probe.connect_ex((SERVER, PORT))
            _, done, _ = select.select([self._endings], [probe], [], PROBE_TIMEOUT)
            if error := probe.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) if done else errno.ETIMEDOUT:
                raise OSError(error, os.strerror(error))
            control.sendall(b"!")
            if not control.recv(1):
                raise ConnectionResetError(errno.ECONNRESET, "the link hung up")

    def _await(self, pid: int, when: str, watch: Busy | None = None) -> None:
        """Wait until `pid` has ended; raises LabError if a helper dies first, fails or is stopped.

        Meanwhile, `watch` looks at everything but this process and the helpers.
        """
        ours = {os.getpid(), *(helper.pid for helper in self._helpers)}
        while pid not in self._status:
            wait = watch.wait() if watch else None
            ready, _, _ = select.select([self._caller, self._endings, self._names.socket], [], [], wait)
            if self._names.socket in ready:
                self._names.refuse()
            if self._caller in ready:
                os._exit(1)  # nobody is left to report to; the kernel ends the rest
            if watch:
                watch.look(set(processes()) - ours)
            if self._endings in ready:
                self._endings.recv(4096)
                self._reap(os.WNOHANG)
                self._check_helpers(when)

    def _check_helpers(self, when: str, cause: LabError | None = None) -> None:
        """Raise LabError for a helper that could not go on, died, or is stopped."""
        for helper in self._helpers:
            status = self._status.get(helper.pid)
            if status is None and helper.is_stopped():
                raise LabError(f"the {helper.name} was stopped {when}") from cause
            if status is None or ((left := helper.left()) and "error" not in left):
                continue
            code = os.waitstatus_to_exitcode(status)
            died = f"the {helper.name} died {when} (status {code})"
            raise LabError(left.get("error", died)) from cause

    def _reap(self, options: int) -> None:
        with suppress(ChildProcessError):
            while (ended := os.wait4(-1, options))[0]:
                pid, self._status[ended[0]], usage = ended
                # Numbers come again where there are but a thousand.
                self._cpu[pid] = self._cpu.get(pid, 0.0) + usage.ru_utime + usage.ru_stime


def room(settings: Settings) -> int:
    """How many frames the link must have room for, under these settings."""
    usual = FRAMES * settings.connections
    more = MORE_FRAMES * settings.connections * max(settings.body_size // LARGEST - 1, 0)
    return max(usual, min(usual + more, MOST_FRAMES))


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
