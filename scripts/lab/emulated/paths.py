"""What a program in the cage has to find of the machine's file system, beside the system's own programs.

These are its interpreter, this project, the folder that it is started in, and what its command names.  Where
a path goes through symbolic links, the cage has these links, too, and what they lead to.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from scripts.lab.settings import LabError, Program

PROJECT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
BROAD = ("/", "/dev", "/home", "/mnt", "/proc", "/root", "/run", "/sys", "/tmp", "/var", "/var/tmp")
"""Folders that are not shown on account of one file in them."""
HIDDEN = ("/dev/", "/proc/", "/run/", "/sys/")
"""What lies in these is never shown: the cage has its own of them, or none."""
OWN = "/tmp"
"""The program's own folder."""
MOST_LINKS = 40
"""Symbolic links followed one after another, as many as the kernel does (path_resolution(7))."""


class Way(NamedTuple):
    """Where a path leads: to a place without links, by these links, each with what it says."""

    place: str
    links: list[tuple[str, str]]

    @classmethod
    def of(cls, path: str) -> "Way":
        """The way of `path`, an absolute one."""
        links: list[tuple[str, str]] = []
        while len(links) < MOST_LINKS:
            parts = path.split("/")
            above = ("/".join(parts[:length]) for length in range(2, len(parts) + 1))
            link = next(filter(os.path.islink, above), None)
            if link is None:
                break
            links.append((link, os.readlink(link)))
            path = os.path.normpath(os.path.join(os.path.dirname(link), links[-1][1]) + path[len(link) :])
        return cls(path, links)


def needs(program: Program) -> dict[str, Way]:
    """The paths that `program` has to find beside the system's, of those that exist.

    Raises LabError for a folder that is to be shown and cannot be.
    """
    named = [os.path.abspath(word) for word in program.command]
    folders = [os.path.dirname(path) for path in named if os.path.isfile(path)]
    paths = [
        PROJECT,
        os.getcwd(),
        *program.readable,
        *program.writable,
        *named,
        *(folder for folder in folders if not _is_broad(folder)),
        *installation(sys.executable),
        *installation(found(program.command[0])),
    ]
    ways = {path: Way.of(path) for path in dict.fromkeys(paths) if os.path.exists(path)}
    shown = {path: way for path, way in ways.items() if not _is_hidden(way.place)}
    for path in (os.getcwd(), *program.readable, *program.writable):
        if path not in shown and path != "/":
            raise LabError(f"the lab has its own {path}, or none: take another folder")
    return shown


def _is_hidden(place: str) -> bool:
    return place in ("/", OWN) or f"{place}/".startswith(HIDDEN)


def found(command: str) -> str:
    """The path of the program that execvp(3) would run for `command`, or `command` itself."""
    if "/" in command:
        return os.path.abspath(command)
    paths = (os.path.join(folder, command) for folder in os.get_exec_path())
    return next((path for path in paths if os.access(path, os.X_OK)), command)


def installation(program: str) -> Iterator[str]:
    """The folders in which `program`, a path, and each program that it is a link to were installed."""
    for _ in range(MOST_LINKS):
        folder = os.path.dirname(program)
        yield (prefix := _prefix(folder))
        with suppress(OSError), open(os.path.join(prefix, "pyvenv.cfg")) as settings:
            for line in settings:
                name, _, value = line.partition("=")
                if name.strip() == "home":
                    yield _prefix(value.strip())
        if not os.path.islink(program):
            return
        program = os.path.join(folder, os.readlink(program))


def _prefix(folder: str) -> str:
    """What a folder of programs was installed with; a home's own bin has nothing but its programs."""
    prefix, name = os.path.split(folder)
    return prefix if name in ("bin", "sbin", "shims") and not _is_broad(prefix) else folder


def _is_broad(folder: str) -> bool:
    return folder in (*BROAD, os.environ.get("HOME"))
