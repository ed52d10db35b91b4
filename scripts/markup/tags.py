"""The tags <Badge>, <Alert> and <Font>: what they look like, and what is wrong with those in a page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

NAMES = ("Badge", "Alert", "Font")
TYPES = ("queen", "info", "success", "warning", "error")

TAG = re.compile(r"</?(?:Badge|Alert|Font)\b[^<>\n]*>", re.IGNORECASE)
CODE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})[^`]*")
LIST_ITEM = re.compile(r" {0,3}([-*+]|\d+[.)])\s")
INDENTED = {False: re.compile(r"(?: {4}|\t)"), True: re.compile(r"(?: {8}|\t\t)")}
"""Where a line of indented code begins: outside of a list, and in one."""
OPENING = re.compile(r"""<(\w+)((?:\s+[\w-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*>""")
ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class MarkupError(ValueError):
    """A tag that breaks the rules: the message says which, what was found, and what to do; `line` from 1."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Tag:
    """One tag: its `type` is None where it closes."""

    name: str
    type: str | None

    @property
    def closes(self) -> bool:
        return self.type is None


def read(text: str) -> Tag:
    """The tag that `text` is; raises MarkupError."""
    name = re.match(r"</?(\w+)", text)[1]
    if name not in NAMES:
        raise MarkupError(f"{text}: the tag is written {name.capitalize()}")
    if text.startswith("</"):
        if text != f"</{name}>":
            raise MarkupError(f"{text}: a closing tag is written </{name}>")
        return Tag(name, None)
    opening = OPENING.fullmatch(text)
    if opening is None:
        raise MarkupError(f'{text}: an opening tag is written <{name} type="info">')
    attributes = {key: first or second for key, first, second in ATTRIBUTE.findall(opening[2])}
    for key in attributes.keys() - {"type"}:
        raise MarkupError(f"{text}: {name} has no attribute {key!r}, only type")
    return Tag(name, _type(text, name, attributes.get("type")))


def _type(text: str, name: str, value: str | None) -> str:
    if value is None:
        raise MarkupError(f'{text}: {name} needs a type, as in <{name} type="info">')
    if value not in TYPES:
        near = get_close_matches(value, TYPES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(TYPES)}"
        raise MarkupError(f"{text}: no type is called {value!r}: {hint}")
    return value


def tags(text: str) -> Iterator[tuple[re.Match[str], Tag]]:
    """The tags in a piece of Markdown without fences, where they stand; code spans and comments have none."""
    for match in TAG.finditer(masked(text)):
        yield match, read(match[0])


def masked(text: str) -> str:
    """The text with code spans and comments blotted out, every other character in its place."""
    for pattern in (CODE_SPAN, COMMENT):
        text = pattern.sub(lambda match: re.sub(r"[^\n]", "\0", match[0]), text)
    return text


def check(source: str) -> None:
    """Raise MarkupError, with its line, for the first tag of a page that is unknown, stray or unclosed."""
    text = "\n".join(_without_code_blocks(source.splitlines()))
    open_tags: list[tuple[str, int]] = []
    for match in TAG.finditer(masked(text)):
        line = text.count("\n", 0, match.start()) + 1
        try:
            tag = read(match[0])
        except MarkupError as error:
            raise MarkupError(str(error), line) from None
        if not tag.closes:
            open_tags.append((tag.name, line))
        elif not open_tags:
            raise MarkupError(f"</{tag.name}> closes nothing: take it out, or open the tag before it", line)
        elif (innermost := open_tags.pop())[0] != tag.name:
            name, opened = innermost
            raise MarkupError(f"</{tag.name}> stands where <{name}> of line {opened} is still open", line)
    for name, line in open_tags:
        raise MarkupError(f"<{name}> is never closed: write </{name}> where it ends", line)


def _without_code_blocks(lines: list[str]) -> Iterator[str]:
    """The lines of a page, those of fenced and of indented code empty."""
    fence, in_list, code_may_begin = "", False, True
    for line in lines:
        opening = FENCE.fullmatch(line)
        if fence:
            if opening and opening[1].startswith(fence) and not line.strip(" \t>`~"):
                fence = ""
            yield ""
        elif opening:
            fence = opening[1]
            yield ""
        elif INDENTED[in_list].match(line) and code_may_begin:
            yield ""
        else:
            code_may_begin = not line.strip()
            if line.strip() and not line.startswith((" ", "\t")):
                in_list = bool(LIST_ITEM.match(line))
            yield line
