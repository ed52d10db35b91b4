"""Programs: shown as they stand in `snippets/`, or run for what they print."""

import ast
import subprocess
import sys
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from textwrap import dedent

from scripts import lab
from scripts.lab import LabTimeout, Settings
from scripts.page import records
from scripts.page.failures import NoSuchThing, ProgramFailed
from scripts.page.watchdog import paused
from scripts.stages import DEMONSTRATIONS, SNIPPETS, STAGES

SECONDS = 60.0
"""What a demonstration may take."""
SHOWN_LINES = 15

FENCE = "`" * 8
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def source(name: str, definition: str | None = None) -> str:
    """The program of that name, or one function or class in it, as a code block; raises NoSuchThing."""
    path = program(name)
    text = path.read_text("utf-8")
    title = f"snippets/{path.name}"
    if definition:
        text = definition_of(text, definition, title)
    return f'{FENCE}python title="{title}"\n{text.rstrip()}\n{FENCE}\n'


def program(name: str) -> Path:
    """The file of the stage or demonstration of that name."""
    names = [*(stage.name for stage in STAGES), *DEMONSTRATIONS]
    path = SNIPPETS / f"{name}.py"
    if name not in names or not path.is_file():
        raise NoSuchThing(f"there is no program {name!r}{hint(name, names)}")
    return path


def definition_of(text: str, name: str, file: str) -> str:
    """The lines of that function or class; a dot leads into a class, as in Download.step."""
    body: list[ast.stmt] = ast.parse(text).body
    found: Definition | None = None
    for part in name.split("."):
        named = {node.name: node for node in body if isinstance(node, Definition)}
        if part not in named:
            raise NoSuchThing(f"{file} defines no {name!r}{hint(part, list(named))}")
        found = named[part]
        body = found.body
    first = min(node.lineno for node in (found, *found.decorator_list))
    return dedent("".join(text.splitlines(keepends=True)[first - 1 : found.end_lineno]))


def hint(name: str, names: list[str]) -> str:
    """What may have been meant."""
    near = get_close_matches(name, names, n=1)
    return f": did you mean {near[0]!r}?" if near else f": there are {', '.join(names)}"


def output(name: str) -> str:
    """What the program of that name prints when it runs in the lab, as a code block; raises ProgramFailed."""
    path, outputs = program(name), records.source().outputs
    if name not in outputs:
        outputs[name] = run(path, path.read_bytes(), records.settings())
    printed = outputs[name]
    return f"{FENCE}text\n{printed.rstrip()}\n{FENCE}\n"


@cache
def run(path: Path, text: bytes, settings: Settings) -> str:
    """Run that program, once for each text that it has had: a page is rendered often under `mkdocs serve`."""
    command = [sys.executable, str(path)]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    title = f"snippets/{path.name}"
    try:
        with paused():
            outcome = lab.run(command, settings, env=lab.bare_environment(), timeout=SECONDS, **pipes)
    except LabTimeout as error:
        raise ProgramFailed(told(f"{title}: no end after {SECONDS:g} s", error.stderr)) from error
    if outcome.returncode:
        raise ProgramFailed(told(f"{title}: exit status {outcome.returncode}", outcome.stderr))
    return (outcome.stdout or b"").decode()


def told(reason: str, output: bytes | None) -> str:
    """The reason, above the last lines that the program left on stderr."""
    lines = (output or b"").decode(errors="replace").splitlines()
    return "\n".join([reason, *lines[-SHOWN_LINES:]])
