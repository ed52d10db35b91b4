"""The demonstrations about Futures: two mishaps of a toy, and how a queue mends them; Twisted's ways."""

import sys
from collections import deque

import pytest

from scripts.stages import program
from snippets.demonstrations import call_soon, deferreds, done_future, two_tasks
from tests.strictly import printed

PRINTED = {
    "call_soon": """
        at_once: A begins, B, A ends
        by_a_queue: A begins, A ends, B
        at_once: RecursionError
        by_a_queue: 1,000 have a result""",
    "two_tasks": """
        at_once: A begins, B goes on, A ends
        by_a_queue: A begins, A ends, B goes on
        at_once: RecursionError
        by_a_queue: 1,000 tasks are done""",
    "done_future": """
        ToyTask  still waiting, for ever
        Task     ['a page']""",
    "deferreds": """
        chain: the end
        chain: no page /b
        generator: the end
        generator: no page /b""",
}
MISHAPS = pytest.mark.parametrize("toy", [call_soon, two_tasks], ids=["callbacks", "tasks"])


@pytest.mark.parametrize("name", PRINTED)
def test_a_program_prints_what_its_page_says(name):
    assert printed(program(name)).strip() == PRINTED[name].strip().replace("\n        ", "\n")


@MISHAPS
def test_a_callback_that_is_called_at_once_runs_in_the_middle_of_another(toy):
    begins, *between, ends = toy.at_once(toy.interleaving)
    assert (begins, ends) == ("A begins", "A ends")
    assert len(between) == 1


@MISHAPS
def test_a_chain_that_is_called_at_once_is_bounded_by_the_stack_and_by_a_queue_it_is_not(toy, monkeypatch):
    length = "FUTURES" if toy is call_soon else "TASKS"
    monkeypatch.setattr(toy, length, 10)
    assert toy.at_once(toy.chain) == toy.by_a_queue(toy.chain)
    monkeypatch.setattr(toy, length, 10 * sys.getrecursionlimit())
    assert toy.at_once(toy.chain) == ["RecursionError"]
    assert toy.by_a_queue(toy.chain)[0].startswith("10,000 ")


def test_only_a_callback_that_asks_first_hears_of_what_is_already_there():
    for kind, heard in (done_future.ToyTask, []), (done_future.Task, ["a page"]):
        queue, got = deque(), []
        future = done_future.Future(queue)
        future.set_result("a page")
        kind(done_future.wait(future, got))
        while queue:
            queue.popleft()()
        assert got == heard


@pytest.mark.parametrize("download", [deferreds.chain, deferreds.generator])
@pytest.mark.parametrize(
    ("broken", "told"), [(None, "the end"), ("/a", "no page /a"), ("/b", "no page /b"), ("/c", "no page /c")]
)
def test_twisted_s_chain_and_generator_tell_the_same(download, broken, told):
    network, got = [], []
    download(network).addCallback(got.append)
    assert got == []
    deferreds.answer(network, broken)
    assert (got, network) == ([told], [])
