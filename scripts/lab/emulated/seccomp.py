"""System calls that no namespace confines, and that the program therefore may not make (seccomp(2)).

- socket(2) of a family other than IPv4, IPv6, Unix and netlink: AF_VSOCK reaches the host of a virtual
  machine whatever the network namespace, and the rarer ones are seldom used and seldom looked after.
- The kernel's keyrings (keyrings(7)): a session's keyring is inherited, with the keys of whoever began it.
- io_uring(7), whose requests pass no filter, and which could open such a socket (Linux 5.19).

A filter is a program for the machine of classic BPF: it loads a word of struct seccomp_data, compares, jumps
ahead, and returns what is to become of the call.  It costs each call of the program some tens of nanoseconds.
Numbers of system calls depend on the architecture; where this module does not know them, there is no filter.
"""

import ctypes
import errno
import os
import socket
import struct
import sys
from typing import NamedTuple

from scripts.lab.emulated import linux

LOAD, EQUALS, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE, ARGUMENT = 0, 4, 16
"""Where these are in struct seccomp_data: of an argument the lower half, where bytes go from low to high."""
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
"""SECCOMP_RET_ALLOW, and SECCOMP_RET_ERRNO to which the error is added."""
X32 = 0x40000000
"""From here on are the calls of x86-64 with 32-bit pointers, the same ones by other numbers."""

IO_URING_SETUP = 425
FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)


class Architecture(NamedTuple):
    """What the filter has to know of one: its AUDIT_ARCH, the number of socket(2), and three for keys."""

    audit: int
    socket: int
    keys: tuple[int, int, int]


ARCHITECTURES = {
    "x86_64": Architecture(0xC000003E, 41, (248, 249, 250)),
    "aarch64": Architecture(0xC00000B7, 198, (217, 218, 219)),
    "riscv64": Architecture(0xC00000F3, 198, (217, 218, 219)),
}
HERE = ARCHITECTURES.get(os.uname().machine) if sys.maxsize > 1 << 32 else None
ACTIONS = "/proc/sys/kernel/seccomp/actions_avail"
"""Is there if the kernel has filters (Linux 4.14)."""
MISSING = "system calls are not filtered here: the program may use AF_VSOCK, io_uring and keyrings"
"""What to note where there is no filter."""


def program(here: Architecture) -> list[tuple[int, int, int, int]]:
    """The filter's steps: operation, how many to skip if it holds and if not, and operand."""
    refused = (*here.keys, IO_URING_SETUP)
    allow, no_call, no_family = ((RETURN, 0, 0, kind) for kind in (
        ALLOW, REFUSE | errno.ENOSYS, REFUSE | errno.EAFNOSUPPORT,
    ))  # fmt: skip
    is_family = [(EQUALS, len(FAMILIES) - number, 0, family) for number, family in enumerate(FAMILIES)]
    return [
        (LOAD, 0, 0, ARCHITECTURE), (EQUALS, 1, 0, here.audit), no_call,
        (LOAD, 0, 0, NUMBER), (AT_LEAST, 0, 1, X32), no_call,
        *(step for number in refused for step in ((EQUALS, 0, 1, number), no_call)),
        (EQUALS, 1, 0, here.socket), allow,
        (LOAD, 0, 0, ARGUMENT), *is_family, no_family, allow,
    ]  # fmt: skip


def is_possible() -> bool:
    """Whether this kernel has filters, and this module one for its architecture."""
    return HERE is not None and os.path.exists(ACTIONS)


def confine() -> None:
    """Have the kernel filter the calls of this process and its children, where that is possible.

    Needs PR_SET_NO_NEW_PRIVS.
    """
    if HERE is None or not is_possible():
        return
    steps = program(HERE)
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    linux.prctl(linux.PR_SET_SECCOMP, linux.SECCOMP_MODE_FILTER, ctypes.addressof(header))
