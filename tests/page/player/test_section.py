"""The section of a page in which a recording is played."""

import gzip
import json
import re
from itertools import pairwise

import pytest

from scripts.files import ROOT
from scripts.lab.settings import Settings
from scripts.page.player.section import LEGEND, section
from scripts.page.player.stops import PASSING, stops, waits
from scripts.page.player.subjects import subject
from scripts.page.runner.section import CANNOT
from scripts.simulator.run import record
from scripts.stages import LANES, STAGES, find

STAGES = [stage.name for stage in STAGES if stage.name not in CANNOT]
MOST = 5 << 10
ASSETS = ROOT / "docs" / "assets"


def recorded(program, pages=10):
    outcome, recording = record(program, Settings(), pages, lambda text: None)
    return section("A title", program, recording, outcome), recording


@pytest.fixture(scope="module", params=STAGES)
def shown(request):
    return recorded(find(request.param).snippet.read_text("utf-8"))


def data(html):
    return json.loads(re.search(r"<template>(.*)</template>", html)[1])


def test_script_and_styles_are_small():
    parts = [ASSETS / "javascripts" / "player.js", ASSETS / "stylesheets" / "player.css"]
    assert sum(len(gzip.compress(part.read_bytes())) for part in parts) <= 9 << 10


def test_it_is_small(shown):
    assert len(gzip.compress(shown[0].encode())) <= MOST


def test_every_line_that_a_step_speaks_of_has_a_row(shown):
    html, _ = shown
    told = data(html)
    spoken = {line for stack in told["stacks"] for line in stack}
    spoken |= {line for _, lines, _ in told["places"] for line in lines}
    assert spoken <= {int(line) for line in told["rows"]}
    assert max(told["rows"].values()) < told["bottom"] < html.count('<span class="player__')


def test_every_step_has_its_sentence(shown):
    html, recording = shown
    told = data(html)
    assert len(told["text"]) == len(told["steps"]) == len(stops(recording).steps)
    assert max(told["text"]) == len(told["texts"]) - 1


def test_without_scripts_it_shows_the_first_wait_and_a_table_of_all(shown):
    html, recording = shown
    drawn = re.search(r'<g class="player__marks">(.*?)</svg>', html)[1]
    assert drawn.count("<rect ") == len(recording.pages)
    assert html.count('<th scope="row">') == len([*waits(recording)])


def test_wherever_time_passes_there_is_a_step_in_the_middle_of_it(shown):
    _, recording = shown
    stopped = stops(recording).steps
    assert [step for step in stopped if step.call != PASSING] == recording.steps
    for before, after in pairwise(stopped):
        passes = after.begin - before.begin
        assert passes == 0 or PASSING in (before.call, after.call)
    for before, during, after in zip(stopped, stopped[1:], stopped[2:], strict=False):
        if during.call == PASSING:
            assert during.begin - before.begin == after.begin - during.begin > 0
            assert during.places == before.places


def test_in_threads_one_moment_has_all_ten_waiting():
    connecting, answering = waits(recorded(find("threads").snippet.read_text("utf-8"))[1])
    assert {place.waits for place in connecting.places} == {"connect"}
    assert {(place.state, place.waits) for place in answering.places} == {("stack", "answer")}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("callbacks", {"callback", "open", "item", "ready", "caller", "running", "time"}),
        ("polling", {"open", "vain"}),
        ("async_await", {"frame", "inner", "created"}),
    ],
)
def test_the_legend_tells_every_mark_that_comes_up(name, words):
    html, _ = recorded(find(name).snippet.read_text("utf-8"))
    told = {kind.split()[-1] for kind, means in LEGEND if f"</svg>{means}</span>" in html}
    assert words <= told
    assert ("created" in told) == (name == "async_await")


@pytest.fixture(scope="module")
def demonstration():
    """A function that gives the player of a demonstration."""

    def demonstration(name):
        shown = subject(name)
        outcome, recording = record(shown.text, Settings(), None, str, *vars(shown.lanes).values())
        return section(shown.title, shown.text, recording, outcome)

    return demonstration


@pytest.mark.parametrize("name", LANES)
def test_the_player_of_a_demonstration_is_small(demonstration, name):
    assert len(gzip.compress(demonstration(name).encode())) <= MOST


def test_lanes_that_are_functions_are_called_by_their_names(demonstration):
    html = demonstration("heartbeat")
    assert "睡着，CPU 闲着：beat 等轮到它，largest_gap 占着线程睡" in data(html)["texts"]
    assert data(html)["names"] == ["beat", "largest_gap"]
    assert "第 1 页" not in html


def test_where_no_time_passes_the_table_has_every_step(demonstration):
    html = demonstration("two_tasks")
    assert data(html)["waits"] == []
    assert html.count('<th scope="row">') == len(data(html)["steps"])
    assert "player__time" not in html


def test_what_a_program_says_is_text():
    program = (
        "import socket\nPATHS = ['/?page=0']\n"
        "def fetch(path):\n    '</script><script>alert(1)</script>'\n"
        "    with socket.create_connection(('example.com', 80)) as sock:\n"
        "        sock.sendall(f'GET {path} HTTP/1.0\\r\\n\\r\\n'.encode())\n        raise OSError('<b>&</script>')\n"
        "for path in PATHS: fetch(path)\n"
    )
    html, _ = recorded(program, 1)
    assert "<script" not in html
    assert "<b>" not in html
    assert "程序到此为止：OSError: <b>&</script>" in data(html)["texts"]


def test_more_pages_than_can_be_told_apart_are_told_instead():
    html, _ = recorded(find("callbacks").snippet.read_text("utf-8"), 100)
    assert "页数太多" in html
    assert "<svg" not in html


def test_a_program_without_pages_is_told_instead():
    html, _ = recorded("print(1)\n")
    assert "player--absent" in html
