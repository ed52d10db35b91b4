"""Chinese has no spaces: a line that breaks between two of its characters goes on without one."""

import re
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

CHINESE = r"\u2018-\u201d\u2014\u2026\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef"
SOFT_BREAK = re.compile(rf"(?<=[{CHINESE}])[ \t]*\n[ \t]*(?=[{CHINESE}])")
VERBATIM = {"pre", "code"}


class SoftBreakProcessor(Treeprocessor):
    """Joins lines that break between two Chinese characters or punctuation marks."""

    def run(self, root: Element) -> None:
        """Change the texts of the tree in place, but none in code."""
        for element in root.iter():
            if element.tag not in VERBATIM:
                element.text = _joined(element.text)
            element.tail = _joined(element.tail)


def _joined(text: str | None) -> str | None:
    if not text or isinstance(text, AtomicString):
        return text
    return SOFT_BREAK.sub("", text)
