"""`make lint`: each linter finds what it is there for, and one that does is enough."""

import subprocess

import pytest

from scripts.files import ROOT
from scripts.lint import __main__ as command
from scripts.lint import chinese, javascript


@pytest.mark.parametrize(("others", "status"), [({}, 0), ({"spelling": lambda: False}, 1)])
def test_one_that_finds_something_makes_the_status_and_all_are_asked(monkeypatch, capsys, others, status):
    monkeypatch.setattr(command, "LINTERS", {"types": lambda: True, **others, "spaces": lambda: True})
    assert command.main() == status
    assert capsys.readouterr().out == ("Found: spelling\n" if status else "Nothing found: types, spaces\n")


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A function that makes a page of that text, the only one."""
    monkeypatch.setattr(chinese, "ROOT", tmp_path)
    monkeypatch.setattr(chinese, "PAGES", tmp_path)
    return lambda text, name="x.md": (tmp_path / name).write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("用Python写", "用 Python 写"),
        ("等150毫秒", "等 150 毫秒"),
        ("等一等,再写", "等一等，再写"),
        ("“并发100个socket连接”是FTP的", "“引引引引引引引引引引引引引引”是 FTP 的"),
    ],
)
def test_what_is_badly_set_is_told_with_its_place(page, capsys, text, better):
    page(f"# 标题\n\n{text}\n")
    assert not chinese.clean()
    assert capsys.readouterr().out == f"x.md:3:1: write {better}\n"


@pytest.mark.parametrize(
    "text",
    [
        "用 Python 写，等 150 毫秒",
        "原文说“并发100个socket连接”",
        "见`fetch_all`和[线程](threads.md)",
        '{{ claim("threads", "wall", "<=", 1.1) }}是',
    ],
)
def test_what_is_well_set_or_quoted_is_left_alone(page, capsys, text):
    page(f"{text}\n")
    assert chinese.clean()
    assert capsys.readouterr().out == ""


def test_a_notebook_is_read_as_one(page):
    page('{"cells": [{"cell_type": "markdown", "source": ["用Python写"]}]}', "x.ipynb")
    assert not chinese.clean()


@pytest.mark.parametrize(
    ("place", "text", "rule"),
    [
        ("docs/assets/javascripts", "documents.title = 'x';\n", "no-undef"),
        ("docs/assets/javascripts", "const answer = 42;\n{ const answer = 43; }\n", "no-unused-vars"),
        ("runner/src", "document$.subscribe(() => {});\n", "no-undef"),
        ("runner/src", "let one = 1;\nconsole.log(one == '1');\n", "eqeqeq"),
    ],
)
def test_a_mistake_in_javascript_is_found(capfd, place, text, rule):
    assert mistakes(place, text) == 1
    assert rule in capfd.readouterr().out


def mistakes(place, text):
    """ESLint's status for a script of that text, as if it stood in that folder."""
    program, *options = javascript.eslint()
    named = ["--stdin", "--stdin-filename", f"{place}/planted.js"]
    return subprocess.run([program, *options, *named], input=text, text=True, cwd=ROOT).returncode


def test_javascript_as_it_should_be_is_left_alone(capfd):
    assert mistakes("runner/src", "export const answer = () => 42;\n") == 0
    assert capfd.readouterr().out == ""
