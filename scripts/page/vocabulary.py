"""What a page may call, and how its calls are read: they are parsed and looked up here, and never executed.

A call is ``name(literal, ..., key=literal)`` as Python writes it, with texts, numbers, True and False, and
lists of these.  So it can do nothing but what the function of that name does: it cannot end the build, hang
it, write elsewhere, or change what a later call shows.

A function enters the vocabulary where it is defined, by a decorator: `inline` for what stands in a sentence,
as in ``{{ figure("threads", "wall") }}``, and returns markup or text; `check` for what stands there and has
to be true; `block` for what stands by itself, a call a line in a block, and returns Markdown.
``python -m scripts.page`` lists all there are.
"""

import ast
import inspect
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, wraps
from types import NoneType
from typing import Any, ParamSpec, get_args, get_origin, get_type_hints

from scripts.measure import Pending
from scripts.page.failures import NotACall
from scripts.page.html import Html, element
from scripts.page.pending import mark
from scripts.page.verdicts import Verdict
from scripts.stages import hint

Given = ParamSpec("Given")
KINDS: dict[Any, str] = {
    str: "a text",
    float: "a number",
    int: "a whole number",
    bool: "True or False",
    list[str]: "a list of texts",
}
WHERE = {True: "in a sentence, between {{ and }}", False: 'in a block of its own, ```python exec="on"'}


@dataclass(frozen=True)
class Entry:
    """A function that a page may call: within a sentence if it is `inline`, else in a block.

    One that checks a statement gives its verdict by `judge`, where `show` would fail.
    """

    show: Callable[..., str]
    inline: bool
    judge: Callable[..., Verdict] | None = None


VOCABULARY: dict[str, Entry] = {}


def inline(show: Callable[Given, str]) -> Callable[Given, Html]:
    """Enter a function that shows something within a sentence: markup, or text; what is pending, it marks."""

    @wraps(show)
    def shown(*arguments: Given.args, **named: Given.kwargs) -> Html:
        try:
            return Html.escape(show(*arguments, **named))
        except Pending as pending:
            return mark(pending)

    VOCABULARY[show.__name__] = Entry(shown, inline=True)
    return shown


def check(judge: Callable[Given, Verdict]) -> Callable[Given, Html]:
    """Enter a function that checks a statement: in a sentence it has to hold, and else raises ClaimFailed."""

    @wraps(judge)
    def upheld(*arguments: Given.args, **named: Given.kwargs) -> Html:
        return judge(*arguments, **named).upheld()

    shown = inline(upheld)
    VOCABULARY[judge.__name__] = Entry(shown, inline=True, judge=judge)
    return shown


def block(show: Callable[Given, str]) -> Callable[Given, str]:
    """Enter a function that shows something in a place of its own: markup, or Markdown.

    What is pending, it marks.
    """

    @wraps(show)
    def shown(*arguments: Given.args, **named: Given.kwargs) -> str:
        try:
            return show(*arguments, **named)
        except Pending as pending:
            return element("p", mark(pending))

    VOCABULARY[show.__name__] = Entry(shown, inline=False)
    return shown


def sentence(call: str) -> str:
    """What that call shows in a sentence, as XML; raises NotACall, or what its function raises."""
    return _show(_parsed(call.strip(), "eval").body, inline=True)


def verdict(call: str) -> Verdict:
    """What that call of a function that checks comes to; raises NotACall, Pending, or what it raises."""
    entry, arguments, named = _understood(_parsed(call.strip(), "eval").body, inline=True)
    if entry.judge is None:
        checks = [name for name, each in VOCABULARY.items() if each.judge]
        raise NotACall(f"{call.strip()} checks nothing: these do: {', '.join(checks)}")
    return entry.judge(*arguments, **named)


def block_calls(code: str) -> Iterator[tuple[int, Callable[[], str]]]:
    """Each call of a block: on which line of it, from 1, and what gives the Markdown that it shows.

    Raises NotACall, with the line, for a block that is no sequence of calls; a function, whatever it raises.
    """
    for statement in _parsed(code, "exec").body:
        node = statement.value if isinstance(statement, ast.Expr) else statement
        yield statement.lineno, lambda node=node: _show(node, inline=False)


