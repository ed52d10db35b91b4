"""What of a page is a block or a call, and on which line."""

import pytest

from scripts.site.scan import PageScan, leftover


@pytest.mark.parametrize(
    ("info", "runs"),
    [
        ('python exec="on"', True),
        ("python exec='on' title=\"x\"", True),
        ("python exec", True),
        ('python exec="off"', False),
        ('python title="x y" hl_lines="1 2"', False),
        ("text", False),
        ("jsx {4,7-9} | pure", False),
    ],
)
def test_which_fences_are_run(info, runs):
    page = PageScan("docs/x.md")
    page.prepare(f"- ```{info}\n  ```")
    assert page.waiting == ({1} if runs else set())


def test_a_block_is_told_its_line_in_the_file():
    page = PageScan("docs/x.md", first=5)
    text = 'Words.\n\n```python exec="on"\nbars()\n```\n\n```python\nx\n```'
    assert page.prepare(text) == text.replace('exec="on"', 'exec="on" line="7"')
    assert page.waiting == {7}


def test_of_calls_the_lines_are_known():
    page = PageScan("docs/x.md", first=5)
    page.prepare('{{ a("}}", \'"\') }} and {{b()}}\n\n```text\n{{ c() }}\n```\n{{b()}}')
    assert page.calls == {'{{ a("}}", \'"\') }}': [5], "{{b()}}": [5, 10]}
    assert [page.line_of_call("{{b()}}") for _ in range(3)] == [5, 10, 10]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>a {{ b() }}</p>", ["{{ b() }}"]),
        (
            "<div data-x='{{ b() }}'><code>{{ b() }}</code><pre><span>{{</span></pre>&#123;&#123; b()</div>",
            [],
        ),
    ],
)
def test_calls_that_nobody_made_are_found(html, found):
    assert leftover(html) == found
