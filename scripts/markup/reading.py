"""A text as blocks, each box closed where it was opened, and before each block what is wrong with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape

from markdown_it.token import Token

from scripts.markup import directives, faults, header, react, tags
from scripts.markup.around import Around
from scripts.markup.boxes import Box, Boxes
from scripts.markup.commonmark import CAPTION, DEEPEST, blocks
from scripts.markup.tags import MarkupError

FORBIDDEN = re.compile("[\0-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
"""What no HTML may hold, control characters and halves of one, and a byte-order mark, which gets lost."""
PICTURE = re.compile(
    r"""<img\b[^<>]*?\ssrc\s*=\s*(?P<address>"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)""", re.IGNORECASE
)
PIPE = re.compile(r"(?<!\\)\|")
PARAGRAPH = Token("paragraph_open", "p", 1), Token("paragraph_close", "p", -1)

References = dict[str, tuple[str, str]]
"""Where links lead that have a name: address and title."""


def read(text: str, around: Around, file: str = "", above: int = 0) -> tuple[list[Token], References]:
    """The tokens of markdown-it-py, with some more, of a text which in that file has so many lines above it.

    `box_open` and `box_close` have a heading as their content, or else a class; `title` is text in a box;
    `embedded_open` and `embedded_close` have as their content the folder from which links lead on;
    `problem` stands before a block that breaks a rule, and has a MarkupError as `meta["error"]`: the tags of
    that block are mere text then.
    """
    text = re.sub("\r\n?", "\n", text)
    reader = Reader(around, file, above, text.split("\n"))
    for found in FORBIDDEN.finditer(text):
        character = f"the character U+{ord(found[0]):04X}"
        reader.tell(f"{character} stands in no page", text.count("\n", 0, found.start()))
    tokens, references = blocks(FORBIDDEN.sub("\ufffd", text))
    return reader.read(tokens), reader.references | references


