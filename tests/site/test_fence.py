"""What of a page is run, and what it becomes."""

import pytest

from scripts.site.fence import Page, is_to_run, openings


@pytest.mark.parametrize(
    ("language", "header", "runs"),
    [
        ("python", ' exec="on"', True),
        ("python", " exec='on' source=\"above\"", True),
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
    return [at for at, _ in openings(text.split("\n"))]


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


def test_a_fence_that_is_run_is_told_its_line_in_the_file():
    page = Page("docs/x.md", first=5)
    text = 'Words.\n\n```python exec="on"\nprint()\n```\n\n```python\nx\n```'
    assert page.prepare(text) == text.replace('exec="on"', 'exec="on" line="7"')
    assert page.waiting == {7}


def test_a_fence_within_a_fence_is_only_shown(tiny):
    tiny.write(x='````md\n```python exec="on"\n1 / 0\n```\n````\n')
    assert tiny.build("--strict").exit_code == 0
    assert "```python" in tiny.page("x")


@pytest.mark.parametrize("indent", ["", "    ", "> "])
def test_blocks_run_where_fences_may_stand(tiny, indent):
    around = {"": "", "    ": "!!! note\n\n", "> ": ""}[indent]
    code = '```python exec="on"\nfor number in range(3):\n    print(f"- **{number}**")\n```\n'
    tiny.write(x=around + "".join(f"{indent}{line}\n" for line in code.splitlines()))
    assert tiny.build("--strict").exit_code == 0
    assert "<li><strong>2</strong></li>" in tiny.page("x")


def test_source_and_result_are_shown_as_asked(tiny):
    tiny.write(x='```python exec="on" source="above" result="text" title="a.py"\nprint(6 * 7)\n```\n')
    assert tiny.build("--strict").exit_code == 0
    page = tiny.page("x")
    assert page.index("a.py") < page.index("print") < page.index("42")


def test_a_block_knows_nothing_of_the_one_before(tiny):
    tiny.write(x='```python exec="on"\nx = 1\n```\n\n```python exec="on"\nprint(x)\n```\n')
    built = tiny.build("-q")
    assert "docs/zh/x.md:6: NameError" in built.output


def test_what_a_block_writes_to_stderr_stays_out_of_the_page(tiny):
    tiny.write(x='```python exec="on"\nimport sys\nprint("aside", file=sys.stderr)\nprint("said")\n```\n')
    assert tiny.build("-q").exit_code == 0
    assert "said" in tiny.page("x")
    assert "aside" not in tiny.page("x")


def test_a_block_may_define_dataclasses(tiny):
    code = "from __future__ import annotations\nfrom dataclasses import dataclass, field\n"
    code += "@dataclass\nclass A:\n    x: list[int] = field(default_factory=list)\nprint(A())\n"
    tiny.write(x=f'```python exec="on" result="text"\n{code}```\n')
    assert tiny.build("-q").exit_code == 0


def test_links_in_what_a_block_prints_lead_to_pages(tiny):
    tiny.write(x='```python exec="on"\nprint("[there](y.md#part)")\n```\n', y="# Y\n\n## Part\n")
    assert tiny.build("--strict").exit_code == 0
    assert 'href="../y/#part"' in tiny.page("x")


def test_a_link_in_what_a_block_prints_that_leads_nowhere_is_a_warning(tiny):
    tiny.write(x='```python exec="on"\nprint("[there](nowhere.md)")\n```\n')
    built = tiny.build("--strict")
    assert built.exit_code == 1
    assert "nowhere.md" in built.output
    assert tiny.files == ["docs", "mkdocs.yml", "theme"]
