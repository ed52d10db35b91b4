"""From the blocks of a text to the tree with which Python-Markdown goes on, in the place of its own parser.

Code never enters the tree: it is made HTML at once, and a mark stands in its place until the end.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from markdown_it.token import Token

from scripts.markup.around import Around
from scripts.markup.reading import read
from scripts.markup.tags import MarkupError

HTML = ("html_block", "inline")
ANCHOR = re.compile(r"<[A-Za-z][^<>]*\s(?:id|name)\s*=[^<>]*>")
FOLDER = "folder"
"""The attribute that keeps where an embedded text is from until its links have been made."""
RELATIVE = re.compile(r"(?![a-zA-Z][\w+.-]*:|[/#?]|$)")
HEADINGS = ("admonition", "details", "tabbed")
"""Extensions of Python-Markdown that make a box of a heading."""


class Reading(Preprocessor):
    """Reads the text before anything else changes it."""

    def __init__(self, md: Markdown, parser: "TreeParser", around: Around) -> None:
        super().__init__(md)
        self._parser = parser
        self._around = around

    def run(self, lines: list[str]) -> list[str]:
        """Leave nothing to other preprocessors but the tags among which MkDocs looks for anchors."""
        tokens, references = read("\n".join(lines), self._around)
        for token in tokens:
            if token.type == "problem":
                token.content = self._parser.tell(token.meta["error"])
        self._parser.tokens = tokens
        vars(self.md)["references"].update(references)
        return [
            " ".join(tag for token in tokens for tag in ANCHOR.findall(token.content) if token.type in HTML)
        ]


class EmbeddedLinks(Treeprocessor):
    """Makes links and pictures of embedded texts lead where they lead from the file in which they stand."""

    def run(self, root: Element) -> None:
        """Change the tree in place, what is embedded in something embedded first."""
        for part in reversed([*root.iter("div")]):
            folder = part.attrib.pop(FOLDER, None)
            for element in part.iter() if folder else ():
                for name in ("href", "src"):
                    if RELATIVE.match(address := element.get(name, "")):
                        element.set(name, posixpath.normpath(f"{folder}/{address}"))


class TreeParser(BlockParser):
    """Makes the tree of what was read; `tell` raises a fault, or returns the HTML to stand there."""

    def __init__(self, md: Markdown, tell: Callable[[MarkupError], str]) -> None:
        super().__init__(md)
        self.tell = tell
        self.blockprocessors = md.parser.blockprocessors
        self.tokens: list[Token] = []

    def parseDocument(self, lines: object) -> ElementTree:
        """The tree of the text that was read, whatever is left of its lines."""
        self.root = Element(self.md.doc_tag)
        path = [self.root]
        for token in self.tokens:
            if token.nesting < 0:
                path.pop()
            elif token.nesting > 0:
                path.append(self._open(path[-1], token))
            else:
                self._add(path[-1], token)
        return ElementTree(self.root)

    def _open(self, parent: Element, token: Token) -> Element:
        """The element that holds what follows."""
        if token.type == "embedded_open":
            return SubElement(parent, token.tag, {FOLDER: token.content})
        if token.tag:
            return SubElement(parent, token.tag, {key: str(value) for key, value in attributes(token)})
        for name in HEADINGS:
            if name in self.blockprocessors and self.blockprocessors[name].test(parent, token.content):
                self.blockprocessors[name].run(parent, [token.content])
                return _innermost(parent[-1])
        self._stash(
            parent, self.tell(MarkupError(f"{token.content}: nothing makes a box of this", _line(token)))
        )
        return parent

    def _add(self, parent: Element, token: Token) -> None:
        match token.type:
            case "inline":
                _append(parent, token.content)
            case "title":
                SubElement(parent, "p", {"class": "admonition-title"}).text = AtomicString(token.content)
            case "fence" | "code_block":
                SubElement(parent, "p").text = self._code(token)
            case "html_block" | "problem":
                self._stash(parent, token.content)
            case "hr":
                SubElement(parent, "hr")

    def _code(self, token: Token) -> str:
        """The mark in the place of a block of code, or of what is wrong with its first line."""
        code = token.content.removesuffix("\n")
        if code.endswith("\n"):
            code += "\n"  # Pygments takes the end of the last empty line for that of the code
        fence = "`" * (3 + max(map(len, re.findall("`+", code)), default=0))
        lines = [f"{fence}{token.info}", *code.split("\n"), fence]
        marks = self.md.preprocessors["fenced_code_block"].run(lines)
        if len(marks) == 1:
            return marks[0]
        error = MarkupError(f"cannot read {token.info!r} behind a fence", _line(token))
        return self.md.htmlStash.store(self.tell(error))

    def _stash(self, parent: Element, html: str) -> None:
        """Add a mark in the place of that HTML."""
        _append(parent, self.md.htmlStash.store(html.rstrip("\n")))


def attributes(token: Token) -> Iterator[tuple[str, object]]:
    """Of an element; a cell that is aligned by a style has a class instead: left, center or right."""
    for key, value in token.attrs.items():
        yield ("class", str(value).removeprefix("text-align:")) if key == "style" else (key, value)


def _line(token: Token) -> int:
    """The line on which it begins, from 1."""
    return token.map[0] + 1 if token.map else 1


def _innermost(element: Element) -> Element:
    """Where the content of a box belongs that was just begun: the last block of the last of its tabs."""
    return element[-1][-1] if element.get("class", "").startswith("tabbed-set") else element


def _append(element: Element, text: str) -> None:
    """Add lines at the end of an element, behind its last child if it has one."""
    last = element[-1] if len(element) else None
    before = element.text if last is None else last.tail
    text = f"{before}\n{text}" if before else text
    if last is None:
        element.text = text
    else:
        last.tail = text
