"""Where a number comes from: machine, interpreter, commit, and a hash of all that it depends on."""

import ast
import hashlib
import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scripts.files import ROOT
from scripts.lab import Settings
from scripts.measure.interpreters import Interpreter
from scripts.stages import SNIPPETS, Case

REQUIREMENTS = ROOT / "requirements-stages.txt"
"""Pins of the libraries that stages are about: a number depends on these, and on no other."""
LAB = Path("scripts", "lab")
METERS = ("worker.py", "attempt.py", "trial.py", "ordeal.py", "demonstration.py", "session.py", "stats.py")
Hashes = list[list[str]]
"""The name of each of some files, and the SHA-256 of its content."""


def machine(interpreter: Interpreter) -> dict[str, Any]:
    """The fields of a record that describe the interpreter of its program, and this machine."""
    return {
        "python": f"{interpreter.version}{'t' if interpreter.free_threaded else ''}",
        "implementation": interpreter.implementation,
        "compiler": interpreter.compiler,
        "optimized": interpreter.optimized,
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
    way: str, settings: Settings, runs: int, program: Hashes, around: Hashes, interpreter: Interpreter
) -> str:
    """SHA-256 of everything that a result depends on; it differs when any of that does, and only then.

    That is how the program is run, the lab's settings, its interpreter, the program with what it imports
    from its own folder (see `programs`), and the files that every result depends on (see `surroundings`).
    """
    inputs = {
        "way": way,
        "settings": asdict(settings),
        "runs": runs,
        "interpreter": [interpreter.implementation, interpreter.build, os.path.realpath(interpreter.path)],
        "files": [*program, *around],
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def way(case: Case) -> str:
    """How `case` is run, and how many downloads one after another make its ideal time."""
    return f"{case.name}, {case.ideal(1, case.pages):g}"


def surroundings(root: Path = ROOT) -> Hashes:
    """Of the files that every result depends on: locked requirements, code of the lab, code of the meters."""
    meters = [root / "scripts" / "measure" / name for name in METERS]
    return hashes([root / REQUIREMENTS.name, *sorted((root / LAB).rglob("*.py")), *meters])


def hashes(files: Iterable[Path]) -> Hashes:
    """The name of each file, and the SHA-256 of its content."""
    return [[file.name, program_hash(file)] for file in files]


def programs(snippet: Path) -> list[Path]:
    """The program, and the programs beside it and of stages that it imports, directly or not."""
    found: list[Path] = []
    waiting, folders = [snippet], dict.fromkeys([snippet.parent, SNIPPETS])
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.append(file)
            named = (folder / f"{name}.py" for name in sorted(imported(file)) for folder in folders)
            waiting += [other for other in named if other.is_file()]
    return found


def imported(file: Path) -> set[str]:
    """Names of the modules that the program imports, wherever in it; none of one that is not Python."""
    try:
        nodes = list(ast.walk(ast.parse(file.read_bytes())))
    except SyntaxError:
        return set()  # running it will tell
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
