"""The fence behind ```` ```python exec="on" ````: markdown-exec's, except that every failure counts.

markdown-exec by itself warns and goes on, superfences prints a fence that it cannot read, and neither
knows the line.  So a page is scanned before it is rendered: what is wrong with a fence is said there, each
one that is to be run is told its line, and in the end each of them must have been run.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

import markdown_exec
from markdown import Markdown

from scripts.measure import Pending
from scripts.page import pending
from scripts.site import blocks
from scripts.site.failures import PageFailed

LANGUAGE = "python"
SHOWN = {"title", "hl_lines", "linenums"}
"""What superfences knows about a fence that is only shown."""
RUN = SHOWN | {"exec", "html", "id", "idprefix", "result", "source", "tabs", "updatetoc"}
"""What markdown-exec adds for one that is run; not `session`, since no block may depend on another."""
YES, NO = {"on", "yes", "true", "1", "exec"}, {"off", "no", "false", "0"}
SOURCES = {"above", "below", "block", "console", "tabbed-left", "tabbed-right"}
LINE = "line"
"""The option by which a fence is told its own line."""

OPENING = re.compile(
    r"(?P<indent>[> \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<language>[\w#.+-]+(?=[ \t]|$))?(?P<rest>.*)"
)
OPTION = re.compile(r"""[ \t]+([A-Za-z]\w*)(?:="([^"]*)"|='([^']*)')?(?=[ \t]|$)""")


@dataclass
class Page:
    """One page while it is rendered; `name` is its path in the project.

    Where it is `lenient`, what fails is shown in the page and logged, and the build goes on.
    """

    name: str
    first: int = 1
    """The line of the file on which the text begins, after the front matter."""
    lenient: bool = False
    seconds: float = 60.0
    """What a block may take, measurements not counted."""
    waiting: set[int] = field(default_factory=set)
    running: int = 0
    """The line of the block that is being run, or was last."""
    failed: bool = False
    text: str = ""

    def prepare(self, text: str) -> str:
        """The text with its line told to each fence that is to be run; raises PageFailed."""
        self.text = text
        lines, problems = text.split("\n"), []
        for at, opening in openings(lines):
            line = self.first + at
            try:
                if is_to_run(opening["language"], opening["rest"]):
                    self.waiting.add(line)
                    lines[at] += f' {LINE}="{line}"'
            except ValueError as error:
                problems.append(self.fail(PageFailed(f"{self.name}:{line}: {error}")))
        return "\n\n".join([*problems, "\n".join(lines)])

    def finish(self, html: str) -> str:
        """The page's HTML, once it is rendered; raises PageFailed unless each block has been run."""
        cause = "this block was not run: is its fence closed just as it was opened?"
        problems = [self.fail(PageFailed(f"{self.name}:{line}: {cause}")) for line in sorted(self.waiting)]
        return "\n".join([*problems, html])

    def run(self, code: str, line: int) -> str:
        """Run the block of that line, or, if it is 0, one that another block printed."""
        self.waiting.discard(line)
        self.running = line or self.running
        return blocks.run(code, self.name, self.running, self.seconds)

    def line_of(self, words: str) -> int:
        """The first line of the file with these words, else its first line of text."""
        at = max(self.text.find(words), 0)
        return self.first + self.text.count("\n", 0, at)

    def fail(self, error: PageFailed) -> str:
        """Raise the error, or log it and return it as HTML."""
        if not self.lenient:
            raise error
        self.failed = True
        # Not one of MkDocs' own loggers: those count, and `mkdocs serve --strict` would end.
        logging.getLogger(__name__).error("%s", error)
        place, _, cause = str(error).partition(": ")
        title = f'<p class="admonition-title">{escape(place)}</p>'
        return f'<div class="admonition error">{title}<pre><code>{escape(cause)}</code></pre></div>'


