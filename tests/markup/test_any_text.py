"""Any text at all: it builds, or is refused by its line, and what is code comes out letter by letter."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.markup import MarkupError
from tests.markup.rendering import codes, render, renderer

SPACE = ["\n", "\n", "\n\n", " ", "  ", "   ", "    ", "\t"]
WORDS = [
    "a",
    "b c",
    "文。",
    "**",
    "*",
    "_",
    "&",
    "&lt;",
    "<",
    "\\",
    "[",
    "](b)",
    "[a]: b\n",
    "{: .x}",
    "http://a.b",
]
BLOCKS = [
    "> ",
    "- ",
    "1. ",
    "+ ",
    "# ",
    "---",
    "===",
    "!!! note\n",
    '??? note "x"\n',
    '=== "t"\n',
    '=== "<Badge>"\n',
    "|a|b|\n|-|-|\n",
]
CODE = ["`", "``", "```", "~~~", "````", "python", 'exec="`"', "{1,2}", "| pure", 'title="x"', "[t]"]
TAGS = [
    '<Badge type="info">', "<Badge>", "</Badge>", "<Font type='error'>", "</Font>", "<Alert>", "</Alert>", "<Alert",
    "\n type=info>", "<Badge />", "<alert>", ":::info\n", "\n:::\n", "::::code-group\n", "::::\n", ":::x",
    "<embed src=x>", "<Tree>", "<img src=x>", "import a from 'b'",
]  # fmt: skip
HTML = [
    "<!--",
    "-->",
    "<div>",
    "</div>",
    "<a id=x>",
    "<![CDATA[",
    "<!x",
    "<?",
    "<script>",
    "</script>",
    "<pre>",
]
ODD = [
    "\u2028",
    "\x85",
    "\x0b",
    "\r",
    "\r\n",
    "\0",
    "\x02",
    "\x02wzxhzdk:0\x03",
    "\ud800",
    "\ufeff",
    "\U0001f40d",
]


TEXTS, LENGTH = 10, 20
"""How many texts there are in each example, of how many pieces: to draw bytes once is what costs least."""


def texts(*several):
    """Texts of pieces, one behind the other."""
    pieces = [*SPACE, *WORDS, *(piece for pieces in several for piece in pieces)]
    drawn = st.binary(min_size=TEXTS * LENGTH, max_size=TEXTS * LENGTH)
    return drawn.map(lambda drawn: [
        "".join(pieces[byte % len(pieces)] for byte in drawn[at : at + LENGTH])
        for at in range(0, len(drawn), LENGTH)
    ])  # fmt: skip


def line_of_fault(md, text):
    """The line that breaks a rule, from 1; of a text that breaks none, the first."""
    try:
        md.reset().convert(text)
    except MarkupError as error:
        return error.line
    return 1


@pytest.mark.parametrize(
    "pieces", [(BLOCKS, CODE), (BLOCKS, TAGS), (BLOCKS, HTML), (BLOCKS, CODE, TAGS, HTML, ODD)],
    ids=["code", "tags", "html", "everything"],
)  # fmt: skip
def test_any_text_builds_or_is_refused_by_a_line_that_it_has(pieces):
    md = renderer()

    @settings(max_examples=500, deadline=None, database=None)  # 20,000 texts in all
    @given(texts(*pieces))
    def build(several):
        for text in several:
            assert 1 <= line_of_fault(md, text) <= len(re.split("\r\n?|\n", text)), text

    build()


CHARACTER = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff")
PIECE = st.one_of(
    st.text(CHARACTER | st.just("\t"), max_size=8),
    st.sampled_from(["</Alert>", "<Badge>", "&lt;", "&amp;", "`", "```", "~~~", "<!--", ":::", "{: .x}", "\\", "**a**", "  "]),
)  # fmt: skip
LINE = st.lists(PIECE, max_size=3).map("".join)


@dataclass
class Block:
    """Markdown and the codes in it, one by one."""

    lines: list[str]
    codes: list[str]
    indented: bool = False


def longest(mark, text):
    return max(map(len, re.findall(f"{mark}+", text)), default=0)


@st.composite
def paragraphs(draw):
    codes = [code for code in draw(st.lists(LINE, max_size=3)) if code]
    line = "a"
    for code in codes:
        ticks = "`" * (longest("`", code) + 1)
        space = " " if code[0] in "` " or code[-1] in "` " else ""
        line += f" {ticks}{space}{code}{space}{ticks} a"
    return Block([line], [code if code.strip(" ") else f" {code} " for code in codes])


@st.composite
def fenced(draw):
    lines = draw(st.lists(LINE, max_size=4))
    mark = draw(st.sampled_from("`~"))
    fence = mark * max(3, longest(mark, "\n".join(lines)) + 1)
    return Block(
        [fence, *lines, fence + draw(st.sampled_from(["", mark, "  "]))],
        ["".join(f"{line}\n" for line in lines or [""])],
    )


@st.composite
def indented(draw):
    lines = ["x", *draw(st.lists(LINE, max_size=3)), "y"]
    return Block([f"    {line}" for line in lines], ["".join(f"{line}\n" for line in lines)], indented=True)


@st.composite
def around(draw, inner):
    """Some blocks within something that holds blocks."""
    blocks = draw(st.lists(inner, min_size=1, max_size=3))
    lines, codes = [], []
    for block in blocks:
        if lines:
            lines += ["", "<!-- -->", ""] if block.indented else [""]
        lines += block.lines
        codes += block.codes
    kind = draw(st.sampled_from(["- ", "1. ", "+  ", "> ", "!!! note", "<Alert>", ":::info"]))
    if kind == "> ":
        lines = [f"> {line}" for line in lines]
    elif kind in ("<Alert>", ":::info"):
        end = {"<": "</Alert>", ":": ":" * (3 + longest(":", "\n".join(lines)))}[kind[0]]
        lines = [kind if kind[0] == "<" else end + "info", *lines, end]
    elif kind == "!!! note":
        lines = [kind, *(f"    {line}" for line in lines)]
    else:
        first = kind[: 2 + (kind[1] == ".")] if blocks[0].indented else kind
        lines = [first + lines[0], *(" " * len(first) + line for line in lines[1:])]
    return Block(lines, codes)


BLOCKS_WITH_CODE = st.recursive(paragraphs() | fenced() | indented(), around, max_leaves=6)


@settings(max_examples=300, deadline=None)
@given(BLOCKS_WITH_CODE)
def test_code_comes_out_letter_by_letter(block):
    assert codes(render("\n".join(block.lines))) == block.codes
