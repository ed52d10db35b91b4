"""The tags <Badge>, <Alert> and <Font>: what they look like, and what one of them says."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

DEFAULTS = {"Badge": "info", "Alert": "warning", "Font": None}
"""The type of a tag that names none, as dumi has it; Font, which dumi does not have, always names one."""
CLASSES = {"Badge": "badge badge--{}", "Font": "font--{}"}
TYPES = ("queen", "info", "success", "warning", "error")

INERT = re.compile(
    r"(?P<escape>\\[!-/:-@[-`{-~])"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|(?P<comment><!--.*?-->)",
    re.DOTALL,
)
"""What stands in a line and holds no tags."""
TAG = re.compile(r"</?(?:Badge|Alert|Font)\b(?:[^<>]*>)?", re.IGNORECASE)
ALERT_END = re.compile(r"</alert\b[^<>]*>", re.IGNORECASE)
VALUE = r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>(?:[^\s"'=<>`/]|/(?!>))+))"""
ATTRIBUTE = re.compile(rf"\s+(?P<key>[\w-]+)(?:\s*=\s*{VALUE})?")
OPENING = re.compile(
    rf"<\w+(?P<attributes>(?:{re.sub(r'[?]P<[a-z]+>', '?:', ATTRIBUTE.pattern)})*)\s*(?P<end>/?)>"
)


class MarkupError(ValueError):
    """Text that breaks the rules: the message says which, what was found, and what to do.

    `line` counts from 1, in that `file`, or else in the text itself.
    """

    def __init__(self, message: str, line: int = 1, file: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.file = file


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
        meant = Tag(_name(text).capitalize(), "info", opens=not ends, closes=ends or text.endswith("/>"))
        return meant, str(error)


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
    return _replaced(text, masked(text), lambda tag: f"&lt;{tag[1:]}")


def as_html(text: str, clear: str) -> str:
    """HTML with its tags made HTML as well; none of them has a fault, and all stand where it is `clear`."""
    return _replaced(text, clear, lambda tag: "".join(_html(read(tag))))


def _html(tag: Tag) -> Iterator[str]:
    if tag.opens:
        yield f'<span class="{CLASSES[tag.name].format(tag.type)}">'
    if tag.closes:
        yield "</span>"


def _replaced(text: str, clear: str, made_of: Callable[[str], str]) -> str:
    """The text with something else in the place of each tag; `clear` is the text without what holds none."""
    for found in reversed([*TAG.finditer(clear)]):
        text = text[: found.start()] + made_of(found[0]) + text[found.end() :]
    return text
