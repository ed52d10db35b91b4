"""The listing beside which the dots stand: the lines that a recording visits, and the headers above them."""

import ast
import io
import keyword
import token
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scripts.page.html import Html, element

CLASSES = {token.STRING: "s", token.NUMBER: "m", token.COMMENT: "c1"}
"""Classes of Pygments, which colours the other listings of a page; its lexer is too large for a browser."""
DEFINING = {"def", "class"}
FSTRING = {getattr(token, name, None) for name in ("FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END")}
"""Since Python 3.12 the pieces of an f-string are tokens of their own."""


@dataclass(frozen=True)
class Line:
    """A line of the program, or, where `number` is None, the mark of lines that were left out."""

    number: int | None
    code: Html


def listing(source: str, visited: Iterable[int], statements: dict[int, int]) -> list[Line]:
    """The lines to show: those visited, whole statements (first line to last), and what encloses them.

    Shown with them is what hands on from one to the other, though no call is made there: the methods of the
    program that they call, and a line that stands alone between two.
    """
    coloured, shown, above = colour(source), set[int](), headers(source)
    for line in visited:
        shown.update(range(line, statements.get(line, line) + 1))
        shown.update(above.get(line, ()))
    alone(source, shown)
    for line in methods_called(source, shown):
        shown.update((line, *above[line]))
    alone(source, shown)
    found: list[Line] = []
    for number in sorted(shown):
        if found and found[-1].number is not None and found[-1].number + 1 < number:
            found.append(Line(None, Html(" " * indent(source, number)) + "…"))
        found.append(Line(number, coloured[number - 1]))
    return found


def alone(source: str, shown: set[int]) -> None:
    """Show the lines of text, too, that stand alone between two that are shown."""
    for number, line in enumerate(lines_of(source), 1):
        if line.strip() and {number - 1, number + 1} <= shown:
            shown.add(number)


def methods_called(source: str, shown: set[int]) -> Iterator[int]:
    """The lines of the program's methods that are called, as attributes, in lines that are shown."""
    nodes = [*ast.walk(ast.parse(source))]
    called = {
        node.func.attr
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.lineno in shown
    }
    for node in nodes:
        for method in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(method, ast.FunctionDef) and method.name in called:
                yield from range(method.lineno, (method.end_lineno or method.lineno) + 1)


def lines_of(source: str) -> list[str]:
    """A program's lines as Python counts them: `splitlines` would end one at a form feed, too."""
    return source.removesuffix("\n").split("\n")


def indent(source: str, number: int) -> int:
    """Columns before the text of that line."""
    line = lines_of(source)[number - 1]
    return len(line) - len(line.lstrip())


def headers(source: str) -> dict[int, tuple[int, ...]]:
    """For each line, the first lines of the statements with a body that it stands in."""
    found: dict[int, tuple[int, ...]] = {}
    waiting: list[tuple[ast.AST, tuple[int, ...]]] = [(ast.parse(source), ())]
    while waiting:
        node, above = waiting.pop()
        for child in ast.iter_child_nodes(node):
            inside = above
            if isinstance(child, ast.stmt):
                for line in range(child.lineno, (child.end_lineno or child.lineno) + 1):
                    found[line] = above
                if hasattr(child, "body"):
                    inside = (*above, child.lineno)
            waiting.append((child, inside))
    return found


def colour(source: str) -> list[Html]:
    """Each line with its keywords, strings, numbers and names of definitions marked."""
    lines = lines_of(source)
    marks: list[list[tuple[int, int, str]]] = [[] for _ in lines]
    for kind, (first, begin), (last, end) in kinds(source):
        for row in range(first, last + 1):
            stop = end if row == last else len(lines[row - 1])
            marks[row - 1].append((begin if row == first else 0, stop, kind))
    return [Html().join(pieces(line, spans)) for line, spans in zip(lines, marks, strict=True)]


def pieces(line: str, spans: list[tuple[int, int, str]]) -> Iterator[Html]:
    """The line's text, in elements where it has a colour."""
    at = 0
    for begin, end, kind in spans:
        yield Html.escape(line[at:begin])
        yield element("span", line[begin:end], class_=kind)
        at = end
    yield Html.escape(line[at:])


def kinds(source: str) -> Iterator[tuple[str, tuple[int, int], tuple[int, int]]]:
    """Class, begin and end (line, column) of each token that has a colour."""
    before = ""
    for each in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = CLASSES.get(each.type) or ("s" if each.type in FSTRING else None)
        if each.type == token.NAME and before in DEFINING:
            kind = "nf"
        elif each.type == token.NAME and keyword.iskeyword(each.string):
            kind = "k"
        if kind:
            yield kind, each.start, each.end
        before = each.string


def functions(program: str) -> dict[int, str]:
    """The name of the innermost function that each line is of."""
    found: dict[int, str] = {}
    for node in ast.walk(ast.parse(program)):  # from the outermost on
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found |= dict.fromkeys(range(node.lineno, (node.end_lineno or node.lineno) + 1), node.name)
    return found
