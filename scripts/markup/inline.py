"""What stands in a line: code, which nothing may change, and <Badge> and <Font>, spans of a tone."""

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString, code_escape

from scripts.markup import tags

START = r"<(?:Badge|Font)\b[^<>]*>"


class InertProcessor(InlineProcessor):
    """Makes code spans and comments what they are before anything else looks at the line."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(tags.INERT.pattern, md)
        self.compiled_re = tags.INERT

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | str | None, int | None, int | None]:
        """The code, the comment, or nothing for an escaped character."""
        if m["escape"]:
            return None, None, None
        if m["comment"]:
            return self.md.htmlStash.store(m[0]), m.start(0), m.end(0)
        code = Element("code")
        text = m["code"].replace("\n", " ")
        if text.strip() and text.startswith(" ") and text.endswith(" "):
            text = text[1:-1]
        code.text = AtomicString(code_escape(text))
        return code, m.start(0), m.end(0)


class SpanProcessor(InlineProcessor):
    """Makes one tree of a tag and all that is nested in it.

    Python-Markdown applies no pattern inside its own result, so nesting has to be done in one pass.
    """

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:
        """The span that begins at the match, and where it ends: it does, since the line has been checked."""
        root = Element("root")
        path, position = [root], m.start(0)
        for found in tags.TAG.finditer(data, position):
            _append(path[-1], data[position : found.start()])
            tag, position = tags.read(found[0]), found.end()
            if tag.opens:
                path.append(SubElement(path[-1], "span", {"class": tags.CLASSES[tag.name].format(tag.type)}))
            if tag.closes:
                path.pop()
            if path == [root]:
                break
        return root[0], m.start(0), position


def _append(element: Element, text: str) -> None:
    """Add text at the end of an element, behind its last child if it has one."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
