"""Programs: shown as they stand in `snippets/`, or run for what they print."""

import ast
import re
from functools import cache
from textwrap import dedent

from scripts.measure import demonstration
from scripts.page import current
from scripts.page.failures import NoSuchThing
from scripts.page.html import Html, element, prose
from scripts.page.verdicts import Verdict
from scripts.page.vocabulary import block, check
from scripts.stages import hint, program

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
parse = cache(ast.parse)  # a page takes several definitions out of one program


@block
def source(name: str, definition: str | None = None) -> str:
    """The program of that name, or one function or class in it, as a code block; raises NoSuchThing."""
    path = program(name)
    text, title = path.read_text("utf-8"), demonstration.title(path)
    shown = definition_of(text, definition, title) if definition else text
    return code_block(title, shown.rstrip())


@block
def session(name: str) -> Html:
    """A program as typed into the interactive interpreter, with the answers that it gave just now.

    Raises RunFailed.
    """
    return printed("pycon", current.source().output(name))


class Listing(str):
    """Markdown of one code block: it shows the same wherever it stands."""


def code_block(title: str, text: str) -> Listing:
    """The listing of a program, whose fence is longer than every run of backticks in it."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return Listing(f'{fence}python title="{title}"\n{text}\n{fence}\n')


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
    return printed("text", current.source().output(name))


@check
def prints(name: str, line: str) -> Verdict:
    """A checked sentence: that line is one of those that this program prints; raises RunFailed."""
    lines = current.source().output(name).splitlines()
    said = prose(f"`{name}` {'' if line in lines else '没有'}打印这一行：`{{}}`", line)
    return Verdict(said, against=None if line in lines else f"{name!r} prints no line {line!r}: {lines}")


def printed(language: str, text: str) -> Html:
    """A code block of what a program said."""
    code = element("code", f"{text.rstrip()}\n")
    return element("div", element("pre", element("span"), code), class_=f"language-{language} highlight")
