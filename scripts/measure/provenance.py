"""Where a number comes from: machine, interpreter, commit, and a hash of all that it depends on."""

import ast
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scripts.files import ROOT
from scripts.lab import Settings

REQUIREMENTS = ROOT / "requirements-stages.txt"
"""Pins of the libraries that stages are about: a number depends on these, and on no other."""
CODE = ("worker.py", "attempt.py", "trial.py", "ordeal.py", "demonstration.py")
INSTRUMENTS = (ROOT / "scripts" / "lab", *map(Path(__file__).with_name, CODE))
"""The code that makes the distances and holds the meters: a number depends on it as well."""
Hashes = list[list[str]]


def machine() -> dict[str, Any]:
    """The fields of a record that describe this interpreter and this machine."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
    }


def processor(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """The processor's name as the kernel knows it, or at least its kind."""
    try:
        named = re.search(r"(?m)^model name\s*: *(.+)$", cpuinfo.read_text())
    except OSError:
        named = None
    return named[1].strip() if named else platform.processor() or platform.machine()


def commit(root: Path = ROOT) -> str | None:
    """The commit checked out in `root`, with ``-dirty`` where files differ; None when it is no git tree."""
    top_and_head = _git(root, "rev-parse", "--show-toplevel", "HEAD")
    if top_and_head is None:
        return None
    top, head = top_and_head.splitlines()
    if Path(top).resolve() != root.resolve():  # a copy that lies within some other repository
        return None
    return f"{head}-dirty" if _git(root, "status", "--porcelain") else head


def _git(root: Path, *arguments: str) -> str | None:
    command = ["git", "--no-optional-locks", "-C", str(root), *arguments]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    except OSError:
        return None  # there is no git on this machine
    return answer.stdout if answer.returncode == 0 else None


def program_hash(program: Path) -> str:
    """SHA-256 of the program's text."""
    return hashlib.sha256(program.read_bytes()).hexdigest()


def inputs_hash(
    name: str, program: Path, settings: Settings, runs: int, requirements: Path = REQUIREMENTS
) -> str:
    """SHA-256 of everything that a result depends on; it differs when any of that does, and only then.

    That is the program and what it imports from its own folder, how it is run (which the name tells), the
    lab's settings, this interpreter, the locked requirements, and the code of the lab and of the worker.
    """
    return combined(name, settings, runs, hashes(programs(program)), surroundings(requirements))


def combined(name: str, settings: Settings, runs: int, program: Hashes, around: Hashes) -> str:
    """The same, of parts that are known already."""
    inputs = {
        "name": name,
        "settings": asdict(settings),
        "runs": runs,
        "interpreter": [sys.implementation.name, sys.version, os.path.realpath(sys.executable)],
        "files": [*program, *around],
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def surroundings(requirements: Path = REQUIREMENTS) -> Hashes:
    """The files that every result depends on."""
    return hashes([requirements, *instruments()])


def hashes(files: Iterable[Path]) -> Hashes:
    """Name and SHA-256 of each."""
    return [[file.name, program_hash(file)] for file in files]


def instruments() -> list[Path]:
    """The files of the lab and of the worker, always in the same order."""
    folders = [sorted(place.rglob("*.py")) if place.is_dir() else [place] for place in INSTRUMENTS]
    return [file for folder in folders for file in folder]


def programs(snippet: Path) -> list[Path]:
    """The program, and the files beside it that it imports, directly or not."""
    found: list[Path] = []
    waiting = [snippet]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.append(file)
            neighbours = (snippet.with_name(f"{name}.py") for name in sorted(imported(file)))
            waiting += [neighbour for neighbour in neighbours if neighbour.is_file()]
    return found


def imported(file: Path) -> set[str]:
    """Names of the modules that the program imports, wherever in it; none of one that is not Python."""
    try:
        nodes = list(ast.walk(ast.parse(file.read_bytes())))
    except SyntaxError:
        return set()  # running it will tell
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
