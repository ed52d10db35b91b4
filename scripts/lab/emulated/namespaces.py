"""The cage of the emulated link: user, network, mount, IPC and PID namespaces (namespaces(7)).

Needs no root where the system lets users make user namespaces.  What it rests on:

- Who makes a user namespace has every capability in it (user_namespaces(7), Linux 3.8), and so may make the
  others and furnish them, though it can do no more outside than before.  Some systems refuse that to users:
  Debian until 10 and hardened kernels by a sysctl, Ubuntu since 24.04 by AppArmor, containers by seccomp. No
  sysctl tells for all of them; so the lab does its whole set-up, and sees.
- unshare(2) moves the calling thread, and refuses a new user namespace (EINVAL) to a process with more than
  one: only a fresh process with one thread may come here.  It does not move that process into the new PID
  namespace, but its next child, which is PID 1 there.
- The processes of a PID namespace end with its PID 1, by SIGKILL, and no signal from within reaches PID 1 for
  which it has no handler, not even SIGKILL or SIGSTOP (pid_namespaces(7)).  That is what leaves nothing
  behind.
- Namespaces themselves end with the last process in them: interfaces, mounts, System V memory and all.
- A network namespace has its own interfaces, routes, ports, abstract Unix sockets, and sysctls:
  `ip_local_port_range` since before Linux 4.0, `tcp_max_syn_backlog` since 4.11, `tcp_congestion_control` and
  `tcp_min_tso_segs` since 4.15; `somaxconn` as well, but older kernels (6.1) hide it in a user's namespace.
- `pid_max` is each PID namespace's own since Linux 6.14; before, it was the machine's, and is left alone.
- `max_user_namespaces` (Linux 4.9) counts for the namespace it is written in and all below: with 0 there,
  nobody within can make another one, and meet the kernel with all capabilities.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.lab.emulated import linux, netlink, user
from scripts.lab.emulated.ring import LARGEST
from scripts.lab.outcome import LinkUnavailable
from scripts.lab.settings import CLIENT

INTERFACE, PEER = "lab0", "lab1"
"""The ends of the veth pair: the way out of the namespace, and where the link receives what leaves."""

SYSCTLS = {
    "net/core/somaxconn": "65535",
    "net/ipv4/tcp_max_syn_backlog": "65535",
    "net/ipv4/ip_local_port_range": "1024 65535",
    # The kernel's own, and without pacing: the lab shall not depend on what its host prefers.
    "net/ipv4/tcp_congestion_control": "reno",
    # What a window lets out travels in one piece, as far as a piece may be long.
    "net/ipv4/tcp_min_tso_segs": "10",
    # Who makes a user namespace has every capability in it, and much of the kernel to try them on.
    "user/max_user_namespaces": "0",
}


@contextmanager
def step(what: str, instead: str = "allow unprivileged user namespaces") -> Iterator[None]:
    """Turn the system's refusal of one step into LinkUnavailable: what was refused, and what to do."""
    try:
        yield
    except OSError as error:
        raise LinkUnavailable(
            f"no emulated link here: the system refused to {what} ({error}); "
            f"{instead}, or take --link loopback"
        ) from error


def enter(asks: socket.socket) -> None:
    """Move this process into new namespaces, as the same user; raises LinkUnavailable.

    Its next child is PID 1 there.  At the other end of `asks` its parent helps, by `user.map_for`.
    """
    is_root = os.geteuid() == 0
    with step("make user, network, mount, IPC and PID namespaces"):
        linux.unshare(
            linux.CLONE_NEWUSER
            | linux.CLONE_NEWNET
            | linux.CLONE_NEWNS
            | linux.CLONE_NEWIPC
            | linux.CLONE_NEWPID
        )
    with step("keep this user inside the namespace"):
        if not (is_root and user.map_nobody_too(asks)):
            user.map_to_itself()


def furnish(max_processes: int) -> list[str]:
    """Set up the network and the limits, as PID 1; raises LinkUnavailable.

    Returns a sentence for each thing that this system does without.
    """
    with step("make a veth pair"):
        netlink.create_veth(INTERFACE, PEER, LARGEST)
    notes = [
        f"could not set {name}: {error.strerror}"
        for name, value in {
            **SYSCTLS,
            # Neighbour discovery would chatter on a link that carries IPv4 only.
            f"net/ipv6/conf/{INTERFACE}/disable_ipv6": "1",
            f"net/ipv6/conf/{PEER}/disable_ipv6": "1",
        }.items()
        if (error := _sysctl(name, value))
    ]
    with step("configure the interfaces"):
        netlink.bring_up("lo")
        netlink.set_address(INTERFACE, CLIENT)
        # Without ARP a frame bears its sender's own address as its target and is welcome when it comes back.
        netlink.bring_up(INTERFACE, netlink.IFF_NOARP)
        netlink.bring_up(PEER, netlink.IFF_NOARP)
    # Since Linux 6.14 each PID namespace has a limit of its own; before, root would set the whole machine's.
    if linux.version() < (6, 14) or _sysctl("kernel/pid_max", str(max_processes)):
        notes.append("no limit on processes: this kernel has none per namespace (Linux 6.14 has)")
    return notes


def _sysctl(name: str, value: str) -> OSError | None:
    try:
        Path("/proc/sys", name).write_text(value)
    except OSError as error:
        return error
    return None
