"""Programs in colours, line by line: what differs between two of them keeps the colours of its language."""

from functools import cache, lru_cache
from pathlib import Path

from pygments import __version__, highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from scripts.files import CACHE, Cache, Memo, digest
from scripts.page.html import Html, element

KEPT = Cache(CACHE / "colours", most=8 << 20)
CODE = Path(__file__).read_bytes()
LEXER, FORMATTER = PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)


@lru_cache(maxsize=256)
def coloured(program: str) -> tuple[Html, ...]:
    """Each line of that program, coloured once; no element of one goes on in the next."""
    html = memo().made(program, lambda text: highlight(text, LEXER, FORMATTER))
    return tuple(map(Html, html.removesuffix("\n").split("\n")))


@cache
def memo() -> Memo:
    """The HTML of programs, as this code and this version of Pygments make it."""
    return Memo(KEPT, digest([CODE, __version__.encode()]))


def listing(lines: Html, title: str | Html, kind: str) -> Html:
    """A block of code of that kind under its title, of lines that end with their line breaks."""
    code = element("pre", element("span"), element("code", lines))
    return element("div", element("span", title, class_="filename"), code, class_=f"{kind} highlight")
