"""The tags <Badge>, <Alert> and <Font>: what they look like, and what is wrong with those in a line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

DEFAULTS = {"Badge": "info", "Alert": "warning", "Font": None}
"""The type of a tag that names none, as dumi has it; Font, which dumi does not have, always names one."""
TYPES = ("queen", "info", "success", "warning", "error")
DEEPEST = 20
"""How many tags may be open at once."""
BRACKETS = 1000
"""How many a paragraph may have: for each of them Python-Markdown reads on to the end."""

INERT = re.compile(
    r"(?P<escape>\\[!-/:-@[-`{-~])"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|(?P<comment><!--.*?-->)",
    re.DOTALL,
)
"""What stands in a line and holds no tags."""
TAG = re.compile(r"</?(?:Badge|Alert|Font)\b(?:[^<>]*>)?", re.IGNORECASE)
NO_FENCE = re.compile(r"^ *`{3,}", re.MULTILINE)
ALERT_END = re.compile(r"</alert\b[^<>]*>", re.IGNORECASE)
VALUE = r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>(?:[^\s"'=<>`/]|/(?!>))+))"""
ATTRIBUTE = re.compile(rf"\s+(?P<key>[\w-]+)(?:\s*=\s*{VALUE})?")
OPENING = re.compile(
    rf"<\w+(?P<attributes>(?:{re.sub(r'[?]P<[a-z]+>', '?:', ATTRIBUTE.pattern)})*)\s*(?P<end>/?)>"
)


class MarkupError(ValueError):
    """Text that breaks the rules: the message says which, what was found, and what to do; `line` from 1."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Tag:
    """One tag: it opens something, closes it, or, as <Badge />, both."""

    name: str
    type: str = ""
    opens: bool = False
    closes: bool = False


def read(text: str) -> Tag:
    """The tag that `text` is; raises MarkupError."""
    name = _name(text)
    if name not in DEFAULTS:
        raise MarkupError(f"{text}: the tag is written {name.capitalize()}")
    if text.startswith("</"):
        if not re.fullmatch(rf"</{name}\s*>", text):
            raise MarkupError(f"{text}: a closing tag is written </{name}>")
        return Tag(name, closes=True)
    opening = OPENING.fullmatch(text)
    if opening is None:
        raise MarkupError(f'{text}: an opening tag is written <{name} type="info">')
    given = attributes(opening["attributes"])
    for key in given.keys() - {"type"}:
        raise MarkupError(f"{text}: {name} has no attribute {key!r}, only type")
    return Tag(name, _type(text, name, given.get("type")), opens=True, closes=bool(opening["end"]))


def understood(text: str) -> tuple[Tag, str]:
    """The tag that `text` is, or is meant to be, and what is wrong with it."""
    try:
        return read(text), ""
    except MarkupError as error:
        ends = text.startswith("</")
        return Tag(_name(text).capitalize(), "info", opens=not ends, closes=ends or text.endswith("/>")), str(
            error
        )


def _name(text: str) -> str:
    found = re.match(r"</?(\w+)", text)
    return found[1] if found else ""


def attributes(text: str) -> dict[str, str]:
    """The attributes in a tag, as in `type="info" hidden`; without a value it is empty."""
    return {
        each["key"]: each["double"] or each["single"] or each["bare"] or ""
        for each in ATTRIBUTE.finditer(text)
    }


def _type(text: str, name: str, value: str | None) -> str:
    value = DEFAULTS[name] if value is None else value
    if value is None:
        raise MarkupError(f'{text}: {name} needs a type, as in <{name} type="info">')
    if value not in TYPES:
        near = get_close_matches(value, TYPES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(TYPES)}"
        raise MarkupError(f"{text}: no type is called {value!r}: {hint}")
    return value


def masked(text: str) -> str:
    """The text with code spans, comments and escaped characters blotted out, all others in their places."""
    return INERT.sub(lambda inert: re.sub(r"[^\n]", "\0", inert[0]), text)


def disarmed(text: str) -> str:
    """The text with every tag in it shown as it is written."""
    for found in reversed([*TAG.finditer(masked(text))]):
        text = f"{text[: found.start()]}&lt;{text[found.start() + 1 :]}"
    return text


def faults(text: str) -> Iterator[tuple[int, str]]:
    """Where, from 0, in the text of one paragraph a rule is broken, and what to say of it."""
    clear = masked(text)
    if (count := clear.count("[") + clear.count("(")) > BRACKETS:
        yield (
            0,
            f"{count} brackets in one paragraph: Python-Markdown would look for links in them for too long",
        )
    if fence := NO_FENCE.search(clear):
        yield fence.start(), f"{fence[0]} begins no code here, for a backtick follows on its line: use ~~~"
    yield from _unmatched(text, clear)


def _unmatched(text: str, clear: str) -> Iterator[tuple[int, str]]:
    """Tags that are unknown, stray or never closed."""
    opened: list[tuple[int, str]] = []
    for found in TAG.finditer(clear):
        at = found.start()
        tag, fault = understood(text[at : found.end()])
        if fault:
            yield at, fault
        if tag.name == "Alert":
            yield at, f"{found[0]}: an Alert begins a line, in no table and no heading"
        elif tag.opens and not tag.closes:
            opened.append((at, tag.name))
            if len(opened) > DEEPEST:
                yield at, f"{found[0]}: more than {DEEPEST} tags are open here"
        elif tag.opens:
            continue
        elif not opened:
            yield at, f"</{tag.name}> closes nothing in its paragraph: take it out, or open the tag before it"
        elif (name := opened.pop()[1]) != tag.name:
            yield at, f"</{tag.name}> stands where <{name}> is still open"
    for at, name in opened:
        yield at, f"<{name}> is never closed: write </{name}> where it ends, within the same paragraph"
