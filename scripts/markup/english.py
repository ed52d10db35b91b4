"""Programs, and what they print, are English in a Chinese page: who reads it aloud has to know."""

import re

from markdown.postprocessors import Postprocessor

BLOCK = re.compile(r'<div class="(?=[^"]*\bhighlight\b).*?</pre>', re.DOTALL)
CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


class EnglishCode(Postprocessor):
    """Names the language of each block of code that holds no Chinese."""

    def run(self, text: str) -> str:
        """The page's HTML, with those attributes."""
        return BLOCK.sub(lambda found: found[0] if CHINESE.search(found[0]) else _english(found[0]), text)


def _english(block: str) -> str:
    return block.replace("<div", '<div lang="en"', 1)
