"""Markup: what is none stays text, in HTML and in Markdown."""

import re
from html import unescape

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import markdown

from scripts.page.html import Html, element, prose
from scripts.page.tables import circumstances, table

EXTENSIONS = ["admonition", "attr_list", "md_in_html", "tables", "pymdownx.superfences", "pymdownx.tabbed"]
PLACES = {
    "in a sentence": "Seen: {}, and more.",
    "at the beginning of a line": "{}\n",
    "in a heading": "# What {}\n\nelse",
    "in a cell": "| a | b |\n|---|---|\n| {} | c |\n",
    "in an item": "- one\n- {}\n",
    "before marks that close": "{} and b_, c*, d`, e](f)",
    "behind marks that open": "_b, *c, `d, [e {}",
    "between blocks": "One.\n\n{}\n\nTwo.",
}
HOSTILE = [
    "<script>alert(1)</script>", "&lt;b&gt;", "[x](javascript:1)", "![x](y)", "*a* **b** _c_ __d__", "`code`", "a|b",
    "``````", "\n\n```python exec=\"on\"\nprint(1)\n```\n\n", "\n# heading", "x\n===", "{{ calls }}", "{: .x #y }",
    "\\*a\\*", "a  \nb", "\n\n    code", "\u2028# x", "\r\n# x", "<Badge>x</Badge>", "\n!!! note\n    x", "[x]: http://y",
    "\x02wzxhzdk:0\x03", "https://example.com <https://example.com>", "\x00\x1b[31m", "\ud800", "\n---\n", "1. x",
    "a\\#b", "_a", "a_", "*a", "a*", "[a", "a](b)", "`a", "a`",
]  # fmt: skip


def shown(html):
    """The elements and the text of some HTML, read as a browser does."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [each.tag for each in tree.iter()][1:], "".join(tree.itertext())


def plain(text):
    """The text that a page can hold of it: some characters stand in no file of HTML."""
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", text)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_markup_stays_text_wherever_markdown_has_it(text, place):
    value = element("span", text, title=text)
    harmless = markdown(place.format(element("span", "x", title="x")), extensions=EXTENSIONS)
    made = markdown(place.format(value), extensions=EXTENSIONS)
    assert shown(made)[0] == shown(harmless)[0]
    assert shown(made)[1] == shown(harmless)[1].replace("x", plain(text), 1)
    assert unescape(re.search('title="([^"]*)"', made)[1]) == plain(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_has_a_second_line_or_names_an_element_or_a_call(text):
    escaped = Html.escape(text)
    assert len(escaped.splitlines()) <= 1
    assert not set("{}") & set(escaped)


@given(st.text())
def test_any_text_is_the_text_of_its_element(text):
    assert shown(element("b", text)) == (["b"], plain(text))
    assert unescape(Html.escape(text)) == plain(text)


def test_markup_is_not_escaped_again():
    assert element("b", element("i", "<")) == "<b><i>&lt;</i></b>"
    assert Html("<p>{}{}</p>").format("<", Html("<br>")) == "<p>&lt;<br></p>"
    assert Html("<br>").join(["a_b", 1, Html("<i>")]) == "a_b<br>1<br><i>"


def test_attributes_have_hyphens():
    assert element("a", class_="x__y", data_x=1, hidden="") == '<a class="x__y" data-x="1" hidden=""></a>'


def test_in_prose_what_stands_between_backticks_is_code():
    assert prose("`a<b` and `c`") == "<code>a&lt;b</code> and <code>c</code>"
    assert prose("a ` alone") == "a &#96; alone"


def test_in_prose_a_value_is_text_whatever_stands_in_it():
    assert (
        prose("{} of `{}`, {}", "`a`", Html("<b></b>")) == "&#96;a&#96; of <code><b></b></code>, &#123;&#125;"
    )


def test_a_table_names_its_columns_and_rows_and_words_do_not_run_together():
    made = table(["a", "b<"], [["c", 1], [Html("<i>d</i>"), "|"]])
    html5lib.HTMLParser(strict=True).parseFragment(made)
    tags, text = shown(made)
    assert tags == ["table", "thead", "tr", "th", "th", "tbody", "tr", "th", "td", "tr", "th", "i", "td"]
    assert text.split() == ["a", "b<", "c", "1", "d", "|"]
    assert 'scope="row">c<' in made


def test_without_facts_there_is_no_line_of_them():
    assert circumstances([]) == ""
    assert circumstances(["a", "<"]) == (
        '<p class="result__circumstances" data-search-exclude=""><span>a</span> · <span>&lt;</span></p>\n'
    )
