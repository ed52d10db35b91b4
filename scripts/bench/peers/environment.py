"""The environment that the peers run in: made when it is first asked for, and again when its pins change."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from scripts.bench.project import ROOT, BenchFailed
from scripts.measure.provenance import program_hash

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
VERSIONS = """
import importlib.metadata, sys
print(", ".join(f"{name} {importlib.metadata.version(name)}" for name in sys.argv[1:]))
"""


def python() -> Path:
    """The interpreter of that environment; raises BenchFailed."""
    folder = ROOT / ".cache" / f"peers-{program_hash(REQUIREMENTS)[:16]}"
    found = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = folder / "ready"  # comes last: what was interrupted is made anew
    if not ready.exists():
        call("venv", "--clear", "--python", sys.executable, str(folder))
        # Compiled now, or the first build of each tool would be charged for it.
        options = ["--require-hashes", "--compile-bytecode", "--python", str(found)]
        call("pip", "sync", *options, str(REQUIREMENTS))
        ready.touch()
    return found


def call(*arguments: str) -> None:
    """Have uv do that; raises BenchFailed."""
    command = [sys.executable, "-m", "uv", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        told = f"uv {' '.join(arguments)} ended with status {done.returncode}"
        raise BenchFailed(f"{told}\n{done.stderr.strip()}")


def versions(interpreter: Path, packages: Iterable[str]) -> str:
    """Names and versions of these packages, as that interpreter has them."""
    command = [str(interpreter), "-c", VERSIONS, *packages]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
