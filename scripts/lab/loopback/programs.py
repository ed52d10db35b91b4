"""Which programs loopback can serve, and what they are told: example.com is on this machine.

A `sitecustomize` on PYTHONPATH (site(3) imports it before any program) sends the calls of
Python's `socket` to the origin.  Other programs ask the C library, which nothing here reaches.
"""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from scripts.lab.settings import LabError, Settings

REDIRECT = Path(__file__).with_name("redirect")
INTERPRETER = re.compile(r"python[0-9.]*(\.exe)?|pypy[0-9.]*(\.exe)?", re.IGNORECASE)
ISOLATING = "EIS"
"""Flags with which Python ignores PYTHONPATH, or does not import site."""


def environment(settings: Settings, port: int, refused_port: int, env: Mapping[str, str]) -> dict[str, str]:
    """`env`, and the variables with which a Python program finds the origin at `port`."""
    paths = [str(REDIRECT), *filter(None, [env.get("PYTHONPATH")])]
    return {
        **env,
        "PYTHONPATH": os.pathsep.join(paths),
        "LAB_ORIGIN_PORT": str(port),
        "LAB_REFUSED_PORT": str(refused_port),
        "LAB_REFUSED": ",".join(map(str, settings.refused)),
    }


def check(command: list[str]) -> None:
    """Raise LabError for a command whose connections the redirect would not see."""
    program = shutil.which(command[0])
    if program is None:
        return  # starting it will say so
    arguments = _interpreter_arguments(program, command[1:])
    if arguments is None:
        raise LabError(
            f"loopback cannot serve {command[0]}: it is no Python program, and looks names up by itself;"
            " take --link emulated"
        )
    for flag in _flags(arguments):
        if flag in ISOLATING:
            raise LabError(
                f"loopback cannot serve {' '.join(command[:2])}: with -{flag} Python ignores the redirect; "
                f"leave the flag out, or take --link emulated"
            )


def _interpreter_arguments(program: str, arguments: list[str]) -> list[str] | None:
    """What the Python interpreter behind `program` gets to read, or None when there is none."""
    if _is_python(program):
        return arguments
    with open(program, "rb") as file:
        first_line = file.readline(256)
    if not first_line.startswith(b"#!"):
        return None
    interpreter, *more = first_line[2:].decode(errors="replace").split() or [""]
    if Path(interpreter).name == "env" and more:
        interpreter, *more = [word for word in more if word != "-S"] or [""]
    return more if _is_python(interpreter) else None


def _is_python(program: str) -> bool:
    return bool(INTERPRETER.fullmatch(Path(program).name))


def _flags(arguments: list[str]) -> str:
    """The letters of the interpreter's own flags, up to the program it runs."""
    flags = ""
    for argument in (words := iter(arguments)):
        if not argument.startswith("-") or argument.startswith("--") or argument == "-":
            break
        for position, letter in enumerate(argument[1:], start=2):
            flags += letter
            if letter in "cm":
                return flags
            if letter in "WX":
                if position == len(argument):
                    next(words, None)
                break
    return flags
