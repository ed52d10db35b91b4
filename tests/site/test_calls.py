"""Calls show what they show wherever Markdown may stand, and nothing of that is Markdown or a call again."""

import re

import pytest

from scripts.measure import Finding, Results, dump
from scripts.page import vocabulary
from scripts.page.vocabulary import Entry

CALL = '{{ figure("threads", "wall") }}'
NUMBER = '<span class="figure" tabindex="-1">0.460 秒<span class="figure__about"'


def html(tiny, text):
    tiny.write(x=text)
    built = tiny.build("--strict")
    assert built.exit_code == 0, built.output
    return tiny.page("x")


@pytest.fixture(autouse=True)
def ledger(tiny):
    """Where the figures of these tests lead."""
    tiny.write(records='# Records\n\n<a id="threads"></a>\n')


@pytest.mark.parametrize(
    ("text", "around"),
    [
        (f"It took {CALL}, no more.", "<p>It took {}"),
        (f"- It took {CALL}", "<li>It took {}"),
        (f"1. - **{CALL}**", "<strong>{}"),
        (f"| a | b |\n|---|--:|\n| x | {CALL} |", '<td class="right" data-label="b">{}'),
        (f"> {CALL}", "<blockquote>\n<p>{}"),
        (f"!!! note\n\n    {CALL}", "<p>{}"),
        (f'<Alert type="info">\n\n- {CALL}\n\n</Alert>', "<li>{}"),
        (f'A <Badge type="info">x {CALL}</Badge> b', '<span class="badge badge--info">x {}'),
        (f'<div markdown="1">\n\n{CALL}\n\n</div>', "<p>{}"),
        (f"[{CALL}](records.md)", '<a href="../records/">{}'),
        (f"`code` {CALL} `code`", "</code> {}"),
    ],
)
def test_a_call_stands_where_words_may_stand(tiny, text, around):
    page = html(tiny, text)
    assert around.format(NUMBER) in page
    assert '<a href="../records/#threads">' in page


def test_a_heading_has_the_number_alone(tiny):
    page = html(tiny, f"# A page\n\n## It took {CALL}\n")
    assert re.search(r'<h2[^>]*>It took <span class="figure">0.460 秒</span></h2>', page)


@pytest.mark.parametrize(
    "text",
    [
        f"`{CALL}`",
        f"``o`{CALL}`",
        f"`` ` {CALL}``",
        f"```text\n{CALL}\n```",
        f"    {CALL}",
        f"~~~\n{CALL}\n~~~",
        f"\\{CALL}",
    ],
)
def test_what_is_code_or_escaped_is_shown_as_it_is(tiny, text):
    page = html(tiny, text)
    assert 'class="figure"' not in page
    assert "figure(" in page


def test_a_number_is_one_stop_of_the_keyboard(tiny):
    page = html(tiny, CALL)
    assert page.count("tabindex") == page.count('tabindex="-1"') == 1
    assert page.count("<a ") == 1


HOSTILE = [
    "# heading", "- item", "> quote", "    code", "*a* **b** _c_ `d`", "[x](javascript:1)", "![x](y)",
    "<script>alert(1)</script>", "</span></p><div>", "&lt;", "{{ figure('threads', 'wall') }}", "}}", "\\*",
    '```python exec="on"\nresult("threads")\n```', "a\n\nb", "| a | b |", "<Badge>", "\x02wzxhzdk:0\x03",
    "\x1b[31m", "~~~", "1. x", "[TOC]", "]]>", "<!-- ", "{: .x }", "!!! note",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
def test_whatever_a_record_says_is_text(tiny, tmp_path, monkeypatch, value):
    said = []
    monkeypatch.setitem(
        vocabulary.VOCABULARY, "figure", Entry(lambda *arguments: said.append(arguments) or "x", inline=True)
    )
    finding = Finding(
        "spins", {"text": value}, "emulated", "3", "C", "L", value, 2, None, "2026-01-02T03:04:05+00:00"
    )
    dump(Results({}, {}, {"spins": finding}), tmp_path / "hostile.json")
    monkeypatch.setenv("RECORDS", str(tmp_path / "hostile.json"))
    tiny.write(records='# Records\n\n<a id="spins"></a>\n')
    page = html(tiny, '*It* said {{ finding("spins", "text") }} and *no more*.\n')
    start, end = page.index("<p>"), page.index("</p>")
    said_in = page[start:end]
    assert said_in.startswith("<p><em>It</em> said <span")
    assert said_in.endswith("</span> and <em>no more</em>.")
    assert set(re.findall(r"<(\w+)", said_in)) == {"p", "em", "span", "a"}
    assert not said


def test_what_a_block_shows_holds_no_blocks_and_no_calls(tiny, monkeypatch):
    shown = [f"`{CALL}`\n\n\\{CALL}", '```python exec="on" line="3"\nresult("threads")\n```']
    monkeypatch.setitem(vocabulary.VOCABULARY, "bars", Entry(lambda: shown[0], inline=False))
    monkeypatch.setitem(vocabulary.VOCABULARY, "history", Entry(lambda: shown[1], inline=False))
    assert 'class="figure"' not in html(tiny, 'Words.\n\n```python exec="on"\nbars()\n```\n')
    tiny.write(x='Words.\n\n```python exec="on"\nhistory()\n```\n')
    built = tiny.build("-q")
    assert built.exit_code == 1
    assert "docs/zh/x.md:3: cannot read 'python exec=" in built.output


def test_links_in_what_a_block_shows_lead_to_pages(tiny):
    tiny.write(threads="# Threads\n")
    page = html(tiny, '```python exec="on"\ntable("threads")\n```\n')
    assert 'href="../threads/"' in page


def test_a_link_in_what_a_block_shows_that_leads_nowhere_is_a_warning(tiny):
    tiny.write(x='```python exec="on"\ntable("threads")\n```\n')
    built = tiny.build("--strict")
    assert built.exit_code == 1
    assert "threads.md" in built.output
    assert tiny.files == ["docs", "mkdocs.yml", "theme"]


@pytest.mark.parametrize("indent", ["", "    ", "> "])
def test_blocks_stand_where_fences_may_stand(tiny, indent):
    around = {"": "", "    ": "!!! note\n\n", "> ": ""}[indent]
    code = '```python exec="on"\nsource("threads")\n\nresult("threads")  # and its card\n```\n'
    page = html(tiny, around + "".join(f"{indent}{line}\n" for line in code.splitlines()))
    assert 'class="result"' in page
    assert "snippets/threads.py" in page


def test_a_fence_within_a_fence_is_only_shown(tiny):
    assert "```python" in html(tiny, '````md\n```python exec="on"\n1 / 0\n```\n````\n')


def test_a_call_may_go_on_in_the_next_line_of_a_block(tiny):
    assert 'class="result"' in html(tiny, '```python exec="on"\nresult(\n    "threads"\n)\n```\n')
