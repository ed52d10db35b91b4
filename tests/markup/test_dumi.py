"""Articles written for dumi: they render as there, or what cannot is refused by its name and line."""

import re

import pytest

from scripts.markup import Around, Embedded, MarkupError, MarkupExtension
from tests.markup.rendering import codes, render


@pytest.mark.parametrize(
    ("text", "title", "kind"),
    [
        (":::info\nb\n:::", "INFO", "info"),
        (":::warning{title=注意}\nb\n:::", "注意", "warning"),
        (':::success{title="a *b* c"}\nb\n:::', "a *b* c", "success"),
        ("::::error{ title='<i>' }\nb\n::::", "&lt;i&gt;", "error"),
    ],
)
def test_a_container_is_an_admonition(text, title, kind):
    box = f'<div class="admonition {kind}">\n<p class="admonition-title">{title}</p>\n<p>b</p>\n</div>'
    assert render(text) == box


def test_containers_stand_in_each_other_and_in_lists():
    html = render("- a\n  ::::info\n  :::error\n  b\n  :::\n  ::::\n- c")
    assert re.search(
        r'<li>a<div class="admonition info">.*<div class="admonition error">.*<p>b</p>\n</div>\n</div>\n</li>',
        html,
        re.DOTALL,
    )


def test_a_group_of_code_is_tabs():
    html = render(
        ":::code-group\n\n```bash [n<pm]\na\n```\n\n```jsx\nb\n```\n\n```\nc\n```\n:::\n\n:::code-group\n```\nd\n```\n:::"
    )
    assert re.findall("<label[^>]*>(.*?)</label>", html) == ["n&lt;pm", "jsx", "txt", "txt"]
    assert codes(html) == ["a\n", "b\n", "c\n", "d\n"]
    assert html.count('class="tabbed-set') == 2
    assert "filename" not in html


@pytest.mark.parametrize(
    "info",
    ["jsx {2,4-5} | pure", "jsx {2, 4-5,} pure", "jsx{2,4-5} | pure", 'jsx hl_lines="2 4-5" | pure'],
)
def test_lines_of_code_are_marked(info):
    html = render(f"```{info}\n1\n2\n3\n4\n5\n6\n```")
    assert re.findall(r'class="hll">.*?(\d)', html) == ["2", "4", "5"]


def test_code_has_a_title():
    assert '<span class="filename">.dumirc.ts</span>' in render("```ts [.dumirc.ts] {3}\na\n```")


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        (":::info", 1, ":::info is never closed"),
        ("a\n:::", 2, "::: closes nothing"),
        ("::::info\n:::", 1, "::::info is never closed"),
        (":::info\n</Alert>\n:::", 2, "</Alert> stands where :::info is still open"),
        (":::tip\nb\n:::", 1, "no container is called 'tip': there are queen, info"),
        ("::: info\nb\n:::", 1, 'a container is written :::info{title="…"}'),
        (":::info{tilte=x}\nb\n:::", 1, "a container is written"),
        (":::code-group\n\nwords\n\n:::", 3, "a code-group holds fenced blocks of code and nothing else"),
        ("a\n\n```jsx\nb\n```", 3, "jsx: dumi runs this with React"),
        ("```tsx {1}\nb\n```", 1, "tsx: dumi runs this with React"),
        ("```js [a\nb\n```", 1, "cannot read '[a' behind a fence"),
        ('a\n<code src="./demo.tsx"></code>', 2, '<code src="./demo.tsx">: dumi runs this with React'),
        ('<API src="./a.tsx"></API>', 1, "<API> is a component of React"),
        ("a\n\n<Tree>\n  <ul>\n    <li>b</li>\n  </ul>\n</Tree>", 3, "<Tree> is a component of React"),
        ("- a\n- <Card title='x'>b</Card>", 2, "<Card> is a component of React"),
        ("<div>\n<Card />\n</div>", 2, "<Card> is a component of React"),
        ("|a|\n|-|\n|<Icon.Star/>|", 3, "<Icon> is a component of React"),
        ("a\nimport Button from './Button';\n", 2, "import Button from './Button';: a page imports nothing"),
        ('import "./a.less"', 1, "a page imports nothing"),
        (
            "<div\n  style={{color: 'red'}}>\n</div>",
            1,
            'style={…} is an expression of React: write style="…"',
        ),
        ('words <embed src="a.md"></embed>', 1, "an <embed> stands on a line of its own"),
        ('a\n\n<embed src="a.md"></embed>', 3, "nothing can be embedded here"),
        ("<embed>", 1, 'as in <embed src="part.md"></embed>'),
    ],
)
def test_what_cannot_be_is_refused_by_its_name_and_line(text, line, complaint):
    with pytest.raises(MarkupError, match=re.escape(complaint)) as error:
        render(text)
    assert error.value.line == line


