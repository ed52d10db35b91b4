"""A text as blocks, each box closed where it was opened, and before each block what is wrong with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape

from markdown_it.token import Token

from scripts.markup import directives, faults, header, react, tags
from scripts.markup.around import Around
from scripts.markup.commonmark import DEEPEST, blocks
from scripts.markup.tags import MarkupError

FORBIDDEN = re.compile("[\0-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
"""What no HTML may hold, control characters and halves of one, and a byte-order mark, which gets lost."""
PICTURE = re.compile(
    r"""<img\b[^<>]*?\ssrc\s*=\s*(?P<address>"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)""", re.IGNORECASE
)
PARAGRAPH = Token("paragraph_open", "p", 1), Token("paragraph_close", "p", -1)


References = dict[str, tuple[str, str]]
"""Where links lead that have a name: address and title."""


def read(text: str, around: Around, file: str = "", first: int = 0) -> tuple[list[Token], References]:
    """The tokens of markdown-it-py, with some more, of a text that begins on that line of that file.

    `box_open` and `box_close` have a heading as their content, or else a class; `title` is text in a box;
    `embedded_open` and `embedded_close` have as their content the folder from which links lead on;
    `problem` stands before a block that breaks a rule, and has a MarkupError as `meta["error"]`: the tags of
    that block are mere text then.
    """
    reader = Reader(around, file, first)
    text = re.sub("\r\n?", "\n", text)
    for found in FORBIDDEN.finditer(text):
        reader.tell(
            f"the character U+{ord(found[0]):04X} stands in no page", text.count("\n", 0, found.start())
        )
    tokens, references = blocks(FORBIDDEN.sub("\ufffd", text))
    made = reader.read(tokens)
    return made, reader.references | references


@dataclass
class Box:
    """A box that is still open: how it was opened and how it is closed, for messages, and its first token."""

    opening: str
    closing: str
    token: Token
    colons: int = 0
    tabs: int | None = None
    """How many tabs it has so far, if it is a code-group."""