def openings(lines: list[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """Index and parts of each line that opens a fence, as a reader sees it (CommonMark)."""
    within: re.Match[str] | None = None
    for at, line in enumerate(lines):
        if within:
            end = line.removeprefix(within["indent"]).strip(" \t")
            if end and set(end) == {within["fence"][0]} and len(end) >= len(within["fence"]):
                within = None
            continue
        opening = OPENING.fullmatch(line)
        if opening and not (opening["fence"][0] == "`" and "`" in opening["rest"]):  # which is inline code
            within = opening
            yield at, opening


def is_to_run(language: str | None, header: str) -> bool:
    """Whether a fence with that header is to be run; raises ValueError for what nobody would understand."""
    header = f" {header.strip()}"
    if header.startswith(" {"):
        if re.search(r"\bexec\b", header):
            raise ValueError(f'cannot read {header.strip()!r}: write it as in {LANGUAGE} exec="on"')
        return False
    if odd := OPTION.sub("", header).strip():
        raise ValueError(f'cannot read {odd!r} behind a fence: write options as in exec="on"')
    return check(language, {name: one or other or name for name, one, other in OPTION.findall(header)})


def check(language: str | None, options: dict[str, str]) -> bool:
    """The same, once the options are known."""
    if "exec" not in options:
        known = SHOWN | {"exec"}
    elif language == LANGUAGE:
        known = RUN
    else:
        given = repr(language) if language else "a fence without a language"
        raise ValueError(f"cannot run {given}: only {LANGUAGE!r} can be")
    if odd := sorted(options.keys() - known):
        raise ValueError(f"a fence has no option {odd[0]!r}: there are {', '.join(sorted(known))}")
    if (value := options.get("exec", "off")) not in YES | NO:
        raise ValueError(f'exec="{value}": it is "on" or "off"')
    if (source := options.get("source", "above")) not in SOURCES:
        raise ValueError(f'source="{source}": it is one of {", ".join(sorted(SOURCES))}')
    return value in YES


class Fence:
    """What superfences calls, for the page that is being rendered."""

    def __init__(self) -> None:
        self.page = Page("a page")

    def validate(
        self,
        language: str,
        inputs: dict[str, str],
        options: dict[str, Any],
        attrs: dict[str, Any],
        md: Markdown,
    ) -> bool:
        """Whether that fence is this one's to run; raises PageFailed for options that there are not."""
        line = int(inputs.pop(LINE, 0))
        try:
            to_run = "exec" in inputs and check(language, inputs)
        except ValueError as error:  # in what a block printed, since a page has been checked before
            if self.page.lenient:
                return False
            raise PageFailed(f"{self.page.name}:{line or self.page.running}: {error}") from error
        if not to_run or not markdown_exec.validator(language, inputs, options, attrs, md):
            return False
        options[LINE] = line
        return True

    def format(
        self, source: str, language: str, css_class: str, options: dict[str, Any], md: Markdown, **rest: Any
    ) -> str:
        """Run the block and return its HTML; raises PageFailed, or shows it where the page is lenient."""
        line = options.pop(LINE)
        try:
            return self._format(source, language, options, md, line)
        except Pending as error:
            return pending.block(error)
        except PageFailed as error:
            return self.page.fail(error)

    def _format(self, source: str, language: str, options: dict[str, Any], md: Markdown, line: int) -> str:
        def run(code: str, **options: Any) -> str:
            return self.page.run(code, line)

        try:
            return markdown_exec.base_format(language=language, run=run, code=source, md=md, **options)
        except (PageFailed, Pending):
            raise
        except Exception as error:  # in rendering what it printed
            line = line or self.page.running  # of the block that printed this one
            raise PageFailed(f"{self.page.name}:{line}: {blocks.cause(error)}") from error

    @property
    def custom_fence(self) -> dict[str, Any]:
        """As superfences wants it in `custom_fences`."""
        return {"name": LANGUAGE, "class": LANGUAGE, "validator": self.validate, "format": self.format}
