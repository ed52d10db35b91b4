"""Programs: shown as they stand in `snippets/`, or run for what they print."""

import ast
from functools import cache
from textwrap import dedent

from scripts.page import current
from scripts.page.failures import NoSuchThing
from scripts.stages import SNIPPETS, hint, program

FENCE = "`" * 8
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
parse = cache(ast.parse)  # a page takes several definitions out of one program


def source(name: str, definition: str | None = None) -> str:
    """The program of that name, or one function or class in it, as a code block; raises NoSuchThing."""
    path = program(name)
    text = path.read_text("utf-8")
    title = f"snippets/{path.relative_to(SNIPPETS).as_posix()}"
    if definition:
        text = definition_of(text, definition, title)
    return f'{FENCE}python title="{title}"\n{text.rstrip()}\n{FENCE}\n'


def definition_of(text: str, name: str, file: str) -> str:
    """The lines of that function or class; a dot leads into a class, as in Download.step."""
    body: list[ast.stmt] = parse(text).body
    found: Definition | None = None
    for part in name.split("."):
        named = {node.name: node for node in body if isinstance(node, Definition)}
        if part not in named:
            raise NoSuchThing(f"{file} defines no {name!r}{hint(part, list(named))}")
        found = named[part]
        body = found.body
    first = min(node.lineno for node in (found, *found.decorator_list))
    return dedent("".join(text.splitlines(keepends=True)[first - 1 : found.end_lineno]))


def output(name: str) -> str:
    """What the program of that name prints when it runs in the lab, as a code block; raises RunFailed."""
    return f"{FENCE}text\n{current.source().output(name).rstrip()}\n{FENCE}\n"
