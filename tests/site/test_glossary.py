"""The glossary: each term says what it means where it first stands on a page."""

from pathlib import Path

import markdown
import pytest

from scripts.site.glossary import Glossary, read

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = """\
---
title: 术语
---

- **非阻塞** · non-blocking：马上返回，用 `EAGAIN` 说[还没好](x.md)。见[忙循环](nonblocking.md)。
- **阻塞** · blocking：不返回。见[同步阻塞](blocking.md)。
- **Future**：还没到的结果 & 其他。
"""


@pytest.fixture
def terms(tmp_path):
    page = tmp_path / "glossary.md"
    page.write_text(PAGE, "utf-8")
    return read(page)


def render(text, terms):
    return markdown.markdown(text, extensions=[Glossary(terms), "tables"])


def test_the_page_is_the_list(terms):
    assert terms == {
        "Future": "还没到的结果 & 其他。",
        "非阻塞": "马上返回，用 EAGAIN 说还没好。",
        "阻塞": "不返回。",
    }


def test_without_a_page_there_are_no_terms(tmp_path):
    assert read(tmp_path / "glossary.md") == {}


def test_a_term_is_explained_where_it_first_stands_and_nowhere_else(terms):
    assert render("它阻塞，又阻塞。\n\n还是阻塞。", terms) == (
        '<p>它<abbr title="不返回。">阻塞</abbr>，又阻塞。</p>\n<p>还是阻塞。</p>'
    )


def test_the_longer_term_counts(terms):
    shown = render("非阻塞不是阻塞", terms)
    assert shown.count("<abbr") == 2
    assert ">非阻塞</abbr>不是<abbr" in shown


def test_a_term_is_not_explained_within_a_longer_one_that_was(terms):
    shown = render("非阻塞，还是非阻塞，阻塞", terms)
    assert shown.count("<abbr") == 2
    assert shown.endswith('还是非阻塞，<abbr title="不返回。">阻塞</abbr></p>')


@pytest.mark.parametrize("text", ["# 阻塞", "`阻塞`", "[阻塞](x.md)", "    阻塞", "Futures", "my-Future"])
def test_headings_code_links_and_parts_of_words_are_left_alone(text, terms):
    assert "<abbr" not in render(text, terms)


def test_what_stands_around_a_term_stays_in_its_order(terms):
    shown = render("一个 Future，**阻塞**之后，`x` 再阻塞。", terms)
    assert shown == (
        '<p>一个 <abbr title="还没到的结果 &amp; 其他。">Future</abbr>，<strong><abbr title="不返回。">阻塞</abbr></strong>'
        "之后，<code>x</code> 再阻塞。</p>"
    )


def test_every_term_of_the_glossary_has_a_meaning_and_an_anchor_of_its_own():
    text = (ROOT / "docs" / "zh" / "glossary.md").read_text("utf-8")
    known = read(ROOT / "docs" / "zh" / "glossary.md")
    assert len(known) == text.count("\n- **") > 40
    assert all(len(meaning) > 5 for meaning in known.values())
