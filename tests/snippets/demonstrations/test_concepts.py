"""The demonstrations of the concepts: what they print, and what they count."""

from collections import Counter
from contextlib import nullcontext
from itertools import pairwise, permutations
from threading import Event, Lock

import pytest

from scripts.stages import program
from snippets.demonstrations import crawl_queue, order, row_lock
from tests.patience import PATIENCE
from tests.strictly import printed

PRINTED = {
    "blocking_recv": ["recv() is called", "the other side sends", "recv() returned b'hello'"],
    "nonblocking_recv": ["nothing yet, but I am back", "b'hello'"],
    "row_lock": ["no lock: sold 3 times", "row lock: sold 1 time"],
    "cooks": [f"{step} the {dish}" for step in ("wash", "cut", "fry") for dish in ("carrots", "beef")],
    "continuation": ["asked for /a", "asked for /b", "received the page of /a", "received the page of /b"],
}


@pytest.mark.parametrize("name", PRINTED)
def test_a_program_prints_what_its_page_says(name):
    assert printed(program(name)).splitlines() == PRINTED[name]


def test_the_crawl_prints_what_it_counts():
    lines = dict(line.split(": ") for line in printed(program("crawl_queue")).splitlines())
    twice = int(lines.pop("downloads, look first"))
    assert lines == {"addresses": "2000", "downloads, claim first": "2000", "downloads, queue": "2000"}
    assert twice > 2000


def test_without_a_lock_every_order_gets_the_one_book(monkeypatch):
    monkeypatch.setattr(row_lock, "GAP", 10)  # nobody waits so long: all three come
    assert [row_lock.sold(nullcontext()) for _ in range(50)] == [3] * 50


def test_with_the_row_lock_the_book_is_sold_once(monkeypatch):
    monkeypatch.setattr(row_lock, "GAP", 0.001)  # the others cannot come, however long one waits
    assert [row_lock.sold(Lock()) for _ in range(50)] == [1] * 50


@pytest.mark.parametrize("answered", [*permutations("ABC")], ids="".join)
def test_downloads_are_done_in_the_order_of_their_answers(answered, monkeypatch):
    answers, following = {page: Event() for page in answered}, dict(pairwise(answered))
    answers[answered[0]].set()

    def download(page, done):
        assert answers[page].wait(PATIENCE)
        done.append(page)
        if page in following:
            answers[following[page]].set()

    monkeypatch.setattr(order, "download", download)
    assert order.run("ABC") == list(answered)


def test_the_order_is_told_five_times():
    begun, *done = printed(program("order")).splitlines()
    assert begun == "begun: A B C"
    assert [sorted(line.removeprefix("done: ").split()) for line in done] == [["A", "B", "C"]] * 5


def test_who_looks_first_downloads_pages_twice_but_misses_none():
    downloads = Counter(crawl_queue.crawl(crawl_queue.look_first))
    assert set(downloads) == set(crawl_queue.ADDRESSES)
    assert max(downloads.values()) <= crawl_queue.WORKERS
    assert downloads.total() > len(crawl_queue.ADDRESSES)


def test_who_claims_first_downloads_each_page_once():
    downloads = crawl_queue.crawl(crawl_queue.claim_first, set(), Lock())
    assert sorted(downloads) == sorted(crawl_queue.ADDRESSES)


def test_workers_at_a_queue_download_each_page_once():
    downloads = crawl_queue.crawl(crawl_queue.take_from_queue, crawl_queue.queue_of(crawl_queue.ADDRESSES))
    assert sorted(downloads) == sorted(crawl_queue.ADDRESSES)


def test_a_download_that_fails_ends_the_crawl():
    def fail(fetch, pages):
        raise OSError("refused")

    with pytest.raises(OSError, match="refused"):
        crawl_queue.crawl(fail)


@pytest.mark.measures
def test_two_spins_take_as_long_in_two_threads_where_there_is_a_gil(findings):
    found = findings("spins")
    if not found["GIL"]:
        pytest.skip("this build has no GIL")
    assert 0.8 < found["in two threads"] / found["one after another"] < 1.5
