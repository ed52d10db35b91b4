"""Calls of the vocabulary in a page: in its sentences, ``{{ figure("threads", "wall") }}``, and its blocks.

What a call shows in a sentence becomes a piece of the page's tree, and its texts stay texts there: none of
them is Markdown any more, none is looked at for calls, and none can close what stands around it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element, fromstring

from markdown import Extension, Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from scripts.lab import LabError
from scripts.markup import MarkupError
from scripts.measure import BadRecords, RunFailed
from scripts.page import vocabulary
from scripts.page.failures import ClaimFailed, NoSuchThing, NotACall
from scripts.site.claims import FoldedClaims
from scripts.site.failures import PageFailed
from scripts.site.scan import CALL, PageScan
from scripts.stages import UnknownStage

SPEAK_FOR_THEMSELVES = (
    BadRecords, ClaimFailed, LabError, MarkupError, NoSuchThing, NotACall, RunFailed, UnknownStage,
)  # fmt: skip
"""Errors whose message says it all; of any other the name belongs to it."""

CODE = r"(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
"""As the markup finds it: marks of a length that does not come again are text."""
ESCAPED = r"\\(?P<braces>\{\{)|\\."
NO_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no HTML may hold, such as half of a pair of surrogates."""
HEADINGS = {f"h{rank}" for rank in range(1, 7)}


class PageCalls(Extension):
    """Makes the calls in the sentences of a page."""

    def __init__(self, page: PageScan) -> None:
        super().__init__()
        self._page = page

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the pattern before that of code (190), which it leaves alone, and all others."""
        md.inlinePatterns.register(SentenceProcessor(self._page, md), "calls", 195)
        # After inline patterns (20), and before the table of contents (5) takes the headings.
        md.treeprocessors.register(HeadingProcessor(md), "calls-in-headings", 15)
        # After the HTML of blocks is where it belongs (30).
        md.postprocessors.register(FoldedClaims(md), "folded-claims", 25)


class SentenceProcessor(InlineProcessor):
    """Puts what a call shows in its place; raises PageFailed where it cannot, or says so there."""

    def __init__(self, page: PageScan, md: Markdown) -> None:
        super().__init__(rf"{ESCAPED}|{CODE}|{CALL}", md)
        self._page = page

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | str | None, int | None, int | None]:
        """What stands there instead; None where it is code, something escaped, or no call of the page."""
        page = self._page
        if m["braces"]:
            return "&#123;&#123;", *m.span()
        if m["call"] is None or m[0] not in page.calls:
            return None, None, None
        try:
            with failing(page, page.line_of_call(m[0])):
                return element(vocabulary.sentence(m["call"])), *m.span()
        except PageFailed as error:
            return failed(page.tell(error)), *m.span()


class HeadingProcessor(Treeprocessor):
    """Leaves of a number in a heading only the number, since that goes into addresses and contents, too."""

    def run(self, root: Element) -> None:
        """Change the tree in place."""
        for heading in (each for each in root.iter() if each.tag in HEADINGS):
            for number in heading.iter():
                if number.get("class") == "figure":
                    del number.attrib["tabindex"]
                    number.remove(number[-1])


def element(html: str) -> Element:
    """The tree of that HTML, all of whose texts are final: one element, if need be around several."""
    root = fromstring(f"<span>{NO_TEXT.sub('�', html)}</span>")
    for each in root.iter():
        each.text, each.tail = final(each.text), final(each.tail)
    alone = len(root) == 1 and not root.text and not root[0].tail
    return root[0] if alone else root


def final(text: str | None) -> AtomicString | None:
    """The text for good: Markdown's serializer would take what looks like an entity in it for one."""
    return None if text is None else AtomicString(text.replace("&", "&amp;").replace("{{", "&#123;&#123;"))


def failed(error: PageFailed) -> Element:
    """What stands in a sentence of a lenient page in the place of a call."""
    span = Element("span", {"class": "badge badge--error"})
    span.text = final(NO_TEXT.sub("�", str(error)))
    return span


def block(code: str, page: PageScan, line: int) -> Iterator[str]:
    """What each call shows of the block which opens on that line: Markdown, or Html; raises PageFailed."""
    with failing(page, line, inside=line):
        calls = [*vocabulary.block_calls(code)]
    for at, show in calls:
        with failing(page, line + at):
            shown = show()
        yield shown


@contextmanager
def failing(page: PageScan, line: int, inside: int | None = None) -> Iterator[None]:
    """Have whatever is raised in here name the page and the line.

    Where the whole of a block is read in here, `inside` is the line after which its own lines count.
    """
    try:
        yield
    except PageFailed:
        raise
    except Exception as error:
        if inside is not None and isinstance(error, NotACall):
            line = inside + error.line
        raise PageFailed(f"{page.name}:{line}: {cause(error)}") from error


def cause(error: BaseException) -> str:
    """What to say of it."""
    if isinstance(error, SPEAK_FOR_THEMSELVES):
        return str(error)
    return f"{type(error).__name__}: {error}"
