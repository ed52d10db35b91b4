"""What the theme's search reads of a page, and how it comes by the words of Chinese texts."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import jieba
import material
from mkdocs.structure.pages import Page

from scripts.files import CACHE, Cache, digest
from scripts.site.forked import aside
from scripts.site.shims import SearchIndex

KEPT = Cache(CACHE / "words", most=16 << 20)
PICTURE = re.compile(r"<figure [^>]*data-search-exclude.*?</figure>", re.DOTALL)
LISTING = re.compile(r"<pre.*?</pre>", re.DOTALL)
COLOURS = re.compile(r"</?(?:span|a)\b[^>]*>")
"""In a listing of a program: a tag for each of its words, and for each of its lines."""


def read_aside(index: SearchIndex, pages: list[Page]) -> None:
    """Have these pages read from now on, beside the rendering, and the index know them when it is written."""
    words = Words(index.cut)
    index.cut_by(words)

    def read() -> list[dict[str, Any]]:
        for page in pages:
            index.add(bare(page))
        words.keep()
        return index.entries

    index.fill_at_last(aside(read))
    index.add_by(lambda page: None)


def bare(page: Page) -> Page:
    """The same page without thousands of tags that the search would read only to drop them."""
    found = copy.copy(page)
    content = PICTURE.sub("", page.content or "")
    found.content = LISTING.sub(lambda listing: COLOURS.sub("", listing[0]), content)
    return found


class Words:
    """Cuts texts into words as `cut` does, but each one once, and from then on in later builds as well.

    That takes as long as a fifth of a build, and most texts stay as they are.
    """

    def __init__(self, cut: Callable[[str], str]) -> None:
        self._cut = cut
        self._before = kept()
        self._now: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """The text, with a sign between words."""
        if text not in self._now:
            self._now[text] = self._before[text] if text in self._before else self._cut(text)
        return self._now[text]

    def keep(self) -> None:
        """Leave what this build cut for the next one."""
        KEPT.put(cutters(), json.dumps(self._now, ensure_ascii=False).encode())


def kept() -> dict[str, str]:
    """What an earlier build left, by the texts as they were before."""
    return json.loads(KEPT.get(cutters()) or b"{}")


def cutters() -> str:
    """A name for who cuts: Material finds the Chinese in a text, jieba the words in that."""
    return digest(cutter.__version__.encode() for cutter in (material, jieba))
