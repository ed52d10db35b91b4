"""A Python-Markdown extension: <Badge>, <Alert> and <Font>, and line breaks between Chinese characters.

`check` looks at a page's source first and knows the line of a mistake; the extension renders.
"""

from markdown import Markdown
from markdown.extensions import Extension

from scripts.markup.block import AlertProcessor
from scripts.markup.cjk import SoftBreakProcessor
from scripts.markup.inline import START, SpanProcessor
from scripts.markup.leftover import LeftoverProcessor
from scripts.markup.tags import NAMES, TYPES, MarkupError, check

__all__ = ["NAMES", "TYPES", "MarkupError", "MarkupExtension", "check", "makeExtension"]


class MarkupExtension(Extension):
    """Renders the tags of a page; raises MarkupError for one that is left over."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors."""
        # After code spans (190) and escapes (180), before links (160): all of these may be inside.
        md.inlinePatterns.register(SpanProcessor(START, md), "span", 175)
        # Before paragraphs and code, as admonitions are (105).
        md.parser.blockprocessors.register(AlertProcessor(md.parser), "alert", 106)
        # After inline patterns (20), so that text has become text.
        md.treeprocessors.register(SoftBreakProcessor(md), "soft-break", 15)
        md.postprocessors.register(LeftoverProcessor(md), "leftover", 0)


def makeExtension(**options: object) -> MarkupExtension:
    """The extension, as Python-Markdown asks a module for it."""
    return MarkupExtension(**options)
