"""Markup of a page: whatever is not markup already is text, by construction.

An element may stand within a paragraph, a heading or a cell of Markdown.  So what would mean something to
Markdown is written as a character reference, too: no value begins a line, ends a fence, or is a link.
"""

import re
from collections.abc import Iterable
from typing import Self

from markupsafe import Markup, escape

ODD = re.compile(r"[\\`*|\[\]{}\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|(?<!\w)_+|_+(?!\w)")
"""What Markdown, or what reads lines, would not take for text; a _ within a word it does."""
NOT_PLAIN = re.compile(rf"[&<>\"']|{ODD.pattern}")
"""Looked for first, since nearly all values are plain, and there are tens of thousands of them."""
WRITTEN = "\\`*|[]{}_\n\t\u2028\u2029"
"""Of these a reference is a character; HTML has no way to write the others, nor may a file hold them."""
APART = {"div", "p", "td", "th"}
"""Elements that end a line, so that the search does not run the words of two of them together."""


class Html(Markup):
    """Text that goes into the page as it is; what is joined to it or formatted into it is escaped."""

    __slots__ = ()

    @classmethod
    def escape(cls, value: object, /) -> Self:
        """The value as it stands where it is markup, and else as text."""
        if isinstance(value, Markup):
            return value if isinstance(value, cls) else cls(value)
        text = str(value)
        return cls(ODD.sub(_references, escape(text)) if NOT_PLAIN.search(text) else text)


def _references(odd: re.Match[str]) -> str:
    """What stands for each of these characters."""
    return "".join(f"&#{ord(each)};" if each in WRITTEN else "\ufffd" for each in odd[0])


def element(name: str, /, *content: object, **attributes: object) -> Html:
    """An element around the content, as XML has it, too; a _ in an attribute's name stands for a -."""
    given = "".join(
        f' {key.strip("_").replace("_", "-")}="{Html.escape(value)}"' for key, value in attributes.items()
    )
    end = "\n" if name in APART else ""
    return Html(f"<{name}{given}>{''.join(map(Html.escape, content))}</{name}>{end}")


def prose(text: str, *values: object) -> Html:
    """An author's words: what stands between backticks is code, and each {} the next of the values."""
    with_code = re.sub("&#96;(.+?)&#96;", r"<code>\1</code>", str(Html.escape(text)))
    return Html(with_code.replace("&#123;&#125;", "{}", len(values))).format(*values)


def listed(items: Iterable[object]) -> Html:
    """A list of these."""
    return element("ul", *(element("li", each) for each in items))


def paragraph(text: str, *values: object) -> Html:
    """An author's words as a paragraph; see `prose`."""
    return element("p", prose(text, *values))
