"""Linux system calls that Python's standard library lacks (os.unshare came with 3.12)."""

import ctypes
import os
import signal

CLONE_NEWNS = 0x00020000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
MNT_DETACH = 2

PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
PR_SET_TIMERSLACK = 29
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
SECBIT_NOROOT_LOCKED = 0b11

_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4


def _call(function, *arguments) -> None:
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def unshare(flags: int) -> None:
    """Leave the namespaces named by `flags` for new ones; raises OSError."""
    _call(_libc.unshare, flags)


def mount(source: str, target: str, kind: str = "", flags: int = 0) -> None:
    """mount(2) without data; raises OSError."""
    _call(_libc.mount, source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), None)


def unmount(target: str) -> None:
    """Detach what is mounted at `target`, whoever still uses it; raises OSError."""
    _call(_libc.umount2, target.encode(), MNT_DETACH)


def prctl(option: int, value: int) -> None:
    """prctl(2) with one argument; raises OSError."""
    _call(_libc.prctl, option, value, 0, 0, 0)


def die_with_parent() -> None:
    """Ask for SIGKILL when the thread that forked this process ends."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def keep_time() -> None:
    """Let timers of this process fire within a microsecond; the default slack is fifty."""
    prctl(PR_SET_TIMERSLACK, 1_000)


def renounce() -> None:
    """Give up for good every capability at the next exec, also as user 0, and set-uid programs."""
    prctl(PR_SET_SECUREBITS, SECBIT_NOROOT_LOCKED)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
