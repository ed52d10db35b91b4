"""jieba's dictionary, of which only what a text asks for is worked out, cuts every text as jieba itself does."""

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.site.search.dictionary import Tokenizer, cut
from tests.conftest import ROOT

QUICK = Tokenizer()
PAGES = sorted(ROOT.glob("docs/zh/*.md"))


@pytest.fixture(scope="module")
def theirs():
    """jieba's own tokenizer, with the dictionary as jieba itself reads it, not as some build has left it."""
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


def test_every_word_and_every_beginning_of_one_counts_as_much(theirs):
    QUICK.initialize()
    assert QUICK.total == theirs.total
    assert {text: QUICK.FREQ[text] for text in theirs.FREQ} == theirs.FREQ


@given(text=st.text("一不人回调事件循环的了A座", min_size=1, max_size=4))
def test_nothing_else_is_taken_for_a_word(theirs, text):
    QUICK.check_initialized()
    assert (text in QUICK.FREQ) == (text in theirs.FREQ)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pages_are_cut_as_jieba_cuts_them(theirs, page):
    text = page.read_text("utf-8")
    assert cut(text.encode()) == [*theirs.cut(text)]


@given(text=st.text("程序员在事件循环里等回调，十页abc 1.5"))
def test_any_text_is_cut_as_jieba_cuts_it(theirs, text):
    assert cut(text) == [*theirs.cut(text)]
