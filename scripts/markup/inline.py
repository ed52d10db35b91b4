"""<Badge> and <Font> inside a line: spans of a tone, with Markdown and each other inside."""

import re
from xml.etree.ElementTree import Element, SubElement

from markdown.inlinepatterns import InlineProcessor

from scripts.markup.tags import Tag, tags

CLASSES = {"Badge": "badge badge--{}", "Font": "font--{}"}
START = r"<(?:Badge|Font)\b[^<>\n]*>"


class SpanProcessor(InlineProcessor):
    """Makes one tree of a tag and all that is nested in it.

    Python-Markdown applies no pattern inside its own result, so nesting has to be done in one pass.
    """

    def handleMatch(self, match: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:
        """The span that begins at the match, and where it ends; None where it never does."""
        root = Element("root")
        path, position = [root], match.start(0)
        for found, tag in tags(data):
            if found.start() < match.start(0):
                continue
            if path == [root] and found.start() > match.start(0):
                break  # the match itself stands in a comment
            _append(path[-1], data[position : found.start()])
            position = found.end()
            if tag.closes:
                path.pop()
            else:
                path.append(_span(path[-1], tag))
            if path == [root]:
                return root[0], match.start(0), position
        return None, None, None


def _span(parent: Element, tag: Tag) -> Element:
    return SubElement(parent, "span", {"class": CLASSES[tag.name].format(tag.type)})


def _append(element: Element, text: str) -> None:
    """Add text at the end of an element, behind its last child if it has one."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
