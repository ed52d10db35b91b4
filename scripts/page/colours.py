"""Programs in colours, line by line: what differs between two of them keeps the colours of its language."""

from functools import lru_cache

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from scripts.page.html import Html, element

LEXER, FORMATTER = PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)


@lru_cache(maxsize=256)
def coloured(program: str) -> tuple[Html, ...]:
    """Each line of that program; no element of one goes on in the next."""
    return tuple(map(Html, highlight(program, LEXER, FORMATTER).removesuffix("\n").split("\n")))


def listing(lines: Html, title: str | Html, kind: str) -> Html:
    """A block of code of that kind under its title, of lines that end with their line breaks."""
    code = element("pre", element("span"), element("code", lines))
    return element("div", element("span", title, class_="filename"), code, class_=f"{kind} highlight")
