"""How a page is read: as CommonMark with tables, and with boxes beside its blocks.

markdown-it-py does it, a port of the parser that most of the web uses.  The rules here add what it does not
know: a line that begins or ends a box, which stands wherever a block may, and a box whose content is
indented, as extensions of Python-Markdown have it.
"""

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.token import Token

DEEPEST = 60
"""How many blocks may be open at once: a list within a list is two of them, its items two more."""
ALERT = re.compile(r"</?alert\b[^<>]*>", re.IGNORECASE)
SPAN = re.compile(r"</?(?:badge|font)\b", re.IGNORECASE)
EMBED = re.compile(r"""<embed\b(?:"[^"]*"|'[^']*'|[^<>"'])*>\s*(?:</embed\s*>)?\s*""", re.IGNORECASE)
DIRECTIVE = re.compile(r":{3,}")
INDENTED = re.compile(r'(?:!!!|\?\?\?\+?) ?[\w-]+(?: +[\w-]+)*(?: +".*")? *|(?:\?\?\?\+?|===[!+]*) ?".*" *')
INDENT = 4
CAPTION = re.compile(r"Table: +(?=\S)")
"""What a paragraph right above a table begins with that is its caption, as Pandoc has it."""


def blocks(text: str) -> tuple[list[Token], dict[str, tuple[str, str]]]:
    """The blocks of a text in order, with the lines of each, from 0; what is in a line stays as it is.

    And where links lead that are written as [text][name]: address and title by the name in small letters.
    """
    env: dict[str, Any] = {}
    tokens = captioned(PARSER.parse(text, env))
    references = env.get("references", {}).items()
    return tokens, {name.lower(): (found["href"], found["title"]) for name, found in references}


def captioned(tokens: list[Token]) -> list[Token]:
    """The tokens, what names a table within it; a name with no table below it stays a paragraph."""
    for at in range(len(tokens) - 3):
        opened, text, closed, table = tokens[at : at + 4]
        begins = CAPTION.match(text.content) if text.type == "inline" else None
        if begins and table.type == "table_open":
            text.content = text.content[begins.end() :]
            opened.type, closed.type = "caption_open", "caption_close"
            opened.tag = closed.tag = "caption"
            tokens[at : at + 4] = table, opened, text, closed
    return tokens


def alert(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Tags of Alerts that begin a line: tokens `alert`; what follows on that line is the next block."""
    if state.is_code_block(line):
        return False
    text, last = _tag(state, line, end)
    found = ALERT.match(text)
    if silent or not found:
        return bool(found)
    while found:
        _push(state, "alert", found[0], line, last + 1)
        text = text[found.end() :].lstrip(" \t")
        found = ALERT.match(text)
    _go_on(state, last, end, text)
    return True


def embed(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A tag that embeds another text, alone on its lines: a token `embed`."""
    if state.is_code_block(line):
        return False
    text, last = _tag(state, line, end)
    if not EMBED.fullmatch(text):
        return False
    if not silent:
        _push(state, "embed", text, line, last + 1)
        state.line = last + 1
    return True


def directive(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A line that begins with three colons: a token `directive`."""
    if state.is_code_block(line) or not DIRECTIVE.match(text := _line(state, line)):
        return False
    if not silent:
        _push(state, "directive", text, line, line + 1)
        state.line = line + 1
    return True


def indented(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A heading that marks what is indented below it as its content: tokens `box_open` and `box_close`."""
    if state.is_code_block(line) or not INDENTED.fullmatch(text := _line(state, line)):
        return False
    if silent:
        return True
    after = line + 1
    while after < end and (state.isEmpty(after) or state.sCount[after] - state.blkIndent >= INDENT):
        after += 1
    outer = state.lineMax, state.blkIndent, state.parentType
    state.lineMax, state.blkIndent, state.parentType = after, state.blkIndent + INDENT, "root"
    opened = state.push("box_open", "", 1)
    opened.content, opened.map = text, [line, after]
    state.md.block.tokenize(state, line + 1, after)
    state.push("box_close", "", -1)
    state.lineMax, state.blkIndent, state.parentType = outer
    state.line = after
    return True


def html(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """HTML, which a line that begins with a tag of a Badge or Font is not."""
    return not SPAN.match(_line(state, line)) and html_block(state, line, end, silent)


def _line(state: StateBlock, line: int) -> str:
    """What is in the line, without the markers of what it stands in."""
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _tag(state: StateBlock, line: int, end: int) -> tuple[str, int]:
    """The text from there to the end of the line on which a tag ends that begins here, and that line."""
    text, last = _line(state, line), line
    while text.startswith("<") and ">" not in text and last + 1 < end and not state.isEmpty(last + 1):
        last += 1
        text += f"\n{_line(state, last)}"
    return text, last


def _push(state: StateBlock, kind: str, text: str, line: int, after: int) -> None:
    token = state.push(kind, "", 0)
    token.content, token.map = text, [line, after]


def _go_on(state: StateBlock, line: int, end: int, rest: str) -> None:
    """Read the rest of that line as if the line began there."""
    state.line = line + 1
    if rest:
        state.bMarks[line] = state.eMarks[line] - len(rest)
        state.tShift[line], state.sCount[line] = 0, state.blkIndent
        any(rule(state, line, end, False) for rule in state.md.block.ruler.getRules(""))


class Parser(MarkdownIt):
    """markdown-it-py, except that an address stays as it is: MkDocs is to find the file."""

    def normalizeLink(self, url: str) -> str:
        return url


def _parser() -> Parser:
    parser = Parser("commonmark", {"maxNesting": DEEPEST})
    parser.enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    for rule in (alert, embed, directive, indented):
        anywhere: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
        parser.block.ruler.before("table", rule.__name__, rule, anywhere)
    parser.block.ruler.at("html_block", html, {"alt": ["paragraph", "reference", "blockquote"]})
    return parser


PARSER = _parser()
