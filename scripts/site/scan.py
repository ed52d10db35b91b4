"""What is found in a page before it is rendered: its blocks and its calls, each with its line.

superfences prints a fence that it cannot read, and neither it nor an inline pattern knows a line.  So what is
wrong with a fence is said here, and in the end every block and every call must have been shown.  What a
block shows is not scanned, nor is a notebook: so nothing in them is a block, and nothing in them is a call.
"""

import logging
import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from scripts.markup import fences
from scripts.site.failures import PageFailed, box

LANGUAGE = "python"
SHOWN = {"title", "hl_lines", "linenums"}
"""What superfences knows about a fence that is only shown."""
YES, NO = {"on", "yes", "true", "1", "exec"}, {"off", "no", "false", "0"}
LINE = "line"
"""The option by which a fence is told its own line."""

TEXT = r'"(?:[^"\\\n]|\\[^\n])*"|\'(?:[^\'\\\n]|\\[^\n])*\''
CALL = rf"\{{\{{(?P<call>(?:{TEXT}|[^\"'\n}}]|\}}(?!\}}))*)\}}\}}"
"""A call in a sentence, which stays on its line."""


@dataclass
class PageScan:
    """One page while it is rendered; `name` is its path in the project.

    Where it is `lenient`, what fails is shown in the page and logged, and the build goes on.
    """

    name: str
    first: int = 1
    """The line of the file on which the text begins, after the front matter."""
    lenient: bool = False
    waiting: set[int] = field(default_factory=set)
    """The lines of blocks that are still to be shown."""
    calls: dict[str, list[int]] = field(default_factory=dict)
    """Each call in a sentence, and on which lines it stands."""
    problems: list[str] = field(default_factory=list)
    """HTML of what is wrong, for the head of a lenient page."""
    failed: bool = False
    alone: bool = True
    """Whether it holds nothing of other texts."""
    text: str = ""

    def prepare(self, text: str) -> str:
        """The text with its line told to each block, and known for each call; raises PageFailed."""
        self.text = text
        lines, fenced = text.split("\n"), set[int]()
        for block, header in fences(text):
            fenced.update(block)
            line = self.first + block.start
            try:
                if check(header.language, header.options):
                    self.waiting.add(line)
                    lines[block.start] += f' {LINE}="{line}"'
            except ValueError as error:
                self.note(PageFailed(f"{self.name}:{line}: {error}"))
        for at, words in enumerate(lines):
            for call in re.finditer(CALL, words) if at not in fenced else ():
                self.calls.setdefault(call[0], []).append(self.first + at)
        return "\n".join(lines)

    def finish(self, html: str) -> str:
        """The page's HTML, once it is rendered; raises PageFailed for what was overlooked of it."""
        told = [
            (line, "this block was not shown: is its fence closed just as it was opened?")
            for line in sorted(self.waiting)
        ]
        for words in leftover(html) if self.text else []:
            told.append((self.line_of(unescape(words)), f"{words!r}: {NOT_MADE}"))
        for line, cause in told:
            self.note(PageFailed(f"{self.name}:{line}: {cause}"))
        return "\n".join([*self.problems, html])

    def line_of_call(self, call: str) -> int:
        """A line on which that call stands: of several the one that was not asked for yet."""
        lines = self.calls[call]
        return lines.pop(0) if len(lines) > 1 else lines[0]

    def line_of(self, words: str) -> int:
        """The first line of the file with these words, else its first line of text."""
        at = max(self.text.find(words), 0)
        return self.first + self.text.count("\n", 0, at)

    def tell(self, error: PageFailed) -> PageFailed:
        """Raise the error, or log it and return it."""
        if not self.lenient:
            raise error
        self.failed = True
        # Not one of MkDocs' own loggers: those count, and `mkdocs serve --strict` would end.
        logging.getLogger(__name__).error("%s", error)
        return error

    def note(self, error: PageFailed) -> None:
        """Raise the error, or log it and show it at the head of the page."""
        self.problems.append(self.fail(error))

    def fail(self, error: PageFailed) -> str:
        """Raise the error, or log it and return it as HTML of a block."""
        self.tell(error)
        place, _, cause = str(error).partition(": ")
        return box(place, cause)


VERBATIM = {"code", "pre", "script", "style", "textarea"}
NOT_MADE = (
    "nobody made this call: it is written {{ name(...) }} on one line of Markdown, not within HTML; "
    "braces that are none are written \\{{, or stand in `code`"
)


def check(language: str, options: dict[str, str]) -> bool:
    """Whether a fence in that language, with these options, is to be run; raises ValueError."""
    runs = "exec" in options
    if runs and language != LANGUAGE:
        given = repr(language) if language else "a fence without a language"
        raise ValueError(f"cannot run {given}: only {LANGUAGE!r} can be")
    known = SHOWN | {"exec"}
    if odd := sorted(options.keys() - known):
        raise ValueError(f"a fence has no option {odd[0]!r}: there are {', '.join(sorted(known))}")
    if (value := options.get("exec", "off")) not in YES | NO:
        raise ValueError(f'exec="{value}": it is "on" or "off"')
    return value in YES


class Leftover(HTMLParser):
    """Finds, in the text of a page, the beginnings of calls that nobody made."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)  # or what a page escapes would look like it
        self.found: list[str] = []
        self._verbatim = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._verbatim += tag in VERBATIM

    def handle_endtag(self, tag: str) -> None:
        self._verbatim -= tag in VERBATIM

    def handle_data(self, data: str) -> None:
        if not self._verbatim:
            self.found += re.findall(r"\{\{[^\n]{0,20}", data)


def leftover(html: str) -> list[str]:
    """The beginnings of calls in that HTML, outside of code."""
    if "{{" not in html:
        return []
    parser = Leftover()
    parser.feed(html)
    return parser.found
