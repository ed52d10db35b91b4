"""A term of the glossary leads to the page that explains it, if that page uses the word, else to the glossary."""

from types import SimpleNamespace

import pytest

from scripts.site.search.terms import as_word, with_terms

GLOSSARY = """\
- **绿色线程** · green thread, greenlet：库自己切换的线程。见[绿色线程](greenlets.md#one)。
- **死锁** · deadlock：谁也不放手。见[多线程](threads.md)。
- **Future**：还没到的结果。
"""


@pytest.mark.parametrize(
    ("term", "word"),
    [
        ("Green thread", "_green_thread_"),
        ("`contextvars`", "_contextvars_"),
        ("__await__", "_await_"),
        ("背压", "_背_压_"),
    ],
)
def test_a_term_is_one_word(term, word):
    assert as_word(term) == word


def page(name, text="", **search):
    file = SimpleNamespace(src_uri=f"zh/{name}.md", content_string=text)
    return SimpleNamespace(url=f"zh/{name}/", file=file, meta={"search": search} if search else {})


def entry(location, text):
    return {"location": f"zh/{location}", "title": "", "text": text}


@pytest.fixture
def given():
    """The terms of each entry, by what becomes of them."""
    pages = [page("greenlets"), page("threads", terms=["GIL"]), page("glossary", GLOSSARY)]
    entries = [
        entry("greenlets/", "绿色\u200b线程"),
        entry("greenlets/#one", "绿色\u200b线程"),
        entry("threads/", "锁"),
        entry("glossary/", ""),
        entry("glossary/#谁", "绿色\u200b线程 死锁"),
        entry("glossary/#它", "Future"),
    ]
    before = [dict(each) for each in entries]
    found = {each["location"]: each.get("terms") for each in with_terms(entries, pages)}
    assert entries == before
    return found


def test_a_term_leads_to_the_page_that_explains_it(given):
    assert given["zh/greenlets/"] == f"{as_word('绿色线程')} _green_thread_ _greenlet_"
    assert given["zh/greenlets/#one"] is None


def test_a_page_without_the_word_is_not_led_to(given):
    assert given["zh/threads/"] == "_gil_"
    assert given["zh/glossary/#谁"] == f"{as_word('死锁')} _deadlock_"


def test_a_term_that_leads_nowhere_leads_to_its_place_in_the_glossary(given):
    assert given["zh/glossary/#它"] == "_future_"
    assert given["zh/glossary/"] is None
