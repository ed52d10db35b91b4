"""<Alert>: an admonition around whatever blocks stand in it."""

import re
from xml.etree.ElementTree import Element, SubElement

from markdown.blockprocessors import BlockProcessor

from scripts.markup.tags import tags

START = re.compile(r"^ {0,3}<Alert\b[^<>\n]*>", re.MULTILINE)


class AlertProcessor(BlockProcessor):
    """Takes the blocks from <Alert> to its </Alert>; lines before and after are blocks of their own."""

    def test(self, parent: Element, block: str) -> bool:
        """Whether a line of this block begins with the tag."""
        return bool(START.search(block))

    def run(self, parent: Element, blocks: list[str]) -> bool:
        """Put an admonition into `parent`; False, and nothing taken, where it is never closed."""
        text = "\n\n".join(blocks)
        start = START.search(text)
        depth = 0
        for found, tag in tags(text[start.start() :]):
            depth += {"Alert": -1 if tag.closes else 1}.get(tag.name, 0)
            if tag.type and depth == 1 and tag.name == "Alert":
                kind, begin = tag.type, start.start() + found.end()
            if depth == 0:
                end = start.start() + found.start()
                self.parser.parseBlocks(parent, _blocks(text[: start.start()]))
                admonition = SubElement(parent, "div", {"class": f"admonition {kind}"})
                self.parser.state.set("alert")  # in a tight list, text would else get no paragraph
                self.parser.parseChunk(admonition, text[begin:end].strip("\n"))
                self.parser.state.reset()
                blocks[:] = _blocks(text[start.start() + found.end() :])
                return True
        return False


def _blocks(text: str) -> list[str]:
    return text.strip("\n").split("\n\n") if text.strip() else []
