"""The listing of a player: which lines it shows, and that their text is the program's."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.lab.settings import Settings
from scripts.page.player.listing import colour, listing
from scripts.page.player.section import lines_at
from scripts.simulator.run import record
from scripts.stages import STAGES, find

PROGRAM = '''\
import socket


class Download:
    """Text."""

    def send(self):
        with socket.socket() as sock:
            sock.sendall(
                b"x",
            )
        return 1


def main():
    Download().send()
'''


def text(code):
    return unescape(re.sub(r"<[^>]*>", "", code))


def test_lines_that_are_visited_come_with_what_encloses_them_and_as_whole_statements():
    shown = listing(PROGRAM, [9], {9: 11})
    assert [line.number for line in shown] == [4, None, 7, 8, 9, 10, 11]


HANDING_ON = """\
class Loop:
    def run(self):
        for key in self.select():
            callback = key.data
            callback.set_result()

    def stop(self):
        pass


class Future:
    def set_result(self):
        self.done = True

    def cancel(self):
        pass
"""


def test_what_hands_on_is_shown_though_no_call_is_made_there():
    shown = [line.number for line in listing(HANDING_ON, [3, 5], {})]
    assert shown == [1, 2, 3, 4, 5, None, 11, 12, 13]


@pytest.mark.parametrize(
    "stage", ["callbacks", "event_loop", "futures", "generators", "yield_from", "async_await"]
)
def test_the_lines_that_say_who_calls_again_are_shown(stage):
    program = find(stage).snippet.read_text("utf-8")
    _, recording = record(program, Settings(), 2, str)
    visited = {line for step in recording.steps for line in lines_at(step)}
    shown = {line.number for line in listing(program, visited, recording.statements)}
    handing_on = {
        number
        for number, line in enumerate(program.splitlines(), 1)
        if re.search(r"key\.data|def set_result|\.popleft\(\)|call_soon\(callback\)", line)
    }
    assert handing_on
    assert handing_on <= shown


def test_lines_that_were_left_out_are_marked_at_the_indent_of_what_follows():
    shown = listing(PROGRAM, [8], {})
    assert [text(line.code) for line in shown if line.number is None] == ["    …"]


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_colours_change_no_character_of_a_program(stage):
    program = find(stage).snippet.read_text("utf-8")
    assert [text(line) for line in colour(program)] == program.splitlines()


@given(st.sampled_from(["'<b>'", 'f"{1}<i>"', "x <y> 1", "# </script>", '"""a\n<b>"""', "1 if 2 else 3"]))
def test_what_looks_like_markup_is_text(statement):
    assert [text(line) for line in colour(statement + "\n")] == statement.splitlines()
    assert not re.search(r"<(?!/?span)", "".join(colour(statement + "\n")))


def test_a_form_feed_ends_no_line_as_it_ends_none_for_python():
    assert len(colour("a = 1  # \x0c\nb = 2\n")) == 2


def test_keywords_strings_numbers_and_definitions_have_the_classes_of_the_other_listings():
    (line,) = colour("def f(x=1): return 'a'  # why\n")
    assert re.findall(r'class="(\w+)">([^<]+)', line) == [
        ("k", "def"), ("nf", "f"), ("m", "1"), ("k", "return"), ("s", "&#39;a&#39;"), ("c1", "# why"),
    ]  # fmt: skip
