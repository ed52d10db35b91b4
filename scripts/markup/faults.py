"""What is wrong with the text of a paragraph, or with HTML: where, from 0, and what to say of it."""

import re
from collections.abc import Iterator

from scripts.markup import react
from scripts.markup.tags import TAG, masked, understood

Faults = Iterator[tuple[int, str]]

DEEPEST = 20
"""How many tags may be open at once."""
BRACKETS = 1000
"""How many a paragraph may have: for each of them Python-Markdown reads on to the end."""
NO_FENCE = re.compile(r"^ *`{3,}", re.MULTILINE)
EMBED = re.compile(r"<embed\b", re.IGNORECASE)
NO_HTML = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<name>script|style)\b.*?(?:</(?P=name)\s*>|\Z)", re.DOTALL | re.IGNORECASE
)


def in_text(text: str) -> Faults:
    """The faults of a paragraph, or of another block that holds lines of Markdown."""
    clear = masked(text)
    if (count := clear.count("[") + clear.count("(")) > BRACKETS:
        yield 0, f"{count} brackets in one paragraph, where links are looked for: at most {BRACKETS} may be"
    if fence := NO_FENCE.search(clear):
        yield fence.start(), f"{fence[0]} begins no code here, for a backtick follows on its line: use ~~~"
    if embed := EMBED.search(clear):
        yield embed.start(), "an <embed> stands on a line of its own"
    yield from react.faults(clear)
    yield from react.imports(clear)
    yield from _tags(text, clear)


def in_html(text: str) -> Faults:
    """The faults of a block of HTML, in which there is no Markdown."""
    clear = clear_html(text)
    if embed := EMBED.search(clear):
        yield embed.start(), "an <embed> stands on a line of its own"
    yield from react.faults(clear)
    yield from _tags(text, clear)


def clear_html(text: str) -> str:
    """HTML with comments, scripts and styles blotted out, all other characters in their places."""
    return NO_HTML.sub(lambda found: re.sub("[^\n]", " ", found[0]), text)


def _tags(text: str, clear: str) -> Faults:
    """Tags that are unknown, stray or never closed."""
    opened: list[tuple[int, str]] = []
    for found in TAG.finditer(clear):
        at = found.start()
        tag, fault = understood(text[at : found.end()])
        if fault:
            yield at, fault
        if tag.name == "Alert":
            yield at, f"{found[0]}: an Alert begins a line, in no table, no heading and no HTML"
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
