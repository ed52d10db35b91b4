"""The tags, from the source of a page to its HTML, and what is said of those that break the rules."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.markup import TYPES, MarkupError
from tests.markup.rendering import render

ODDITIES = Path(__file__).with_name("oddities.md")
CSS = Path(__file__).parents[2] / "docs" / "assets" / "stylesheets" / "markup.css"


def body(page):
    return page.read_text("utf-8").split("---\n", 2)[2]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('a <Badge type="info">b</Badge> c', '<p>a <span class="badge badge--info">b</span> c</p>'),
        ('<Font type="queen">**b**</Font>', '<p><span class="font--queen"><strong>b</strong></span></p>'),
        (
            '**<Font type="info">a <Font type="error">b *c*</Font> d</Font>**',
            '<p><strong><span class="font--info">a <span class="font--error">b <em>c</em></span> d</span></strong></p>',
        ),
        (
            '[<Badge type="info">b</Badge>](x)',
            '<p><a href="x"><span class="badge badge--info">b</span></a></p>',
        ),
        (
            '<Alert type="error">b</Alert>',
            '<div class="admonition error">\n<p>b</p>\n</div>',
        ),
        (
            'a\n<Alert type="error">b</Alert>\nc\n\nd',
            '<p>a</p>\n<div class="admonition error">\n<p>b</p>\n</div>\n<p>c</p>\n<p>d</p>',
        ),
        (
            '<Alert type="info">\na\n\n<Alert type="error">b</Alert>\n\nc\n</Alert>',
            '<div class="admonition info">\n<p>a</p>\n<div class="admonition error">\n<p>b</p>\n</div>\n<p>c</p>\n</div>',
        ),
        (
            '- <Alert type="error">b</Alert>',
            '<ul>\n<li>\n<div class="admonition error">\n<p>b</p>\n</div>\n</li>\n</ul>',
        ),
        (
            'a <!-- <Badge type="info"> --> b <Badge type="info">c</Badge>',
            '<p>a <!-- <Badge type="info"> --> b <span class="badge badge--info">c</span></p>',
        ),
        ('`<Badge type="x">`', '<p><code>&lt;Badge type="x"&gt;</code></p>'),
        (r"\<Badge>", "<p>&lt;Badge&gt;</p>"),
        ("<Badge>b</Badge>", '<p><span class="badge badge--info">b</span></p>'),
        ("<Alert>b</Alert>", '<div class="admonition warning">\n<p>b</p>\n</div>'),
        ("<Font type=info>b</Font>", '<p><span class="font--info">b</span></p>'),
        ("a <Badge\n  type='error'>b</Badge>", '<p>a <span class="badge badge--error">b</span></p>'),
        ("<Alert\ntype=error>\nb\n</Alert>", '<div class="admonition error">\n<p>b</p>\n</div>'),
        ("<Badge type=info/>", '<p><span class="badge badge--info"></span></p>'),
        ("# a <Badge>b</Badge>", '<h1 id="a-b">a <span class="badge badge--info">b</span></h1>'),
        ("<h3>\na <Badge>*b*</Badge>\n</h3>", '<h3>\na <span class="badge badge--info">*b*</span>\n</h3>'),
        ("``o`<Badge>`", "<p>``o<code>&lt;Badge&gt;</code></p>"),
        ("<Badge>\nb\n</Badge>", '<p><span class="badge badge--info">\nb\n</span></p>'),
        ("a <!-- ` --> <Badge>`</Badge>", '<p>a <!-- ` --> <span class="badge badge--info">`</span></p>'),
    ],
)
def test_tags_become_spans_and_admonitions(text, html):
    assert render(text) == html


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ('\n<Badge type="quen">b</Badge>', 2, "no type is called 'quen': did you mean 'queen'"),
        ('<Badge type="blue">b</Badge>', 1, "there are queen, info"),
        ("<Font>b</Font>", 1, "Font needs a type"),
        ('<Font type="info" size="2">b</Font>', 1, "no attribute 'size'"),
        ('<Font type="info">b</Font>\n<Font type="info>b</Font>', 2, 'written <Font type="info">'),
        ("<Badge", 1, "an opening tag is written"),
        ("a\n\nb </Font>", 3, "</Font> closes nothing"),
        ('a\n<Alert type="info">\n\nb', 2, "<Alert> is never closed"),
        ('b\n\n??? note "<Badge>c"\n    d', 3, "<Badge> is never closed"),
        ("<Alert>\n- a\n  </Alert>", 1, "<Alert> is never closed"),
        (
            "b\n\n- <Alert>\n\n</Alert>",
            3,
            "<Alert> is never closed: write </Alert> where it ends, in the same list item",
        ),
        (
            '<Font type="info"><Badge type="info">b</Font></Badge>',
            1,
            "</Font> stands where <Badge> is still open",
        ),
        ('<alert type="info">b</alert>', 1, "the tag is written Alert"),
        ("</alert>", 1, "the tag is written Alert"),
        ('<Font type="info">b</Font x>', 1, "closing tag is written </Font>"),
        ("```\ncode\n```\n\n</Alert>", 5, "closes nothing"),
        ('a <Alert type="info">b</Alert>', 1, "an Alert begins a line"),
        ('<Font type="info"><Alert type="info">x</Alert></Font>', 1, "an Alert begins a line"),
        ("|a|\n|-|\n|<Alert>b</Alert>|", 3, "an Alert begins a line, in no table"),
        ('a <Badge type="info">b\n\nc</Badge>', 1, "within the same paragraph"),
        ("a\n\n~~~\n\n<Badge>x</Badge>", 3, "the fence ~~~ is never closed"),
        ("> ```\n> x\n\n<Badge>x</Badge>", 1, "the fence ``` is never closed"),
        ('```python exec="`"\nx\n```', 1, "a backtick follows on its line"),
        ("a\u2028b\n\n</Font>", 3, "closes nothing"),
        ("a\n\ud800", 2, "U+D800 stands in no page"),
        ("a\r\nb\x02", 2, "U+0002"),
        ("<div>\n<Alert>b</Alert>\n</div>", 2, "an Alert begins a line, in no table, no heading and no HTML"),
        ("<div>\n<Badge>b\n</div>", 2, "<Badge> is never closed"),
        ("b\n\n" + ">" * 100, 3, "blocks are open here"),
        ("b\n" + ":::info\n" * 70 + ":::\n" * 70, 60, "blocks are open here"),
        ('<Font type="info">' * 21 + "</Font>" * 21, 1, "more than 20 tags"),
        ("[" * 1001, 1, "1001 brackets"),
        ("> |a|b|\n> |-|-|\n> |c|`d|e`|", 3, "3 cells in a table of 2 columns: a | within a cell is written"),
        ("|a|\n|-|\n|b|\n\n|a|b|\n|-|-|\n|a|b|\n|a|b|c", 8, "3 cells in a table of 2 columns"),
        (
            "a\n\nTable: b\n\nc\n\n|d|\n|-|",
            3,
            "a caption, Table: …, stands right above its table: here is none",
        ),
        ("a\n\n```python title=x\n```", 3, "cannot read 'title=x' behind a fence"),
        ("```python souce='x'\n```", 1, "cannot read"),
    ],
)
def test_what_breaks_a_rule_is_an_error_with_its_line(text, line, complaint):
    with pytest.raises(MarkupError, match=re.escape(complaint)) as error:
        render(text)
    assert error.value.line == line


def test_the_page_of_oddities_is_without_error_and_each_oddity_looks_as_meant():
    html = render(body(ODDITIES))
    assert '<div class="admonition queen">\n<p><span class="font--info">从<code>灯塔</code>到' in html
    assert re.search(r'<h3 id="[^"]*">1.2 没有空行的标题</h3>', html)
    assert "谁也走不了，只好把缆绳再看一遍</strong>\n  。" not in html
    assert "比如补网，也比如睡觉" in html
    assert html.count("<pre>") == 5
    assert '&lt;Badge type="没有的类型"&gt;' in html.replace("&quot;", '"')
    assert "<code>&lt;Font type=" in html
    assert html.count('class="admonition ') == 2
    assert html.count('class="badge ') == 4
    assert html.count('class="font--') == 4


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("中文\n换行", "中文换行"),
        ("句号\n。", "句号。"),
        ("**粗**\n体\n**重**", "粗体重"),
        ("word\nword", "word\nword"),
        ("中\nword", "中\nword"),
    ],
)
def test_a_line_break_between_chinese_characters_is_no_space(text, joined):
    assert re.sub("<[^>]+>", "", render(text)) == joined


def test_line_breaks_in_code_stay():
    assert "中\n文" in render("```text\n中\n文\n```")


class Tree(HTMLParser):
    """The spans of a piece of HTML, as nested lists."""

    def __init__(self, html):
        super().__init__()
        self.path = [[]]
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag == "span":
            node = [dict(attributes)["class"]]
            self.path[-1].append(node)
            self.path.append(node)

    def handle_endtag(self, tag):
        if tag == "span":
            self.path.pop()


TREES = st.recursive(
    st.builds(
        lambda name, kind: (name, kind, []), st.sampled_from(["Badge", "Font"]), st.sampled_from(TYPES)
    ),
    lambda inner: st.builds(
        lambda name, kind, children: (name, kind, children),
        st.sampled_from(["Badge", "Font"]),
        st.sampled_from(TYPES),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


def source(tree):
    name, kind, children = tree
    return f'<{name} type="{kind}">x{"y".join(map(source, children))}z</{name}>'


def spans(tree):
    name, kind, children = tree
    return [f"badge badge--{kind}" if name == "Badge" else f"font--{kind}", *map(spans, children)]


@given(TREES)
def test_any_nesting_becomes_the_same_nesting_of_spans(tree):
    assert Tree(render(source(tree))).path[0] == [spans(tree)]


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("scheme", "page"), [("default", "#ffffff"), ("slate", "#1f232b")])
@pytest.mark.parametrize("kind", TYPES)
def test_each_tone_is_legible_on_the_page_and_on_its_wash(kind, scheme, page):
    (rules,) = re.findall(rf'\[data-md-color-scheme="{scheme}"\] \{{(.*?)\}}', CSS.read_text(), re.DOTALL)
    tone, wash = (re.search(rf"--tone-{kind}{part}: (#\w{{6}});", rules)[1] for part in ("", "-wash"))
    assert contrast(tone, page) >= 4.5
    assert contrast(tone, wash) >= 4.5
