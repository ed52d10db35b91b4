"""Whoever reads a page aloud is told which of its code is English."""

import pytest

from tests.markup.rendering import render


@pytest.mark.parametrize(
    ("text", "is_english"),
    [
        ("```python\nprint()\n```", True),
        ('```python title="snippets/a.py"\nprint()  # 一次\n```', False),
        ("<Alert>\n\n```text\n回\n```\n\n</Alert>", False),
        ("- a\n\n    ```text\n    b\n    ```", True),
    ],
)
def test_a_block_of_code_without_chinese_is_english(text, is_english):
    assert render(text).count('<div lang="en" class="') == is_english


def test_each_block_is_looked_at_by_itself():
    html = render("```text\na\n```\n\n回\n\n```text\n回\n```\n\n```text\nb\n```")
    assert html.count('lang="en"') == 2
    assert html.count("highlight") == 3
