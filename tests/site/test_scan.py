"""What of a page is a block or a call, and on which line."""

import pytest

from scripts.site.scan import PageScan, is_to_run, leftover, scanned


@pytest.mark.parametrize(
    ("language", "header", "runs"),
    [
        ("python", ' exec="on"', True),
        ("python", " exec='on' title=\"x\"", True),
        ("python", " exec", True),
        ("python", ' exec="off"', False),
        ("python", ' title="x y" hl_lines="1 2"', False),
        ("text", "", False),
        (None, " { .python .annotate }", False),
    ],
)
def test_which_fences_are_run(language, header, runs):
    assert is_to_run(language, header) is runs


def lines_of(text):
    return [at for at, opening in scanned(text.split("\n")) if opening]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("```python\n```\n\n~~~\n~~~", [0, 3]),
        ("````md\n```python\n```\n````\n```\n```", [0, 4]),
        ("- item\n\n    ```python\n    ```\n> ```\n> ```", [2, 4]),
        ("inline ```code``` and\n```code```", []),
        ("```\n~~~\n```\n~~~\n~~~", [0, 3]),
    ],
)
def test_where_a_reader_sees_fences(text, at):
    assert lines_of(text) == at


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