def _parsed(code: str, mode: str) -> Any:
    """The syntax tree; Python's parser warns of odd escapes, and gives up on a thousand brackets."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(code, mode=mode)
    except SyntaxError as error:
        raise NotACall(f"{error.msg}: {USAGE}", error.lineno or 1) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise NotACall(f"{error or 'it is too deeply nested'}: {USAGE}") from error


USAGE = (
    'a page writes calls, such as figure("threads", "wall"); what takes more is a demonstration in snippets/,'
    " or a function in scripts/page"
)


def _show(node: ast.AST, *, inline: bool) -> str:
    """What the call shows that this piece of a syntax tree is; raises NotACall."""
    entry, arguments, named = _understood(node, inline=inline)
    return entry.show(*arguments, **named)


def _understood(node: ast.AST, *, inline: bool) -> tuple[Entry, list[Any], dict[str, Any]]:
    """The function that is called there, and with what; raises NotACall."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise NotACall(f"{_short(node)} is no call: {USAGE}")
    name = node.func.id
    if name not in VOCABULARY:
        raise NotACall(f"the vocabulary has no {name!r}{hint(name, list(VOCABULARY))}")
    entry = VOCABULARY[name]
    if entry.inline is not inline:
        raise NotACall(f"{name}() stands {WHERE[entry.inline]}")
    arguments = [_literal(argument) for argument in node.args]
    named = {keyword.arg: _literal(keyword.value) for keyword in node.keywords if keyword.arg}
    if len(named) < len(node.keywords):
        raise NotACall(f"{_short(node)}: arguments are written out, without **")
    _check(name, entry.show, arguments, named)
    return entry, arguments, named


def _literal(node: ast.expr) -> Any:
    """The value that is written there; raises NotACall for what would have to be computed."""
    match node:
        case ast.Constant(value=str() | int() | float() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return [_literal(part) for part in parts]
    raise NotACall(f"{_short(node)} is no argument: write a text, a number, True, False or a list of these")


def _check(name: str, show: Callable[..., str], arguments: list[Any], named: dict[str, Any]) -> None:
    """Raise NotACall unless the function takes these arguments."""
    signature, hints = _declared(show)
    for key in named.keys() - signature.parameters.keys():
        raise NotACall(f"{name}() has no argument {key!r}{hint(key, list(signature.parameters))}")
    try:
        bound = signature.bind(*arguments, **named)
    except TypeError as error:
        raise NotACall(f"{name}{_plain(signature)}: {error}") from error
    for key, value in bound.arguments.items():
        several = signature.parameters[key].kind is inspect.Parameter.VAR_POSITIONAL
        for each in value if several else [value]:
            if not _fits(each, hints[key]):
                raise NotACall(f"{name}{_plain(signature)}: {key} is {each!r}, and not {_kind(hints[key])}")


@cache  # the same functions are called hundreds of times
def _declared(show: Callable[..., str]) -> tuple[inspect.Signature, dict[str, Any]]:
    """The arguments that the function takes, and their types."""
    return inspect.signature(show), get_type_hints(show)


def _fits(value: Any, wanted: Any) -> bool:
    """Whether the value is of that type, or one of several: an int is a float, a bool only a bool."""
    if get_origin(wanted) is list:
        return type(value) is list and all(_fits(each, *get_args(wanted)) for each in value)
    kinds = _kinds(wanted)
    return type(value) in kinds or (type(value) is int and float in kinds)


def _kind(wanted: Any) -> str:
    """The type, or several, in the words of an error."""
    return " or ".join(KINDS.get(each, str(each)) for each in _kinds(wanted) if each is not NoneType)


def _kinds(wanted: Any) -> tuple[Any, ...]:
    """The types of which a value may be."""
    return (wanted,) if get_origin(wanted) is list else get_args(wanted) or (wanted,)


def _plain(signature: inspect.Signature) -> str:
    """The arguments as an author writes them, without types."""
    untyped = [each.replace(annotation=each.empty) for each in signature.parameters.values()]
    return str(inspect.Signature(untyped))


def _short(node: ast.AST) -> str:
    """The first line of that piece of a page."""
    first, *more = ast.unparse(node).splitlines()
    return f"{first[:60]} …" if more or len(first) > 60 else first