@dataclass
class Reader:
    """Reads one text; `boxes` are those open in each container, such as a list item, the innermost last.

    Lines are those of tokens, from 0, but in errors from 1.
    """

    around: Around
    file: str
    first: int
    made: list[Token] = field(default_factory=list)
    references: References = field(default_factory=dict)
    """Those of embedded texts."""
    boxes: list[list[Box]] = field(default_factory=lambda: [[]])

    def read(self, tokens: list[Token]) -> list[Token]:
        """All tokens, in the end."""
        rest = iter(tokens)
        for token in rest:
            line = token.map[0] if token.map else 0
            group = self.group
            if group and token.nesting >= 0 and token.type not in ("fence", "directive"):
                self.tell("a code-group holds fenced blocks of code and nothing else", line)
            match token.type:
                case "paragraph_open" | "heading_open":
                    self.leaf(token, next(rest), next(rest))
                case "inline":
                    self.made.append(self.checked(token.content, line))
                case "alert":
                    self.alert(token.content, line)
                case "embed":
                    self.embed(token.content, line)
                case "directive":
                    self.directive(token.content, line)
                case "fence":
                    self.fence(token, line, group)
                case "html_block":
                    self.html(token, line)
                case _:
                    self.container(token, line)
        self.close_all()
        return self.made

    @property
    def group(self) -> Box | None:
        """The code-group that holds the next block, if one does."""
        box = self.boxes[-1][-1] if self.boxes[-1] else None
        return box if box and box.tabs is not None else None

    def tell(self, message: str, line: int) -> None:
        """Put a problem here."""
        self.made.append(Token("problem", "", 0, meta={"error": self.error(message, line)}))

    def error(self, message: str, line: int) -> MarkupError:
        """The error that says so."""
        return MarkupError(message, self.first + line + 1, self.file)

    def container(self, token: Token, line: int) -> None:
        """Open or close what holds blocks, or pass on a block that is neither."""
        if token.nesting < 0:
            self.close_all()
        if token.type == "box_open":
            token.content = self.checked(token.content, line).content
        self.made.append(token)
        if token.nesting > 0:
            self.boxes.append([])
            self.check_depth(token.level + 1, line)  # markdown-it-py leaves out what is deeper

    def check_depth(self, depth: int, line: int) -> None:
        """Tell of too many that are open at once."""
        if depth >= DEEPEST:
            self.tell(f"more than {DEEPEST} blocks are open here, one in the other", line)

    def close_all(self) -> None:
        """End a container: a box that is still open there was never closed, and is none."""
        for box in self.boxes.pop():
            where = ", in the same list item or quotation" if self.boxes else ""
            message = f"{box.opening} is never closed: write {box.closing} where it ends{where}"
            line = box.token.map[0] if box.token.map else 0
            box.token.type, box.token.nesting = "problem", 0
            box.token.meta = {"error": self.error(message, line)}

    def leaf(self, opened: Token, inline: Token, closed: Token) -> None:
        """A paragraph or heading; where an Alert ends in it, what follows is a paragraph of its own."""
        text, first, at = inline.content, inline.map[0] if inline.map else 0, 0
        around = opened, closed
        for found in [*tags.ALERT_END.finditer(tags.masked(text)), None]:
            end = found.start() if found else len(text)
            if part := text[at:end].strip():
                line = first + text.count("\n", 0, text.index(part, at))
                shown = self.checked(part, line)
                # In an item of a tight list text has no paragraph, but in a box there it has.
                self.made += (
                    [shown] if opened.hidden and not self.boxes[-1] else [around[0], shown, around[1]]
                )
            if found:
                self.alert(found[0], first + text.count("\n", 0, end))
                at, around = found.end(), PARAGRAPH

    def checked(self, text: str, line: int) -> Token:
        """Text in lines: as it is, or, once its faults are told, without tags."""
        found = list(faults.in_text(text))
        for at, message in found:
            self.tell(message, line + text.count("\n", 0, at))
        text = tags.disarmed(text) if found else re.sub("\n[ \t]+", "\n", text)
        return Token("inline", "", 0, content=self.with_pictures(text, tags.masked, line))

    def with_pictures(self, text: str, clear: Callable[[str], str], line: int) -> str:
        """The text with the right addresses in its HTML of pictures; `clear` blots out what is no HTML."""
        pictures = [*PICTURE.finditer(clear(text))] if PICTURE.search(text) else []
        for found in reversed(pictures):
            start, end = found.span("address")
            try:
                address = escape(self.around.picture(unescape(text[start:end].strip("\"'"))))
            except MarkupError as error:
                self.tell(str(error), line + text.count("\n", 0, start))
            else:
                text = f'{text[:start]}"{address}"{text[end:]}'
        return text

    def embed(self, text: str, line: int) -> None:
        """Another text in this one's place."""
        found = tags.OPENING.match(text)
        address = tags.attributes(found["attributes"]).get("src") if found else None
        try:
            if not address:
                raise MarkupError(f'{text}: an embedded text is named as in <embed src="part.md"></embed>')
            embedded = self.around.embedded(address)
            tokens, references = read(embedded.text, embedded.around, embedded.file, embedded.line - 1)
        except MarkupError as error:
            self.made.append(
                Token("problem", "", 0, meta={"error": error if error.file else self.error(str(error), line)})
            )
            return
        self.references |= references
        self.made.append(Token("embedded_open", "div", 1, content=embedded.folder))
        self.made += tokens
        self.made.append(Token("embedded_close", "div", -1))

    def alert(self, text: str, line: int) -> None:
        """A tag of an Alert, where a block could stand."""
        tag, fault = tags.understood(text)
        if fault:
            self.tell(fault, line)
        if tag.opens:
            self.open(Box("<Alert>", "</Alert>", _box(tag.type, line)))
        if tag.closes:
            self.close("</Alert>", 0, line)

    def directive(self, text: str, line: int) -> None:
        """A line of three colons or more."""
        try:
            found = directives.read(text)
        except MarkupError as error:
            self.tell(str(error), line)
            return
        if not found.name:
            self.close(":" * found.colons, found.colons, line)
            return
        opening, closing = ":" * found.colons + found.name, ":" * found.colons
        if found.name == directives.GROUP:
            self.boxes[-1].append(
                Box(opening, closing, Token("group", "", 0, map=[line, line + 1]), found.colons, 0)
            )
            self.made.append(self.boxes[-1][-1].token)
        else:
            self.open(Box(opening, closing, _box(found.name, line), found.colons))
            self.made.append(Token("title", "", 0, content=found.title))

    def open(self, box: Box) -> None:
        """Begin a box."""
        self.made.append(box.token)
        self.boxes[-1].append(box)
        self.check_depth(
            len(self.boxes) + sum(map(len, self.boxes)), box.token.map[0] if box.token.map else 0
        )

    def close(self, closing: str, colons: int, line: int) -> None:
        """End the innermost box; more colons than it has end it as well."""
        if not self.boxes[-1]:
            self.tell(f"{closing} closes nothing here: take it out, or open what it closes before it", line)
        elif bool(colons) != bool(self.boxes[-1][-1].colons) or colons < self.boxes[-1][-1].colons:
            self.tell(f"{closing} stands where {self.boxes[-1][-1].opening} is still open", line)
        elif self.boxes[-1].pop().tabs is None:
            self.made.append(Token("box_close", "div", -1))

    def fence(self, token: Token, line: int, group: Box | None) -> None:
        """A fenced block of code; in a code-group it is a tab."""
        end = token.map[1] if token.map else 0
        lines = token.content.count("\n") + (not token.content.endswith("\n") and token.content != "")
        if lines != end - line - 2:
            self.tell(f"the fence {token.markup} is never closed: write {token.markup} below the code", line)
        try:
            head = header.read(token.info)
            if not (group or head.pure) and (fault := react.demo(head.language)):
                self.tell(fault, line)
        except MarkupError as error:
            self.tell(str(error), line)
            head = header.Header()
        if group:
            title = head.options.pop("title", head.language or "txt").replace("<", "&lt;")
            mark = "===" if group.tabs else "===!"
            group.tabs = (group.tabs or 0) + 1
            self.made.append(Token("box_open", "", 1, map=token.map, content=f'{mark} "{title}"'))
        token.info = str(head)
        self.made.append(token)
        if group:
            self.made.append(Token("box_close", "", -1))

    def html(self, token: Token, line: int) -> None:
        """HTML, in which there is no Markdown."""
        found = list(faults.in_html(token.content))
        for at, message in found:
            self.tell(message, line + token.content.count("\n", 0, at))
        if not found:
            html = self.with_pictures(token.content, faults.clear_html, line)
            token.content = tags.as_html(html, faults.clear_html(html))
            self.made.append(token)


def _box(kind: str, line: int) -> Token:
    """The token that begins a box of that type."""
    return Token("box_open", "div", 1, {"class": f"admonition {kind}"}, [line, line + 1])
