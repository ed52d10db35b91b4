"""The search: the right page comes first, what it searches comes when it is wanted, and what was found is marked."""

import gzip
import json
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from scripts.site import glossary
from tests.browser.conftest import ADDRESS, Troubles, page_opened
from tests.conftest import ROOT

PAGES = ROOT / "docs" / "zh"
ASKED = {
    "async": "async_await concepts",
    "async await": "async_await",
    "asyncio": "tasks",
    "C10k": "c10k",
    "CancelledError": "tasks",
    "call_soon": "futures",
    "contextvars": "glossary",
    "dask": "cluster",
    "epoll": "readiness",
    "fork": "processes",
    "gather": "tasks",
    "gevent": "greenlets",
    "GIL": "threads",
    "kqueue": "readiness",
    "monkey patch": "greenlets",
    "select": "readiness",
    "selectors": "readiness",
    "TaskGroup": "tasks",
    "threading": "threads",
    "timeout": "tasks",
    "trio": "loops",
    "uvloop": "loops",
    "yield from": "yield_from",
    "__await__": "async_await",
    "绿色线程": "greenlets",
    "超时": "tasks",
    "取消": "tasks",
    "多进程": "processes",
    "多线程": "threads",
    "竞态条件": "threads",
    "非阻塞": "nonblocking",
    "回调": "callbacks",
    "回调地狱": "event_loop",
    "结构化并发": "tasks",
    "协程": "generators async_await",
    "线程": "threads",
    "背压": "glossary",
    "惊群": "glossary",
    "故障": "faults",
    "年表": "timeline",
    "测量方法": "method",
    "勘误": "errata",
}
"""What readers asked for, and the page where the answer stands; of a few words there are two."""
ANSWERS = """async asked => {
    const { search } = JSON.parse(document.getElementById("__config").textContent);
    const worker = new Worker(search);
    const answer = message => new Promise(done => {
        worker.onmessage = ({ data }) => done(data);
        worker.postMessage(message);
    });
    const index = await fetch(new URL("../search/search_index.json", location)).then(answer => answer.json());
    await answer({ type: 0, data: { ...index, options: { suggest: false } } });
    const answers = {};
    for (const question of asked) answers[question] = (await answer({ type: 2, data: question })).data.items;
    worker.terminate();
    return answers;
}"""
"""The worker of the pages, asked as the theme asks it: an array of a page's sections for each page found."""


def questions():
    """What is asked, and the right pages: also each name of each term, which leads to a page that uses it."""
    asked = {question: pages.split() for question, pages in ASKED.items()}
    for term in glossary.terms((PAGES / "glossary.md").read_text("utf-8")):
        for name in term.names:
            texts = {page: (PAGES / page).read_text("utf-8").lower() for page in term.leads_to}
            right = [
                page.removesuffix(".md")
                for page in texts
                if any(n.lower() in texts[page] for n in term.names)
            ]
            asked.setdefault(name, right or ["glossary"])
    return asked


@pytest.fixture(scope="module")
def answers(browser):
    """What the search answers to `questions`, and to others that these tests ask: locations, the best first."""
    with page_opened(browser, Troubles()) as page:
        page.goto(f"{ADDRESS}zh/")
        asked = [*questions(), "zzz"]
        return {
            question: [max(found, key=lambda section: section["score"]) for found in items]
            for question, items in page.evaluate(ANSWERS, asked).items()
        }


def page_of(found):
    return re.match(r"zh/(\w*)", found["location"])[1] or "index"


def test_the_right_page_is_first_in_95_of_100(answers):
    asked = questions()
    first = {question: page_of(answers[question][0]) if answers[question] else None for question in asked}
    wrong = {question: page for question, page in first.items() if page not in asked[question]}
    print(f"{len(asked) - len(wrong)} of {len(asked)} right; wrong: {wrong}")
    assert len(asked) >= 100
    assert len(wrong) <= 0.05 * len(asked), wrong
    assert [question for question in ASKED if question in wrong] == []


def test_synonyms_lead_to_the_same_page(answers):
    for one, other in [
        ("超时", "timeout"),
        ("绿色线程", "greenlet"),
        ("背压", "back-pressure"),
        ("线程", "thread"),
    ]:
        assert page_of(answers[one][0]) == page_of(answers[other][0])


def test_a_single_character_of_a_word_is_no_hit(answers):
    """With 条 alone, one would find 条 in 一条 and 条件 alike."""
    words = {word for found in answers["竞态条件"] for word in found["terms"]}
    assert words == {"竞态", "条件"}
    assert all(len(word) > 1 for each in ASKED for found in answers[each] for word in found["terms"])


def test_what_is_nowhere_is_not_found(answers):
    assert answers["zzz"] == []


def test_the_texts_are_small_and_say_nothing_of_where_each_number_was_measured(site):
    texts = (site / "search" / "texts.json").read_bytes()
    assert len(gzip.compress(texts)) <= 100_000
    shown = texts.decode().replace("\u200b", "")
    records = json.loads((site / "measurements.json").read_text("utf-8"))["records"]
    assert [record["stage"] for record in records if f"提交 {record['commit'][:7]}" in shown] == []
    assert "每页 9,000 字节 ·" not in shown


def test_nothing_of_the_search_is_loaded_before_it_is_focused(visit):
    page = visit("zh/threads/")
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert not {"texts.json", "lunr.zh.min.js"} & set(asked)
    with page.expect_response("**/texts.json"):
        page.locator(".md-search__input").focus()


def test_the_words_are_marked_on_the_page(visit):
    page = visit("zh/")
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").press_sequentially("竞态条件")
    found = page.locator(".md-search-result__link").first
    expect(found).to_have_attribute(
        "href", re.compile(f"h=.*{quote('条件')}")
    )  # no more what the first two find
    found.click()
    page.wait_for_url("**/zh/threads/*")
    expect(page.locator("article mark:visible", has_text="竞态").first).to_be_visible()
    assert {mark.strip("\u200b") for mark in page.locator("article mark").all_inner_texts()} <= {
        "竞态",
        "条件",
        "竞态条件",
    }


def test_without_its_texts_the_search_says_so_and_asks_again(visit):
    page = visit("zh/")
    page.route("**/texts.json", lambda route: route.fulfill(body="null"))
    box = page.locator(".md-search__input")
    box.click()
    box.press_sequentially("线")
    expect(page.locator(".md-search-result__item")).to_contain_text("没有下载下来")
    page.unroute("**/texts.json")
    box.press_sequentially("程")
    expect(page.locator(".md-search-result__item").first).to_contain_text("多线程")
