"""Look for mistakes without running anything: ``python -m scripts.lint``, which is what ``make lint`` calls.

Every linter is asked, each says on standard output what it found, and the exit status is 1 when any of them
found something.
"""

import subprocess
import sys
from collections.abc import Callable
from functools import partial

from scripts.files import ROOT
from scripts.lint import chinese, javascript


def python(module: str, *arguments: str) -> bool:
    """Whether that module, run as a program in the project's folder, finds nothing."""
    return subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT).returncode == 0


LINTERS: dict[str, Callable[[], bool]] = {
    "mistakes in Python": partial(python, "ruff", "check", "--quiet"),
    "format of Python": partial(python, "ruff", "format", "--check", "--quiet"),
    "types of Python": partial(python, "basedpyright"),
    "mistakes in JavaScript": javascript.clean,
    "spaces and punctuation of the pages": chinese.clean,
}
"""What is looked for, and whether there is nothing of it."""


def main() -> int:
    """Ask every linter, and return the exit status."""
    found = [what for what, clean in LINTERS.items() if not clean()]
    print(f"Found: {', '.join(found)}" if found else f"Nothing found: {', '.join(LINTERS)}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
