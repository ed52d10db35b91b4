"""Linux system calls that Python's standard library lacks (os.unshare came with 3.12)."""

import ctypes
import errno
import mmap
import os
import signal
import struct
from array import array
from collections.abc import Callable
from contextlib import suppress

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
PR_SET_NAME = 15
PR_SET_SECUREBITS = 28
PR_SET_TIMERSLACK = 29
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
SECBIT_NOROOT_LOCKED = 0b11

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2

AT_FDCWD, AT_RECURSIVE = -100, 0x8000
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID = 0x1, 0x2
LANDLOCK_SCOPE_SIGNAL = 0x2

SYS_PIDFD_OPEN, SYS_MOUNT_SETATTR = 434, 442
SYS_LANDLOCK_CREATE_RULESET, SYS_LANDLOCK_RESTRICT_SELF = 444, 446
"""What came to Linux after 5.0 has the same number on every architecture."""

LONG = ctypes.sizeof(ctypes.c_long)

_libc = ctypes.CDLL(None, use_errno=True)
_libc.sendmmsg.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int]
_libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4


def _call(function: Callable[..., int], *arguments: object) -> None:
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def version() -> tuple[int, ...]:
    """The first two numbers of the kernel's version, such as (6, 12)."""
    return tuple(int(number) for number in os.uname().release.replace("-", ".").split(".")[:2])


def unshare(flags: int) -> None:
    """Leave the namespaces named by `flags` for new ones; raises OSError."""
    _call(_libc.unshare, flags)


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    """Mount `source` at `target` (mount(2)); raises OSError."""
    paths = os.fsencode(source), os.fsencode(target)
    _call(_libc.mount, *paths, kind.encode(), ctypes.c_ulong(flags), data.encode())


def unmount(target: str) -> None:
    """Detach what is mounted at `target`, whoever still uses it; raises OSError."""
    _call(_libc.umount2, os.fsencode(target), MNT_DETACH)


def pivot_root(new: str, old: str) -> None:
    """Make the mount at `new` the root, and put what was the root at `old`; raises OSError."""
    _call(_libc.pivot_root, os.fsencode(new), os.fsencode(old))


def set_read_only(target: str, recursive: bool = True) -> None:
    """Make a mount, and all that is mounted in it, read-only, without set-uid programs; since Linux 5.12.

    Raises OSError.
    """
    attributes = struct.pack("=QQQQ", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, 0, 0, 0)
    flags = AT_RECURSIVE if recursive else 0
    system_call(SYS_MOUNT_SETATTR, AT_FDCWD, os.fsencode(target), flags, attributes, len(attributes))


def system_call(number: int, *arguments: int | bytes | None) -> int:
    """Make a system call for which there is no function; raises OSError."""
    longs = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    returned = _libc.syscall(ctypes.c_long(number), *longs)
    if returned < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return returned


def prctl(option: int, value: int, more: int = 0) -> None:
    """Set an attribute of this process (prctl(2)); raises OSError."""
    _call(_libc.prctl, option, value, more, 0, 0)


def be_called(name: str) -> None:
    """Give this process a name for ps(1) and top(1), of 15 characters at most."""
    text = ctypes.create_string_buffer(name.encode())
    prctl(PR_SET_NAME, ctypes.addressof(text))


def die_with_parent() -> None:
    """Ask for SIGKILL when the thread that forked this process ends."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def pidfd_open(pid: int) -> int:
    """A file that is readable once the process `pid` has ended; raises OSError, before Linux 5.3 always.

    A Python built with older headers has no os.pidfd_open, on whatever kernel it runs.
    """
    return system_call(SYS_PIDFD_OPEN, pid, 0)


def keep_time() -> None:
    """Let timers of this process fire within a microsecond; the default slack is fifty."""
    prctl(PR_SET_TIMERSLACK, 1_000)


def renounce() -> None:
    """Give up for good every capability at the next exec, also as user 0, and set-uid programs."""
    prctl(PR_SET_SECUREBITS, SECBIT_NOROOT_LOCKED)
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def signal_none_but_ours() -> None:
    """Let this process signal only itself and its children; needs `renounce`.

    A Landlock domain (landlock(7)) has that scope since its ABI 6, which came with Linux 6.12.  Before,
    nothing happens.
    """
    scope = struct.pack("=QQQ", 0, 0, LANDLOCK_SCOPE_SIGNAL)
    with suppress(OSError):
        rules = system_call(SYS_LANDLOCK_CREATE_RULESET, scope, len(scope), 0)
        system_call(SYS_LANDLOCK_RESTRICT_SELF, rules, 0)
        os.close(rules)


class Messages:
    """Messages at fixed `places` in `memory`, of which many can be sent by one system call (sendmmsg(2)).

    Each is a struct mmsghdr, eight longs, of which the third points to a struct iovec: two, place and length.
    """

    def __init__(self, memory: mmap.mmap, places: range) -> None:
        begin = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        self._pieces = memoryview(array("L", bytes(2 * LONG * len(places))))
        self._pieces[::2] = array("L", range(begin + places.start, begin + places.stop, places.step))
        self._headers = memoryview(array("L", bytes(8 * LONG * len(places))))
        first = address(self._pieces)
        self._first = address(self._headers)
        self._headers[2::8] = array("L", range(first, first + 2 * LONG * len(places), 2 * LONG))
        self._headers[3::8] = array("L", [1]) * len(places)

    def send(self, descriptor: int, first: int, lengths: "array[int]") -> None:
        """Send one message for each of `lengths`, from the `first` place on; raises OSError."""
        self._pieces[2 * first + 1 : 2 * (first + len(lengths)) : 2] = lengths
        end = first + len(lengths)
        while first < end:
            sent = _libc.sendmmsg(descriptor, self._first + 8 * LONG * first, end - first, 0)
            if sent > 0:
                first += sent
            elif ctypes.get_errno() != errno.ENOBUFS:  # a queue of the kernel's is full: it will have room
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def address(view: memoryview) -> int:
    """The address of the first byte of `view`."""
    return ctypes.addressof(ctypes.c_char.from_buffer(view))
