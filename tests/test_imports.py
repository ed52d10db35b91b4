"""Imports point one way: a room knows those below it, and none above."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
BELOW = {
    "files": set(),
    "licences": {"files"},
    "audit": {"files"},
    "stages": set(),
    "markup": set(),
    "lab": {"files"},
    "simulator": {"lab"},
    "measure": {"files", "lab", "stages"},
    "page": {"files", "lab", "measure", "simulator", "stages"},
    "site": {"files", "lab", "licences", "markup", "measure", "page", "stages"},
    "hooks": {"files", "site"},
    "npm": {"files"},
    "bench": {"files", "lab", "measure", "npm", "stages"},
    "lint": {"files", "npm"},
    "test": {"files"},
}
"""What each room of `scripts/` may import of the others."""
MODULES = sorted(SCRIPTS.rglob("*.py"))


def imported(path):
    """The rooms that a module imports something of, wherever in it."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module == "scripts":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("scripts."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (
                name.split(".")[1] for name in (a.name for a in node.names) if name.startswith("scripts.")
            )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SCRIPTS).as_posix())
def test_it_imports_only_what_stands_below_it(path):
    room = path.relative_to(SCRIPTS).parts[0].removesuffix(".py")
    if room != "__init__":
        above = set(imported(path)) - BELOW[room] - {room}
        assert not above, (
            f"{room} may import {sorted(BELOW[room])} of the project, and imports {sorted(above)}"
        )


def test_the_vocabulary_knows_nothing_of_what_renders_it():
    unwanted = {"mkdocs", "markdown", "markdown_exec", "pymdownx"}
    for path in (SCRIPTS / "page").rglob("*.py"):
        tree = ast.parse(path.read_bytes())
        names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
        assert not {name.partition(".")[0] for name in names} & unwanted, path


def test_a_build_loads_no_simulator():
    """Which takes as long as four pages: it is what reads a program, or records it, that loads it."""
    told = "import sys, scripts.site.build; print(*sys.modules, sep='\\n')"
    loaded = subprocess.run(
        [sys.executable, "-c", told], cwd=SCRIPTS.parent, capture_output=True, text=True, check=True
    ).stdout.split()
    assert "scripts.page.vocabulary" in loaded
    assert "scripts.simulator" not in loaded
