"""What a page may say of a stage's recording."""

import pytest
from msgspec.structs import replace

from scripts.lab import Settings
from scripts.page.failures import ClaimFailed, NoSuchThing
from scripts.page.player import checks, facts, recorded
from scripts.page.player.stops import PASSING, stops
from scripts.page.player.subjects import subject
from scripts.simulator.run import record
from scripts.stages import CASES, find
from tests import tiny


@pytest.fixture(autouse=True)
def given(records_given):
    """Every test has records of every case."""


def recording(name):
    program = find(name).snippet.read_text("utf-8")
    return record(program, Settings(), 10, lambda text: None)[1], program


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("blocking", {"stack": 1, "not begun": 9, "done": 9}),
        ("threads", {"stack": 10}),
        ("polling", {"stack": 1, "open": 9}),
        ("callbacks", {"callback": 10}),
        ("async_await", {"frame": 10}),
    ],
)
def test_what_is_kept_of_the_pages_is_counted_at_each_wait(name, kept):
    assert facts.kept(recording(name)[0]) == kept


def test_who_is_on_the_stack_of_a_call():
    callers = facts.callers(*recording("yield_from"))
    assert callers["recv"] == dict.fromkeys(["fetch_all", "run", "step", "fetch", "receive"], 1)
    assert callers["connect"].keys() == {"fetch_all", "run", "step", "fetch", "connect"}


def test_a_part_of_the_calls_counts_each_as_often_as_it_was_made():
    program = (
        "import socket, select\nPATHS = ['/?page=0']\n"
        "def ask(sock, path):\n    try:\n        return sock.recv(1 << 20)\n    except BlockingIOError:\n        return None\n"
        "def fetch(path):\n"
        "    with socket.create_connection(('example.com', 80)) as sock:\n"
        "        sock.sendall(f'GET {path} HTTP/1.0\\r\\n\\r\\n'.encode())\n"
        "        sock.setblocking(False)\n"
        "        for _ in range(3): ask(sock, path)\n"
        "        sock.setblocking(True)\n        sock.recv(1 << 20)\n"
        "fetch(PATHS[0])\n"
    )
    made = record(program, Settings(), 1, lambda text: None)[1]
    assert facts.callers(made, program)["recv"] == {"fetch": 1, "ask": 0.75}


def test_the_innermost_function_is_the_one_that_a_line_is_of():
    assert facts.functions("def a():\n    def b():\n        pass\n    pass\nx = 1\n") == {
        1: "a",
        2: "b",
        3: "b",
        4: "a",
    }


def test_checks_that_hold():
    assert "回调等的时候，只登记着一个函数的最多有 10 页，检验要求等于 10。" in checks.kept(
        "callbacks", "callback", "==", 10
    )
    assert "栈上有 <code>fetch</code> 的占 0%，检验要求等于 0%。" in checks.under(
        "callbacks", "recv", "fetch", "==", 0
    )


def test_a_demonstration_has_lanes_of_its_own_and_what_goes_wrong_in_it():
    assert "最多有 2 页，检验要求等于 2。" in checks.kept("callback_hell", "callback", "==", 2)
    played = subject("callback_hell")
    _, made = record(played.text, played.settings({}), None, str, played.lanes.values)
    assert [place.state for place in made.steps[-1].places] == ["done"] * 3 + ["failed"] * 2
    assert "callback_hell.py：每页各在哪一行" in recorded.player("callback_hell")


def test_a_step_is_told_by_what_most_pages_are_at_it():
    made = recording("callbacks")[0]
    steps = stops(made).steps
    answer = steps[facts.most(made)["callback answer"]]
    assert {place.waits for place in answer.places} == {"answer"}
    assert answer.call == PASSING
    assert len(steps[facts.most(made)["handed"]].handed) == 10
    number = facts.most(made)["callback answer"]
    assert recorded.step("callbacks", "callback answer") == (
        f'<a href="#player-callbacks" data-step="{number}">第 {number + 1} 步</a>'
    )


def test_where_nothing_waits_nothing_is_judged(records_given):
    records_given(*(replace(tiny.record(each.name, [0.01]), rtt=0.0, service_time=0.0) for each in CASES))
    assert "无从检验" in checks.kept("callbacks", "callback", "==", 10)


@pytest.mark.parametrize(
    ("check", "error", "message"),
    [
        (lambda: checks.kept("callbacks", "stack", ">=", 1), ClaimFailed, "0 pages of 'callbacks' .* 'stack': .*>= 1"),
        (lambda: checks.kept("callbacks", "stak", ">=", 1), NoSuchThing, "did you mean 'stack'"),
        (lambda: checks.kept("loops", "stack", ">=", 1), NoSuchThing, "has no recording"),
        (lambda: recorded.step("threads", "stack anser"), NoSuchThing, "did you mean 'stack answer'"),
        (lambda: checks.under("threads", "recv", "fetch", "<", 1), ClaimFailed, "'fetch' is under 1 of .* 'recv': .*< 1"),
        (lambda: checks.under("threads", "recvs", "fetch", "<", 1), NoSuchThing, "did you mean 'recv'"),
        (lambda: checks.under("threads", "recv", "fetsch", "<", 1), NoSuchThing, "did you mean 'fetch'"),
    ],
)  # fmt: skip
def test_checks_that_do_not_hold_or_are_none(check, error, message):
    with pytest.raises(error, match=message):
        check()
