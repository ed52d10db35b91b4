"""Programs: shown as they stand in `snippets/`, or run for what they print."""

import ast
import re
from functools import cache
from textwrap import dedent

from scripts.page import current
from scripts.page.failures import NoSuchThing
from scripts.page.html import Html, element
from scripts.page.vocabulary import block
from scripts.stages import SNIPPETS, hint, program

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
parse = cache(ast.parse)  # a page takes several definitions out of one program


@block
def source(name: str, definition: str | None = None) -> str:
    """The program of that name, or one function or class in it, as a code block; raises NoSuchThing."""
    path = program(name)
    text = path.read_text("utf-8")
    title = f"snippets/{path.relative_to(SNIPPETS).as_posix()}"
    return code_block(
        "python", title, (definition_of(text, definition, title) if definition else text).rstrip()
    )


def code_block(language: str, title: str, text: str) -> str:
    """Markdown that shows any text: the fence is longer than every run of backticks in it."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f'{fence}{language} title="{title}"\n{text}\n{fence}\n'


def definition_of(text: str, name: str, file: str) -> str:
    """The lines of that function or class; a dot leads into a class, as in Download.step."""
    body: list[ast.stmt] = parse(text).body
    first = last = 0
    for part in name.split("."):
        named = {node.name: node for node in body if isinstance(node, Definition)}
        if part not in named:
            raise NoSuchThing(f"{file} defines no {name!r}{hint(part, list(named))}")
        body = named[part].body
        first = min(node.lineno for node in (named[part], *named[part].decorator_list))
        last = named[part].end_lineno
    return dedent("\n".join(text.split("\n")[first - 1 : last]))


@block
def output(name: str) -> Html:
    """What the program of that name prints when it runs in the lab, as a code block; raises RunFailed."""
    printed = element("code", f"{current.source().output(name).rstrip()}\n")
    return element("div", element("pre", element("span"), printed), class_="language-text highlight")
