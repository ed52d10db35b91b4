"""Where a fault strikes: a process of its own, with disks of its own, of which nothing may be left.

The process takes in whoever loses his parent among its descendants (PR_SET_CHILD_SUBREAPER, prctl(2)), so that
none escapes it.  Its disks are in memory, in a mount namespace: whatever appears on them comes from this fault.
"""

import os
import signal
import socket
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from random import Random

from scripts.files import CACHE
from scripts.lab.emulated import linux

SHARED_MEMORY = Path("/dev/shm")
GRACE = 60.0
"""Seconds for processes to end by themselves, on a machine that has much else to do."""


class Broken(Exception):
    """What must not be: something was `lost`, `left` behind, or went wrong and was `silent`."""

    def __init__(self, how: str, told: str) -> None:
        super().__init__(told)
        self.how = how


def lost(told: str) -> Broken:
    return Broken("lost", told)


def left(told: str) -> Broken:
    return Broken("left", told)


def silent(told: str) -> Broken:
    return Broken("silent", told)


class World:
    """What one fault has to itself: chance that can be repeated, a folder, a place for temporary files."""

    def __init__(self, kind: str, seed: int, number: int, folder: Path) -> None:
        self.random = Random(f"{seed} {kind} {number}")
        self.number = number
        self.folder = folder / "work"
        self._temporary = folder / "tmp"
        self._disks = {folder: "", SHARED_MEMORY: "", CACHE: ""}

    def enter(self) -> None:
        """Give this process its disks, and have it take in orphans; raises OSError where the system refuses."""
        linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
        user, group = os.getuid(), os.getgid()
        linux.unshare(linux.CLONE_NEWNS | (linux.CLONE_NEWUSER if user else 0))
        if user:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
        for place in self._disks:
            mount(place, "mode=1777" if place == SHARED_MEMORY else "mode=755")
        for place in (self.folder, self._temporary):
            place.mkdir()
        os.environ["TMPDIR"] = tempfile.tempdir = str(self._temporary)
        self._mounts = mounts()

    def check(self) -> None:
        """Raises Broken if anything is left of what went on here."""
        if processes := outliving():
            raise left(f"processes: {', '.join(processes)}")
        for place in (self._temporary, SHARED_MEMORY):
            if names := sorted(path.name for path in place.iterdir()):
                raise left(f"in {place.name}: {', '.join(names)}")
        if locks := [str(path) for path in self.folder.rglob(".*.lock")]:
            raise left(f"locks: {', '.join(locks)}")
        if mounts() != self._mounts:
            raise left("mounts")
        if links := [name for _, name in socket.if_nameindex() if name.startswith("lab")]:
            raise left(f"network interfaces: {', '.join(links)}")


def mount(place: Path, options: str) -> None:
    """A disk in memory."""
    linux.mount("tmpfs", str(place), "tmpfs", data=f"size=256m,{options}")


def mounts() -> list[str]:
    return sorted(line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines())


def outliving() -> list[str]:
    """The processes that are still descendants of this one after GRACE, as their command lines; they are killed."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    end = time.monotonic() + GRACE
    while reap() and (rest := end - time.monotonic()) > 0:
        signal.sigtimedwait({signal.SIGCHLD}, min(rest, 0.1))  # of grandchildren nothing is heard
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    return end_all(os.getpid()) if reap() else []


def reap() -> bool:
    """Whether there are children, once those that have ended are forgotten."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def end_all(ancestor: int) -> list[str]:
    """Kill every descendant of that process, and return their command lines."""
    found: dict[int, str] = {}
    while living := [pid for pid in descendants(ancestor) if pid not in found]:
        for pid in living:
            with suppress(OSError):  # it has ended meanwhile
                found[pid] = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip() or "?"
                os.kill(pid, signal.SIGKILL)
    return list(found.values())


def descendants(ancestor: int) -> list[int]:
    """The numbers of the processes that it has begun, and they have, and so on; without those that have ended."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = status.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                parents[int(status.parent.name)] = int(parent)
    found = {ancestor}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found - {ancestor})