@pytest.mark.parametrize(
    "text",
    [
        "`<Tree>` and `import a from 'b'`",
        "```jsx | pure\nimport a from 'b';\n<Tree x={1} />\n```",
        "<!-- <Tree> -->",
        r"\<Tree>",
        "    <Tree>",
        "from threads import Thread, then `import`",
        "<pre>\nimport a from 'b'\n</pre>",
        "<script>\nif (a <B && c) {}\n</script>",
        "<code>plain</code> <img src='x.png'>",
    ],
)
def test_what_only_looks_like_react_is_left_alone(text):
    render(text)


class Folder(Around):
    """Texts by their names, and pictures in the folder above."""

    def __init__(self, **texts):
        self.texts = texts
        self.folders = {"one": "part", "two": "deep"}

    def picture(self, address):
        if address == "none.png":
            raise MarkupError("there is none")
        return f"../{address}"

    def embedded(self, address):
        return Embedded(self.texts[address], f"part/{address}.md", 7, self.folders[address], self)


def with_around(text, **texts):
    return render(text, MarkupExtension(around=Folder(**texts)))


def test_an_embedded_text_stands_in_its_place():
    part = "# b\n\n[c](d.md#e) ![](f.png) [g](#h) [i](http://j) [k][l]\n\n[l]: ../m.md"
    html = with_around('a\n<embed src="one"></embed>\n- n\n  <embed\n  src=one />\n\n[o][l]', one=part)
    assert html.count('<h1 id="b') == 2
    assert 'href="part/d.md#e"' in html
    assert 'src="part/f.png"' in html
    assert 'href="#h"' in html
    assert 'href="http://j"' in html
    assert 'href="m.md"' in html
    assert re.search(r"<li>n<div>\s*<h1", html)
    assert "folder" not in html


def test_what_is_embedded_may_embed():
    html = with_around('<embed src="one"></embed>', one='<embed src="two" />', two="[a](b.md) ![c](d.png)")
    assert 'href="part/deep/b.md"' in html


def test_a_fault_in_an_embedded_text_is_told_by_its_own_file_and_line():
    with pytest.raises(MarkupError, match="Font needs a type") as error:
        with_around('a\n\n<embed src="one"></embed>', one="b\n\n<Font>c</Font>")
    assert (error.value.file, error.value.line) == ("part/one.md", 9)


@pytest.mark.parametrize(
    "tag", ["<img src='a.png'>", '<img alt="x"\n src=a.png />', '<div>\n<img src="a.png">\n</div>']
)
def test_the_address_of_a_picture_is_put_right(tag):
    assert 'src="../a.png"' in with_around(tag)


@pytest.mark.parametrize(
    "text", ["`<img src='none.png'>`", "<!-- <img src='none.png'> -->", "    <img src=none.png>"]
)
def test_what_is_no_picture_is_left_alone(text):
    assert "none.png" in with_around(text)


@pytest.mark.parametrize("text", ["a\n<img src=none.png>", '<div>\n<p><img src="none.png"></p></div>'])
def test_a_picture_that_there_is_not_is_told_by_its_line(text):
    with pytest.raises(MarkupError, match="there is none") as error:
        with_around(text)
    assert error.value.line == 2
