"""The glossary in the pages: a term says what it means where it first stands on a page.

The page *glossary* is the only list: an item for each term, ``- **阻塞** · blocking：…``.  What stands behind
the colon says what it means, there and on the other pages.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

NAME = "glossary.md"
TERM = re.compile(r"^- \*\*(?P<term>[^*]+)\*\*(?: · (?P<english>[^：]+))?：(?P<meaning>.+)$", re.MULTILINE)
SEE = re.compile(r"(?:见|另见)\s*\[[^。]*。")
"""The end of a meaning, which leads to a page."""
TO_A_PAGE = re.compile(r"\]\(([^)#:]+\.md)[^)]*\)")
LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
APART = {"a", "abbr", "code", "h1", "h2", "h3", "pre", "script", "svg"}
"""Elements in which no term is explained."""


class Term(NamedTuple):
    """A term by all its `names`, the Chinese one first; its meaning as Markdown; the files it `leads_to`."""

    names: list[str]
    meaning: str
    leads_to: list[str]


def terms(text: str) -> Iterator[Term]:
    """What a glossary with that text explains, in its order."""
    for found in TERM.finditer(text):
        english = (found["english"] or "").replace("`", "")
        see = SEE.search(found["meaning"])
        leads_to = TO_A_PAGE.findall(see[0]) if see else []
        yield Term([found["term"], *filter(None, english.split(", "))], found["meaning"], leads_to)


def beside(page: Path) -> dict[str, str]:
    """The terms to explain on that page: those of the glossary in its folder, and on that one none."""
    return {} if page.name == NAME else read(page.with_name(NAME))


def read(page: Path) -> dict[str, str]:
    """What each term means, as plain text, the longest terms first; nothing where there is no such page."""
    try:
        text = page.read_text("utf-8")
    except OSError:
        return {}
    found = {term.names[0]: plain(term.meaning) for term in terms(text)}
    return dict(sorted(found.items(), key=lambda entry: len(entry[0]), reverse=True))


def plain(markdown: str) -> str:
    """The text of a meaning: without the page that it leads to, without marks of code and of links."""
    return LINK.sub(r"\1", SEE.sub("", markdown)).replace("`", "").strip()


class Glossary(Extension):
    """Explains each of these terms once."""

    def __init__(self, terms: dict[str, str]) -> None:
        super().__init__()
        self._terms = terms

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processor after inline patterns (20), which make the texts."""
        md.treeprocessors.register(GlossaryProcessor(md, self._terms), "glossary", 12)


class GlossaryProcessor(Treeprocessor):
    """Puts each term, where it first stands, into an element with its meaning."""

    def __init__(self, md: Markdown, terms: dict[str, str]) -> None:
        super().__init__(md)
        self._terms = terms
        self._any = re.compile("|".join(map(pattern, terms)) or "(?!)")

    def run(self, root: Element) -> None:
        """Change the tree in place."""
        explain(root, self._any, dict(self._terms))


def explain(element: Element, any_term: re.Pattern[str], left: dict[str, str]) -> None:
    """Explain in this element, in the order in which it is read, what is left to be explained."""
    element.text, children = explained(element.text, any_term, left)
    for child in list(element):
        if child.tag not in APART:
            explain(child, any_term, left)
        child.tail, terms = explained(child.tail, any_term, left)
        children += [child, *terms]
    element[:] = children


def explained(
    text: str | None, any_term: re.Pattern[str], left: dict[str, str]
) -> tuple[str | None, list[Element]]:
    """The text up to the first term in it, and an element for each term, whose tail is the text behind it."""
    if not text or isinstance(text, AtomicString):
        return text, []
    terms: list[Element] = []
    before, at = "", 0
    for found in any_term.finditer(text):
        if found[0] in left:
            term = Element("abbr", {"title": left.pop(found[0])})
            term.text = found[0]
            before, at = attach(before, text[at : found.start()], terms), found.end()
            terms.append(term)
    return attach(before, text[at:], terms), terms


def attach(before: str, text: str, terms: list[Element]) -> str:
    """Put the text behind the last term; where there is none yet, return it as what stands before them."""
    if not terms:
        return text
    terms[-1].tail = text
    return before


def pattern(term: str) -> str:
    """Finds the term; one of Latin letters only as a whole word."""
    literal = re.escape(term)
    return rf"(?<![\w-]){literal}(?![\w-])" if term.isascii() else literal
