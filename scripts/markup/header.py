"""What stands behind the marks of a fence: ``python title="x.py" hl_lines="1 3-4"``, or as dumi has it."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from scripts.markup.commonmark import blocks
from scripts.markup.tags import MarkupError

LANGUAGE = re.compile(r"[\w#.+-]+(?=\s|[{\[|]|$)")
PART = re.compile(
    r"""\s*(?:
        (?P<name>[A-Za-z]\w*)=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')(?=\s|$)
        | \{\s*(?P<lines>\d+(?:-\d+)?(?:\s*,\s*\d+(?:-\d+)?)*)\s*,?\s*\}
        | \[(?P<title>[^\]]+)\]
        | \|?\s*(?P<word>[A-Za-z]\w*)(?=\s|$)
    )""",
    re.VERBOSE,
)


@dataclass
class Header:
    """A fence's language, or none, and its options by name; `pure` is what dumi is to show and not to run."""

    language: str = ""
    options: dict[str, str] = field(default_factory=dict)
    pure: bool = False

    def __str__(self) -> str:
        """The header as superfences reads it."""
        options = (
            f'{name}="{value}"' if '"' not in value else f"{name}='{value}'"
            for name, value in self.options.items()
        )
        return " ".join([self.language, *options])


def fences(text: str) -> Iterator[tuple[range, Header]]:
    """The lines, from 0, of each fenced block of code, and its header; none that cannot be read."""
    for token in blocks(text)[0]:
        if token.type == "fence" and token.map:
            with suppress(MarkupError):
                yield range(*token.map), read(token.info)


def read(info: str) -> Header:
    """The header that stands there; raises MarkupError for what nobody would understand.

    dumi writes the lines to be marked as {4,7-9}, a title as [x.py], and `| pure` for what is only shown.
    """
    info = info.strip()
    found = LANGUAGE.match(info)
    header = Header(found[0] if found else "")
    at = found.end() if found else 0
    while at < len(info):
        part = PART.match(info, at)
        if part is None:
            rest = info[at:].strip()
            raise MarkupError(f'cannot read {rest!r} behind a fence: write options as in title="x.py"')
        at = part.end()
        _take(header, part)
    return header


def _take(header: Header, part: re.Match[str]) -> None:
    if part["name"]:
        header.options[part["name"]] = part["double"] or part["single"] or ""
    elif part["lines"]:
        header.options["hl_lines"] = re.sub(r"[\s,]+", " ", part["lines"])
    elif part["title"]:
        header.options["title"] = part["title"]
    elif part["word"] == "pure":
        header.pure = True
    else:
        header.options[part["word"]] = part["word"]