@dataclass
class Reader:
    """Reads one text; lines are those of tokens, from 0, but in errors from 1."""

    around: Around
    file: str
    above: int
    lines: list[str]
    made: list[Token] = field(default_factory=list)
    references: References = field(default_factory=dict)
    """The link references that embedded texts define."""
    boxes: Boxes = field(default_factory=Boxes)
    columns: int = 0
    """How many columns the table has that was begun last."""

    def read(self, tokens: list[Token]) -> list[Token]:
        """All tokens, in the end."""
        rest = iter(tokens)
        for token in rest:
            line = token.map[0] if token.map else 0
            if self.boxes.group and token.nesting >= 0 and token.type not in ("fence", "directive"):
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
                    self.fence(token, line)
                case "html_block":
                    self.html(token, line)
                case _:
                    self.container(token, line)
        self.leave()
        return self.made

    def tell(self, message: str, line: int) -> None:
        """Put a problem here."""
        self.made.append(_problem(MarkupError(message, self.above + line + 1, self.file)))

    def container(self, token: Token, line: int) -> None:
        """Open or close what holds blocks, or pass on a block that is neither."""
        if token.nesting < 0:
            self.leave()
        if token.type == "box_open":
            token.content = self.checked(token.content, line).content
        self.row(token, line)
        self.made.append(token)
        if token.nesting > 0:
            self.boxes.containers.append([])
            self.check_depth(token.level + 1, line)  # markdown-it-py leaves out what is deeper

    def row(self, token: Token, line: int) -> None:
        """Tell of cells that markdown-it-py leaves out, since the table has no column for them."""
        if token.type == "thead_open":
            self.columns = 0
        self.columns += token.type == "th_open"
        if token.type == "tr_open" and self.columns:
            cells = len(PIPE.split(self.lines[line].strip(" \t>").strip("|")))
            if cells > self.columns:
                told = f"{cells} cells in a table of {self.columns} columns"
                self.tell(f"{told}: a | within a cell is written \\|, in code, too", line)

    def check_depth(self, depth: int, line: int) -> None:
        """Tell of too many that are open at once."""
        if depth >= DEEPEST:
            self.tell(f"more than {DEEPEST} blocks are open here, one in the other", line)

    def leave(self) -> None:
        """End a container: a box that is still open there was never closed, and is none."""
        for box in self.boxes.containers.pop():
            where = ", in the same list item or quotation" if self.boxes.containers else ""
            message = f"{box.opening} is never closed: write {box.closing} where it ends{where}"
            box.token.type, box.token.nesting = "problem", 0
            box.token.meta = {"error": MarkupError(message, self.above + box.line + 1, self.file)}

    def leaf(self, opened: Token, inline: Token, closed: Token) -> None:
        """A paragraph or heading; where an Alert ends in it, what follows is a paragraph of its own."""
        text, first, at = inline.content, inline.map[0] if inline.map else 0, 0
        around = opened, closed
        for found in [*tags.ALERT_END.finditer(tags.masked(text)), None]:
            end = found.start() if found else len(text)
            part = text[at:end].strip()
            if part or not text:  # a heading may be empty
                line = first + text.count("\n", 0, text.index(part, at))
                if CAPTION.match(part):
                    self.tell("a caption, Table: …, stands right above its table: here is none", line)
                shown = self.checked(part, line)
                # In an item of a tight list text has no paragraph, but in a box there it has.
                bare = opened.hidden and not self.boxes.innermost
                self.made += [shown] if bare else [around[0], shown, around[1]]
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
        if not address:
            self.tell(f'{text}: an embedded text is named as in <embed src="part.md"></embed>', line)
            return
        try:
            part = self.around.embedded(address)
            tokens, references = read(part.text, part.around, part.file, part.line - 1)
        except MarkupError as error:
            if error.file:
                self.made.append(_problem(error))
            else:
                self.tell(str(error), line)
        else:
            self.references |= references
            opened = Token("embedded_open", "div", 1, content=part.folder)
            self.made += [opened, *tokens, Token("embedded_close", "div", -1)]

    def alert(self, text: str, line: int) -> None:
        """A tag of an Alert, where a block could stand."""
        tag, fault = tags.understood(text)
        if fault:
            self.tell(fault, line)
        if tag.opens:
            self.open(Box("<Alert>", "</Alert>", line, _box(tag.type)))
        if tag.closes:
            self.close("</Alert>", 0, line)

    def directive(self, text: str, line: int) -> None:
        """A line of three colons or more."""
        try:
            found = directives.read(text)
        except MarkupError as error:
            self.tell(str(error), line)
            return
        marks = ":" * found.colons
        if not found.name:
            self.close(marks, found.colons, line)
        elif found.name == directives.GROUP:
            self.open(Box(marks + found.name, marks, line, Token("group", "", 0), found.colons, tabs=0))
        else:
            self.open(Box(marks + found.name, marks, line, _box(found.name), found.colons))
            self.made.append(Token("title", "", 0, content=found.title))

    def open(self, box: Box) -> None:
        """Begin a box."""
        self.made.append(box.token)
        self.boxes.containers[-1].append(box)
        self.check_depth(self.boxes.depth, box.line)

    def close(self, closing: str, colons: int, line: int) -> None:
        """End the innermost box."""
        box = self.boxes.innermost
        if box is None:
            self.tell(f"{closing} closes nothing here: take it out, or open what it closes before it", line)
        elif not box.closed_by(colons):
            self.tell(f"{closing} stands where {box.opening} is still open", line)
        else:
            self.boxes.containers[-1].pop()
            if box.tabs is None:
                self.made.append(Token("box_close", "div", -1))

    def fence(self, token: Token, line: int) -> None:
        """A fenced block of code; in a code-group it is a tab."""
        end = token.map[1] if token.map else 0
        lines = token.content.count("\n") + (not token.content.endswith("\n") and token.content != "")
        if lines != end - line - 2:
            self.tell(f"the fence {token.markup} is never closed: write {token.markup} below the code", line)
        try:
            head = header.read(token.info)
        except MarkupError as error:
            self.tell(str(error), line)
            head = header.Header()
        group = self.boxes.group
        if group:
            title = head.options.pop("title", head.language or "txt").replace("<", "&lt;")
            heading = f'==={"" if group.tabs else "!"} "{title}"'
            group.tabs = (group.tabs or 0) + 1
            self.made.append(Token("box_open", "", 1, map=token.map, content=heading))
        elif not head.pure and (fault := react.demo(head.language)):
            self.tell(fault, line)
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


def _problem(error: MarkupError) -> Token:
    """What stands where that error is."""
    return Token("problem", "", 0, meta={"error": error})


def _box(kind: str) -> Token:
    """What begins a box of that type."""
    return Token("box_open", "div", 1, {"class": f"admonition {kind}"})
