"""Claims one below the other are a line of their own, until somebody asks for them."""

import re

import pytest

from scripts.page import footnote
from scripts.site.claims import FoldedClaims

HELD = '<li><span class="claim">甲是 <code>乙</code> 的 2 倍。</span></li>\n'
UNTOLD = '<li>\n<span class="claim claim--untold">甲：量不到。</span></li>'


@pytest.mark.parametrize(
    ("items", "told"),
    [
        (HELD * 7, "7 条断言都成立"),
        (HELD + UNTOLD + HELD, "2 条断言成立，1 条还没有定论"),
    ],
)
def test_a_list_of_claims_folds(items, told):
    html = FoldedClaims().run(f"<p>甲</p>\n<ul>\n{items}</ul>\n<p>乙</p>")
    assert re.fullmatch(
        f'<p>甲</p>\n<details class="claims.*"><summary>{told}</summary><ul>\n{items}</ul></details>\n<p>乙</p>',
        html,
    )


@pytest.mark.parametrize(
    "html",
    [
        f"<ul>{HELD}</ul>",
        f"<ul>{HELD}<li>乙</li></ul>",
        f"<ul>{HELD}{HELD.replace('。<', '。</span><span>乙<')}</ul>",
        f"<ul>{HELD}{HELD.replace('</li>', '，乙。</li>')}</ul>",
    ],
)
def test_one_claim_and_what_is_said_beside_claims_stay_as_they_are(html):
    assert FoldedClaims().run(html) == html


def test_each_list_folds_by_itself():
    html = FoldedClaims().run(f"<ul>{HELD * 2}</ul><p>甲</p><ul>{HELD * 3}</ul>")
    assert re.findall("<summary>(.) 条", html) == ["2", "3"]


def test_a_claim_with_a_number_in_it_folds_with_the_others():
    """As one does that says how long the cores were taken."""
    number = footnote.number("0.3 秒", ["一台机器", "提交 0123456"], "parallel")
    told = f'<li><span class="claim claim--untold">排队等上 {number}。</span></li>'
    assert "1 条断言成立，1 条还没有定论" in FoldedClaims().run(f"<ul>{HELD}{told}</ul>")
    apart = '<li><span class="claim">一</span>，见 <span class="figure">2</span></li>'
    assert FoldedClaims().run(f"<ul>{HELD}{apart}</ul>") == f"<ul>{HELD}{apart}</ul>"
