"""Whatever fails in a page fails the build: with status 1, page, line and cause, strict, quiet or neither."""

import re
from types import SimpleNamespace

import pytest

from scripts import stages
from scripts.lab import Settings
from scripts.measure import Fresh, RunFailed
from scripts.page import current
from scripts.site import build
from tests.tiny import MODES, record

FRONT_MATTER = "---\ntitle: A page\norder: 1\n---\n\n"
"""Five lines, so that the text begins on line 6."""


def block(code, options='exec="on"'):
    return f"{FRONT_MATTER}Words.\n\n```python {options}\n{code}\n```\n"


def calling(call):
    return block(f"from scripts.page import {call.partition('(')[0]}\nprint({call})")


FAILING = {
    "raises": (block("x = 1\nx / 0"), 10, "ZeroDivisionError: division by zero"),
    "raises within a function": (block("def f():\n    {}['x']\n\nf()"), 10, "KeyError: 'x'"),
    "raises in a thread": (
        block("from threading import Thread\nx = Thread(target=lambda: 1 / 0)\nx.start()\nx.join()"),
        10,
        "ZeroDivisionError",
    ),
    "is no Python": (block("print('x')\nprint("), 10, "SyntaxError: '(' was never closed"),
    "exits with status 0": (block("import sys\nsys.exit(0)"), 10, "sys.exit(0)"),
    "exits without a word": (block("raise SystemExit"), 9, "sys.exit(None)"),
    "raises what is no Exception": (block("raise BaseException('x')"), 9, "BaseException: x"),
    "asks for an unknown stage": (calling("result('thread')"), 10, "did you mean 'threads'?"),
    "asks for an unknown program": (calling("source('ecko')"), 10, "did you mean 'echo'?"),
    "asks for an unknown definition": (
        calling("source('threads', 'fetchall')"), 10, "did you mean 'fetch_all'?",
    ),
    "asks for an unknown metric": (calling("figure('threads', 'wal')"), 10, "no metric is called 'wal'"),
    "claims what is false": (
        calling("claim('blocking', 'wall', '<=', 0.5)"),
        10,
        "wall of 'blocking' by 'ideal' is 4.52 / 4.5 = 1.004: the claim is <= 0.5",
    ),
    "has a misspelt option": (block("", 'exec="on" sorce="above"'), 8, "a fence has no option 'sorce'"),
    "has a misspelt place for its source": (block("", 'exec="on" source="abov"'), 8, 'source="abov"'),
    "has a misspelt exec": (block("", 'exce="on"'), 8, "a fence has no option 'exce'"),
    "has exec misspelt as to its value": (block("", 'exec="onn"'), 8, 'exec="onn"'),
    "has an unquoted option": (block("", "exec=on"), 8, "cannot read 'exec=on'"),
    "has options in braces": (
        FRONT_MATTER + '```{.python exec="on"}\n```\n', 6, "write it as in python exec",
    ),
    "has a misspelt language": (FRONT_MATTER + '```pyhton exec="on"\n```\n', 6, "cannot run 'pyhton'"),
    "has no language": (FRONT_MATTER + '``` exec="on"\n```\n', 6, "cannot run a fence without a language"),
    "is never closed": (FRONT_MATTER + '```python exec="on"\nprint()\n', 6, "this block was not run"),
    "is closed by a longer fence": (
        FRONT_MATTER + '```python exec="on"\n````\n', 6, "this block was not run",
    ),
    "prints a fence with a misspelt option": (
        block("print('```python exec=\"on\" souce=\"above\"\\n```')"), 8, "a fence has no option 'souce'",
    ),
    "prints a failing block": (block("print('```python exec=\"on\"\\n1 / 0\\n```')"), 9, "ZeroDivisionError"),
    "prints a tag that there is not": (
        block("print('<Badge type=\"green\">x</Badge>')"), 8, "no type is called 'green'",
    ),
    "writes a tag that there is not": (
        FRONT_MATTER + "Words.\n\n<Badge type=\"green\">x</Badge>\n", 8, "no type is called 'green'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
@pytest.mark.parametrize(("text", "line", "cause"), FAILING.values(), ids=FAILING)
def test_a_page_that(tiny, text, line, cause, mode):
    tiny.write(good="# Good\n", x=text)
    built = tiny.build(*mode)
    assert built.exit_code == 1
    assert len(re.findall(rf"docs/zh/x\.md:{line}: .*{re.escape(cause)}", built.output)) == 1
    assert "Traceback" not in built.output
    assert tiny.files == ["docs", "mkdocs.yml", "theme"]  # no site, and nothing else


NEVER_ENDING = {
    "loops": "while True:\n    pass",
    "waits": "import threading\nthreading.Event().wait()",
    "catches every Exception": """
while True:
    try:
        sum(range(9))
    except Exception:
        pass""",
}


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
@pytest.mark.parametrize("code", NEVER_ENDING.values(), ids=NEVER_ENDING)
def test_a_block_that_never_ends(tiny, monkeypatch, code, mode):
    monkeypatch.setattr(build, "SECONDS", 0.1)
    tiny.write(x=block(code))
    built = tiny.build(*mode)
    assert built.exit_code == 1
    assert re.search(r"docs/zh/x\.md:(9|1\d): not done after 0.1 s, measurements not counted", built.output)


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_a_stage_that_cannot_be_measured(tiny, monkeypatch, mode):
    """It hangs, raises or returns a wrong page: measuring finds out, and its tests say how."""

    def measure(case, settings, runs):
        raise RunFailed(f"stage {case.name!r}", "no end after 11.4 s", b"the last words\n")

    monkeypatch.setattr(
        current, "choose", lambda serving: Fresh(Settings(), 1, SimpleNamespace(measure=measure))
    )
    tiny.write(x=block("from scripts.page import figure\nprint(figure('threads', 'wall'))"))
    built = tiny.build(*mode)
    assert built.exit_code == 1
    assert "docs/zh/x.md:10: stage 'threads': no end after 11.4 s\nthe last words" in built.output


@pytest.mark.measures
def test_the_time_of_a_measurement_is_not_the_blocks(tiny, monkeypatch):
    def measure(case, settings, runs):
        for _ in range(3_000_000):  # longer than the block has
            pass
        return record(case.name, [0.5])

    monkeypatch.setattr(current.INSTRUMENTS, "measure", measure)
    monkeypatch.setattr(build, "SECONDS", 0.02)
    monkeypatch.delenv("RECORDS")
    tiny.write(x=block("from scripts.page import figure\nprint(figure('threads', 'wall'))"))
    assert tiny.build().exit_code == 0
    assert "0.500 秒" in tiny.page("x")


@pytest.mark.parametrize(
    ("name", "value"),
    [("RUNS", "many"), ("RUNS", "0"), ("LAB_RTT", "soon"), ("LAB_RTT", "-1"), ("LAB_LINK", "x")],
)
def test_an_environment_that_asks_for_what_there_is_not(tiny, monkeypatch, name, value):
    monkeypatch.delenv("RECORDS")
    monkeypatch.setenv(name, value)
    built = tiny.build("-q")
    assert built.exit_code == 1
    assert value in built.output
    assert "Traceback" not in built.output


def test_records_that_are_not_there(tiny, monkeypatch):
    monkeypatch.setenv("RECORDS", "nowhere.json")
    tiny.write(x=block("from scripts.page import figure\nprint(figure('threads', 'wall'))"))
    built = tiny.build("-q")
    assert built.exit_code == 1
    assert "docs/zh/x.md:10: nowhere.json: cannot be read" in built.output


def test_every_stage_is_known(tiny):
    names = [case.name for case in stages.CASES]
    tiny.write(x=block(f"from scripts.page import result\nfor name in {names!r}:\n    print(result(name))"))
    assert tiny.build().exit_code == 0
    assert tiny.page("x").count('class="result"') == len(names)
