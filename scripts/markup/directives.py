"""The lines of dumi's containers: ``:::info{title=Note}`` above the text and ``:::`` below it."""

import re
from dataclasses import dataclass

from scripts.markup.tags import TYPES, VALUE, MarkupError

GROUP = "code-group"
NAMES = (*TYPES, GROUP)
LINE = re.compile(rf"(?P<colons>:{{3,}})(?P<name>[A-Za-z][\w-]*)?(?:\{{\s*(?:title\s*=\s*{VALUE})?\s*\}})?")


@dataclass(frozen=True)
class Directive:
    """One line: without a name it closes what was opened by as many colons, or by fewer."""

    colons: int
    name: str
    title: str


def read(text: str) -> Directive:
    """The line that `text` is; raises MarkupError.  A title that is not given is the type, as dumi has it."""
    found = LINE.fullmatch(text.strip())
    if not found:
        raise MarkupError(f'{text}: a container is written :::info{{title="…"}}, and ends with :::')
    name = found["name"] or ""
    if name and name not in NAMES:
        raise MarkupError(f"{text}: no container is called {name!r}: there are {', '.join(NAMES)}")
    title = found["double"] or found["single"] or found["bare"] or name.upper()
    return Directive(len(found["colons"]), name, title)
