"""A question before the page tells: the results decide it, and it may not turn out otherwise than it was written."""

import re

import pytest

from scripts.files import Cache
from scripts.lab import Settings
from scripts.measure import Preview
from scripts.page import current, questions
from scripts.page.failures import ClaimFailed, NoSuchThing, NotACall
from tests.tiny import record

QUICK = ["together", 'claim("threads", "wall", "<=", 0.15, of="blocking")', "they wait `together`"]
SLOW = ["in turn", 'claim("threads", "wall", ">=", 0.5, of="blocking")', "nobody queues"]
BURNS = ["it computes", 'claim("blocking", "cpu", ">=", 0.5, of="wall")', "nothing to compute"]


@pytest.fixture(autouse=True)
def given(records_given):
    """Every test has records of every case."""


def answers(html):
    """What each answer says, and what stands behind it, as text."""
    found = re.findall(r"<details><summary>(.*?)</summary><p.*?>(.*?)</p>\n</details>", html)
    return {says: re.sub("<[^>]+>", "", told) for says, told in found}


def test_the_answer_whose_check_holds_is_right_and_the_others_say_what_was_found():
    told = answers(questions.ask("Why?", QUICK, SLOW, BURNS))
    assert told["together"].startswith("正是。they wait together 多线程的墙钟是同步阻塞的 0.102 倍")
    assert told["in turn"] == (
        "不是。nobody queues 这次构建里，多线程的墙钟是同步阻塞的 0.102 倍；要真是这样，该不低于 0.5 倍。"
    )
    assert told["it computes"].startswith(
        "不是。nothing to compute 这次构建里，同步阻塞的 CPU 是墙钟的 0.044%"
    )


def test_which_is_right_does_not_hang_on_where_it_stands():
    orders = {tuple(answers(questions.ask(f"Why {number}?", QUICK, SLOW, BURNS))) for number in range(40)}
    assert {order.index("together") for order in orders} == {0, 1, 2}
    assert questions.ask("Why?", QUICK, SLOW, BURNS) == questions.ask("Why?", QUICK, BURNS, SLOW)


def test_nothing_but_the_question_is_told_before_an_answer_is_opened():
    html = questions.ask("Why?", QUICK, SLOW)
    closed = re.sub(r"</summary>.*?</details>", " ", html, flags=re.DOTALL)
    assert re.sub("<[^>]+>", " ", closed).split() == ["先猜，再看", "Why?", *" ".join(answers(html)).split()]
    assert "<details>" in html


def test_a_question_whose_answer_turns_out_otherwise_fails():
    with pytest.raises(
        ClaimFailed, match="the answer 'in turn' is wrong: wall of 'threads' by 'blocking' is 0.46"
    ):
        questions.ask("Why?", SLOW, QUICK)


def test_a_question_with_two_right_answers_fails():
    with pytest.raises(ClaimFailed, match="the answer 'early' is right as well: claim"):
        questions.ask(
            "Why?", QUICK, SLOW, ["early", 'claim("threads", "wall", "<=", 0.2, of="blocking")', "it is"]
        )


def test_an_answer_may_not_hold_by_chance(records_given):
    close = (
        record("threads", [0.40, 0.42, 0.44, 0.46, 0.50]),
        record("polling", [0.41, 0.43, 0.45, 0.47, 0.49]),
    )
    records_given(*close, record("blocking", [4.5]))
    with pytest.raises(ClaimFailed, match="by chance"):
        questions.ask(
            "Why?", ["a", 'claim("threads", "wall", "<=", 1, of="polling")', "b"], ["c", BURNS[1], "d"]
        )


def test_what_this_system_does_not_tell_decides_nothing(records_given):
    records_given(
        record("polling", [0.45], untold=("voluntary",)), record("threads", [0.45]), record("blocking", [4.5])
    )
    unknown = ["it yields", 'claim("polling", "voluntary", "<=", 1, of="threads")', "because"]
    told = answers(questions.ask("Why?", unknown, SLOW))
    assert "无从检验" in told["it yields"]
    assert not [each for each in told.values() if "正是" in each or "不是" in each or "because" in each]
    assert answers(questions.ask("Why?", QUICK, unknown))["together"].startswith("正是")


def test_in_a_preview_one_run_decides_nothing_and_what_takes_long_is_pending(tmp_path):
    class Instruments:
        def measure(self, case, settings, runs):
            return record(case.name, [0.9] * runs)

    current.use(Preview(Settings(), instruments=Instruments(), cache=Cache(tmp_path, 1 << 20), since=0.0))
    told = answers(
        questions.ask("Why?", ["a", 'claim("threads", "wall", "<=", 1.1)', "b"], ["c", BURNS[1], "d"])
    )
    assert "只量了一次" in told["a"]
    assert "只量了一次" in told["c"]
    late = questions.ask("Why?", ["a", 'claim("threads@1000", "wall", "<=", 1.1)', "b"], SLOW)
    assert 'class="pending"' in late
    assert "<details>" not in late


def test_words_are_text_but_for_code_and_calls():
    html = questions.ask("<b>?", ["<i>{{", QUICK[1], 'in {{ figure("threads", "wall") }}, `<u>`'], SLOW)
    assert not re.search("<[biu]>", html)
    assert "<code>&lt;u&gt;</code>" in html
    assert '<span class="figure" tabindex="-1">0.460 秒' in html


@pytest.mark.parametrize(
    ("answers", "error", "message"),
    [
        ([], NotACall, "at least two answers"),
        ([QUICK], NotACall, "at least two answers"),
        ([QUICK, SLOW[:2]], NotACall, "each a list of three texts"),
        ([QUICK, ["a", 'figure("threads", "wall")', "b"]], NotACall, "checks nothing: these do: .*claim"),
        ([QUICK, ["a", "True", "b"]], NotACall, "True is no call"),
        ([QUICK, ["a", 'claim("thread", "wall", "<=", 1)', "b"]], LookupError, "did you mean 'threads'"),
        ([["a", QUICK[1], "{{ figur() }}"], SLOW], NotACall, "did you mean 'figure'"),
        ([["a", 'kept("greenlets", "frame", "==", 1)', "b"], SLOW], NoSuchThing, "has no recording"),
    ],
)
def test_what_is_no_question(answers, error, message):
    with pytest.raises(error, match=message):
        questions.ask("Why?", *answers)
