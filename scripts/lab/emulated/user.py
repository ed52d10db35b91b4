"""Who the program is in the cage: whoever started the lab, but in root's place nobody, if nobody can do it.

A user may map itself alone into a user namespace (user_namespaces(7)).  Root may map another user beside
itself, from a process that has stayed outside; then PID 1 makes the cage as root, and the program runs as the
other. Without a capability root is still the owner of much of the machine, from /etc/shadow to the kernel's
settings.
"""

import os
import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

NOBODY = 65_534
"""User and group, by the same number on every Linux."""
ASKING = 10.0
"""Seconds for a child to enter its namespaces and ask; a millisecond is usual."""


def map_to_itself() -> None:
    """Let this process be the same user and group in its new user namespace; raises OSError."""
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{os.geteuid()} {os.geteuid()} 1")
    Path("/proc/self/gid_map").write_text(f"{os.getegid()} {os.getegid()} 1")


def map_nobody_too(asks: socket.socket) -> bool:
    """Let root and nobody be who they are in this new namespace, by `map_for` at the other end of `asks`.

    False where that cannot be, as within a namespace that has no nobody.
    """
    asks.sendall(b"?")
    return asks.recv(1) == b"y"


def map_for(child: int, asks: socket.socket) -> None:
    """Map root and nobody for a child that has entered a new user namespace, if it asks for it."""
    asks.settimeout(ASKING)
    with asks, suppress(OSError):  # where it gets no answer, it maps itself
        if asks.recv(1):
            for kind in ("uid_map", "gid_map"):
                Path(f"/proc/{child}/{kind}").write_text(f"0 0 1\n{NOBODY} {NOBODY} 1")
            asks.sendall(b"y")


def cannot_be_nobody(paths: Iterable[str], writable: Iterable[str]) -> str | None:
    """Why the program has to stay root, in a sentence: nobody is not to be had, or may not use a path."""
    os.setgroups([])
    try:
        os.setegid(NOBODY)
        os.seteuid(NOBODY)
        needed = [(path, os.R_OK | os.X_OK if os.path.isdir(path) else os.R_OK) for path in paths]
        needed += [(path, os.W_OK) for path in writable]
        closed = [path for path, mode in needed if not os.access(path, mode, effective_ids=True)]
    except OSError as error:
        return f"the program ran as root: there is no nobody here ({error.strerror})"
    finally:
        os.seteuid(0)
        os.setegid(0)
    return f"the program ran as root: nobody else may use {closed[0]}" if closed else None


def become_nobody() -> None:
    """Give up being root, for good."""
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
