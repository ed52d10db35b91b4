"""How blocks nest: as CommonMark has it, and boxes among them."""

import re

import pytest

from scripts.markup import fences
from tests.markup.rendering import render


def shape(text):
    """The HTML without the space between tags, colours of code, and the box around it."""
    html = re.sub("</?span[^>]*>", "", render(text))
    html = re.sub(r'<div lang="en" class="highlight">(<pre>.*?</pre>)</div>', r"\1", html, flags=re.DOTALL)
    return re.sub(r"(?<=>)\n+|\n+(?=<)", "", html)


CODE = "<pre><code>c</code></pre>"
ALERT = '<div class="admonition warning"><p>b</p></div>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("- a\n  - b\n    - c\n- d", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"),
        ("1. a\n   - b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
        ("a\n- b\n- c", "<p>a</p><ul><li>b</li><li>c</li></ul>"),
        ("- a\n\n  b\n- c", "<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>"),
        ("- a\n\nb", "<ul><li>a</li></ul><p>b</p>"),
        ("- a\n* b", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
        ("7. a\n8. b", '<ol start="7"><li>a</li><li>b</li></ol>'),
        ("- a\n  <Alert>\n  b\n  </Alert>\n  c", f"<ul><li>a{ALERT}c</li></ul>"),
        ("1. a\n   <Alert>b</Alert>\n2. c", f"<ol><li>a{ALERT}</li><li>c</li></ol>"),
        ("- a\n\n   <Alert>\n\n   b\n\n   </Alert>\n- d", f"<ul><li><p>a</p>{ALERT}</li><li><p>d</p></li></ul>"),
        ("- a\n  ```\n  c\n  ```\n- d", f"<ul><li>a{CODE}</li><li>d</li></ul>"),
        ("1. a\n\n   ```\n   c\n   ```\n2. d", f"<ol><li><p>a</p>{CODE}</li><li><p>d</p></li></ol>"),
        ("- a\n\n      c\n- d", f"<ul><li><p>a</p>{CODE}</li><li><p>d</p></li></ul>"),
        ("<Alert>\n    c\n</Alert>", f'<div class="admonition warning">{CODE}</div>'),
        ("<Alert>\n- b\n  - c\n</Alert>", '<div class="admonition warning"><ul><li>b<ul><li>c</li></ul></li></ul></div>'),
        ("> a\n> - b\n>   ```\n>   c\n>   ```", f"<blockquote><p>a</p><ul><li>b{CODE}</li></ul></blockquote>"),
        ("> <Alert>b</Alert>\n\na", f"<blockquote>{ALERT}</blockquote><p>a</p>"),
        ('??? note "t"\n    - a\n\n          c\nb', f'<details class="note"><summary>t</summary><ul><li><p>a</p>{CODE}</li></ul></details><p>b</p>'),
        ("<div>\n\n- a\n\n</div>", "<div><ul><li>a</li></ul></div>"),
        ("##\n\na", '<h2 id="_1"></h2><p>a</p>'),
        ("<Alert>\nb</Alert> c\n- d", f"{ALERT}<p>c</p><ul><li>d</li></ul>"),
        ("<Alert>\n# b</Alert> c", '<div class="admonition warning"><h1 id="b">b</h1></div><p>c</p>'),
        ("[a]\n\n[a]: 中文.md", '<p><a href="中文.md">a</a></p>'),
        ("a\n\n***\n\nb", "<p>a</p><hr /><p>b</p>"),
        ("[a][X y], [x  Y]\n\n[x y]: b.md 'c'", '<p><a href="b.md" title="c">a</a>, <a href="b.md" title="c">x  Y</a></p>'),
        ("|a|b|\n|-|-:|\n|c|`d\\|e`|",
         '<table><thead><tr><th>a</th><th class="right">b</th></tr></thead>'
         '<tbody><tr><td>c</td><td class="right" data-label="b"><code>d|e</code></td></tr></tbody></table>'),
        ("Table: *b* c\n\n|a|\n|-|\n|d|\n\nTable: e\n|f|\n|-|",
         "<table><caption><em>b</em> c</caption><thead><tr><th>a</th></tr></thead><tbody><tr><td>d</td></tr></tbody></table>"
         "<table><caption>e</caption><thead><tr><th>f</th></tr></thead></table>"),
        ("> Table: b\n>\n> |a|\n> |-|",
         "<blockquote><table><caption>b</caption><thead><tr><th>a</th></tr></thead></table></blockquote>"),
    ],
)  # fmt: skip
def test_blocks_nest(text, html):
    assert shape(text) == html


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("```python\n```\n\n~~~\n~~~", [0, 3]),
        ("````md\n```python\n```\n````\n```\n```", [0, 4]),
        ("- item\n\n    ```python\n    ```\n> ```\n> ```", [2, 4]),
        ("- ```python\n  ```", [0]),
        ("inline ```code``` and\n```code```", []),
        ("```\n~~~\n```\n~~~\n~~~", [0, 3]),
        ("a\n\n    ```\n    ```", []),
        ("<!--\n```\n```\n-->", []),
    ],
)
def test_where_fences_open(text, at):
    assert [lines.start for lines, _ in fences(text)] == at
