"""A session with the interactive interpreter: what is typed, and what it answers."""

import subprocess
import sys

import pytest

from scripts.measure.demonstration import SESSION
from scripts.stages import SESSIONS


def typed(tmp_path, program):
    file = tmp_path / "sessions" / "program.py"
    file.parent.mkdir()
    file.write_text(program)
    (tmp_path / "neighbour.py").write_text("NUMBER = 7\n")
    return subprocess.run(
        [sys.executable, SESSION, file], capture_output=True, text=True, check=True
    ).stdout.splitlines()


@pytest.mark.parametrize(
    ("program", "session"),
    [
        ("1 + 1", [">>> 1 + 1", "2"]),
        ("x = None\nx", [">>> x = None", ">>> x"]),
        ('"""What it is about."""\n\n1', [">>> 1", "1"]),
        ("def f():\n    return 1\n\n\nf()", [">>> def f():", "...     return 1", "...", ">>> f()", "1"]),
        (
            "@staticmethod\ndef f():\n    pass",
            [">>> @staticmethod", "... def f():", "...     pass", "..."],
        ),
        ("print('a')", [">>> print('a')", "a"]),
        ("1 / 0\n2", [
            ">>> 1 / 0", "Traceback (most recent call last):", "  ...", "ZeroDivisionError: division by zero",
            ">>> 2", "2",
        ]),
        ("from neighbour import NUMBER\nNUMBER", [">>> from neighbour import NUMBER", ">>> NUMBER", "7"]),
    ],
)  # fmt: skip
def test_the_interpreter_answers(tmp_path, program, session):
    assert typed(tmp_path, program) == session


def test_lines_are_counted_from_the_first_of_each_statement(tmp_path):
    program = "import sys\n\n\ndef line():\n    return sys._getframe().f_lineno\n\n\nline()"
    assert typed(tmp_path, program)[-1] == "2"


@pytest.mark.parametrize("program", sorted(SESSIONS.glob("*.py")), ids=lambda path: path.stem)
def test_a_session_of_the_story_says_the_same_each_time(program):
    command = [sys.executable, SESSION, program]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2))
    assert first.stdout == second.stdout
    assert first.stderr == ""
    assert "NameError" not in first.stdout
