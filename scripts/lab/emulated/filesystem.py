"""What a program in the cage sees of the file system: a root of its own, on which it can write to /tmp alone.

The root is a file system in memory.  Bound into it, read-only, are the folders of the system's programs and
libraries, and what `scripts.lab.emulated.paths` finds that the program needs; fresh, and no larger than
ROOM, are /tmp and /dev/shm; of /dev there are the devices that any program may use.  All else is not there:
no home, no /run, no socket of a server of this machine.

It rests on this:

- pivot_root(2) exchanges the root of a mount namespace.  What was the root is then a mount like any other,
  and once that is detached (umount2(2), MNT_DETACH) no path leads there, for no process of the namespace,
  whatever it may do.  chroot(2) would leave the old one in its place.
- A socket of the file system (unix(7)) can be connected to through a read-only mount: connect(2) asks whether
  the inode may be written, not the mount.  So the point is to show nothing but what is needed; read-only
  alone would not do.  Landlock knows a right for it only since its ABI 9 (2026).
- mount_setattr(2) with AT_RECURSIVE makes a mount, and all that is mounted in it, read-only at once: since
  Linux 5.12.  Before, that took a call for each mount, with just the flags that its owner has locked.
- Who owns the user namespace may mount tmpfs and devpts there (Linux 3.9), and proc where the whole of one is
  mounted already (3.8), and may bind what is there, such as the devices, which it could not make.
- What is mounted here is gone with the last process of the namespace, however that ends.

bubblewrap makes such a view by the same calls.  It would stand as a second PID 1 between ours, which has to
see how each process ends, and the program; and it is not on every machine, so that the calls were needed
anyway.
"""

import os
from collections.abc import Iterable, Mapping

from scripts.lab.emulated import linux
from scripts.lab.emulated.namespaces import step
from scripts.lab.emulated.paths import OWN, Way
from scripts.lab.settings import HOST, SERVER

SYSTEM = (
    "/bin", "/etc", "/gnu", "/lib", "/lib32", "/lib64", "/libx32", "/nix", "/opt", "/run/current-system",
    "/sbin", "/usr",
)  # fmt: skip
"""Where systems keep programs, libraries and their settings; whatever of it there is."""
DEVICES = ("full", "null", "random", "tty", "urandom", "zero")
LINKS = {"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2", "ptmx": "pts/ptmx"}
OUTSIDE = "/.outside"
"""Where the machine's own root is, as long as the cage is being made."""
ROOM = 1 << 30
"""Bytes that each of /tmp and /dev/shm holds."""
FRESH = f"mode=1777,size={ROOM},nr_inodes={1 << 16}"
"""How these are mounted: for each file the kernel needs about a kilobyte, which the size does not count."""
CAN_PROTECT = linux.version() >= (5, 12)
"""Whether this kernel has mount_setattr(2)."""
TEXTS = {
    "hosts": f"127.0.0.1 localhost\n::1 localhost\n{SERVER} {HOST}\n",
    "nsswitch.conf": "hosts: files\n",
    "resolv.conf": "# There is no DNS in the lab: names are looked up in /etc/hosts.\nnameserver 127.0.0.1\n",
}
"""Files of /etc in whose place the lab has its own, where the system has them."""


def enclose(ways: Mapping[str, Way], writable: Iterable[str]) -> list[str]:
    """Give this mount namespace a root with the system and what `needs` found, which `seal` makes read-only.

    Returns a sentence for each thing that this system does without.  Raises LinkUnavailable.
    """
    here = os.getcwd()
    with step("give the program a file system of its own"):
        linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
        linux.mount("tmpfs", OWN, "tmpfs", data="mode=755")
        os.mkdir(OWN + OUTSIDE)
        linux.pivot_root(OWN, OWN + OUTSIDE)
        os.chdir("/")
        for path in SYSTEM:
            if os.path.islink(OUTSIDE + path):
                os.symlink(os.readlink(OUTSIDE + path), path)
            elif os.path.exists(OUTSIDE + path):
                _show(path)
        _replace_texts()
        _make_fresh()
        notes = _make_proc()
        for path in sorted({way.place for way in ways.values()}):
            if not os.path.exists(path):  # it may lie in a folder that came before, and is shown with that
                _show(path)
        for path in writable:
            place = ways[path].place
            linux.mount(OUTSIDE + place, place, flags=linux.MS_BIND | linux.MS_REC)
        for link, said in (link for way in ways.values() for link in way.links):
            if not os.path.lexists(link):  # it may lie in a folder that is shown
                os.makedirs(os.path.dirname(link), exist_ok=True)
                os.symlink(said, link)
        linux.unmount(OUTSIDE)
        os.rmdir(OUTSIDE)
        os.chdir(here)
    return notes


def seal() -> list[str]:
    """Make the root and /proc read-only; returns a sentence where this system cannot."""
    if not CAN_PROTECT:
        return ["the file system is not read-only: this kernel cannot make it so (Linux 5.12 can)"]
    linux.set_read_only("/", recursive=False)
    linux.set_read_only("/proc")
    return []


def _show(path: str) -> None:
    """Bind what is at that path outside, read-only."""
    if os.path.isdir(OUTSIDE + path):
        os.makedirs(path, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "x").close()
    linux.mount(OUTSIDE + path, path, flags=linux.MS_BIND | linux.MS_REC)
    _protect(path)


def _protect(path: str) -> None:
    if CAN_PROTECT:
        linux.set_read_only(path)


def _replace_texts() -> None:
    for name, text in TEXTS.items():
        path = f"/etc/{name}"
        if os.path.exists(path):
            with open(f"/{name}", "x") as file:
                file.write(text)
            os.chmod(f"/{name}", 0o444)
            linux.mount(f"/{name}", path, flags=linux.MS_BIND)
            _protect(path)
            os.unlink(f"/{name}")


def _make_fresh() -> None:
    os.mkdir(OWN)
    linux.mount("tmpfs", OWN, "tmpfs", data=FRESH)
    for folder in ("/dev/shm", "/dev/pts"):
        os.makedirs(folder)
    linux.mount("tmpfs", "/dev/shm", "tmpfs", data=FRESH)
    linux.mount("devpts", "/dev/pts", "devpts", data="newinstance,ptmxmode=0666,mode=620")
    for name in filter(lambda name: os.path.exists(f"{OUTSIDE}/dev/{name}"), DEVICES):
        open(f"/dev/{name}", "x").close()
        linux.mount(f"{OUTSIDE}/dev/{name}", f"/dev/{name}", flags=linux.MS_BIND)
    for name, target in LINKS.items():
        os.symlink(target, f"/dev/{name}")


def _make_proc() -> list[str]:
    os.mkdir("/proc")
    try:
        linux.mount("proc", "/proc", "proc")
    except OSError as error:  # where parts of it are masked, as containers do
        linux.mount(f"{OUTSIDE}/proc", "/proc", flags=linux.MS_BIND | linux.MS_REC)
        return [f"could not mount /proc ({error.strerror}): when the program was busy is not known"]
    return []
