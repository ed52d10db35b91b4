"""The section of a page in which a recording is played."""

import gzip
import json
import re

import pytest

from scripts.files import ROOT
from scripts.lab.settings import Settings
from scripts.page.player.section import section, waits
from scripts.page.runner.section import CANNOT
from scripts.simulator.run import record
from scripts.stages import STAGES, find

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
    assert len(told["middles"]) == html.count('<span class="player__')


def test_every_step_has_its_sentence(shown):
    html, recording = shown
    told = data(html)
    assert len(told["text"]) == len(told["steps"]) == len(recording.steps)
    assert max(told["text"]) == len(told["texts"]) - 1


def test_without_scripts_it_shows_the_first_wait_and_a_table_of_all(shown):
    html, recording = shown
    drawn = re.search(r'<g class="player__marks">(.*?)</svg>', html)[1]
    assert drawn.count("<rect ") == len(recording.pages)
    assert html.count('<th scope="row">') == len([*waits(recording)])


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
