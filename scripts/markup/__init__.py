"""A Python-Markdown extension: blocks as CommonMark has them, tags of dumi, lines of Chinese."""

from collections.abc import Callable

from markdown import Markdown
from markdown.extensions import Extension

from scripts.markup.around import Around, Embedded
from scripts.markup.cjk import SoftBreakProcessor
from scripts.markup.english import EnglishCode
from scripts.markup.header import fences
from scripts.markup.inline import START, InertProcessor, SpanProcessor
from scripts.markup.tables import Labels
from scripts.markup.tags import TYPES, MarkupError
from scripts.markup.tree import EmbeddedLinks, Reading, TreeParser

__all__ = ["TYPES", "Around", "Embedded", "MarkupError", "MarkupExtension", "fences"]


def refuse(error: MarkupError) -> str:
    """Raise the error."""
    raise error


class MarkupExtension(Extension):
    """Renders a text; `tell` is called once for each fault: it raises, or returns the HTML to stand there."""

    def __init__(self, tell: Callable[[MarkupError], str] = refuse, around: Around | None = None) -> None:
        super().__init__()
        self._tell = tell
        self._around = around or Around()

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors."""
        md.parser = parser = TreeParser(md, self._tell)
        md.preprocessors.register(Reading(md, parser, self._around), "reading", 40)
        md.preprocessors.deregister("html_block")
        md.ESCAPED_CHARS.append("<")
        md.inlinePatterns.register(InertProcessor(md), "backtick", 190)
        # After code spans (190) and escapes (180), before links (160): all of these may be inside.
        md.inlinePatterns.register(SpanProcessor(START, md), "span", 175)
        md.treeprocessors.register(EmbeddedLinks(md), "embedded-links", 16)
        # After inline patterns (20), so that text has become text.
        md.treeprocessors.register(Labels(md), "labels", 17)
        md.treeprocessors.register(SoftBreakProcessor(md), "soft-break", 15)
        # After the HTML of code is where it belongs (30).
        md.postprocessors.register(EnglishCode(md), "english-code", 25)
