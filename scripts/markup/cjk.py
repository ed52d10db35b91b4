"""Chinese has no spaces: a line that breaks between two of its characters goes on without one."""

import re
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

CHINESE = r"[\u2018-\u201d\u2014\u2026\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]"
BREAK = r"[ \t]*\n[ \t]*"
WITHIN = re.compile(rf"(?<={CHINESE}){BREAK}(?={CHINESE})")
AT_END = re.compile(rf"(?<={CHINESE}){BREAK}$")
AT_START = re.compile(rf"^{BREAK}(?={CHINESE})")
VERBATIM = {"pre", "code"}


class SoftBreakProcessor(Treeprocessor):
    """Joins lines that break between two Chinese characters or punctuation marks."""

    def run(self, root: Element) -> None:
        """Change the texts of the tree in place, but none in code."""
        for element in root.iter():
            if element.tag not in VERBATIM:
                element.text = _joined(element.text)
            element.tail = _joined(element.tail)
            for before, child in zip([None, *element], element, strict=False):
                _join_around(element, before, child)


def _joined(text: str | None) -> str | None:
    return WITHIN.sub("", text) if text and not isinstance(text, AtomicString) else text


def _join_around(parent: Element, before: Element | None, child: Element) -> None:
    """Join the lines that break just before or just behind an element, such as a bold word."""
    words = "".join(child.itertext())
    if re.match(CHINESE, words):
        if before is None:
            parent.text = AT_END.sub("", parent.text or "")
        else:
            before.tail = AT_END.sub("", before.tail or "")
    if re.match(CHINESE, words[-1:]):
        child.tail = AT_START.sub("", child.tail or "")
