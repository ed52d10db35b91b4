"""The Pythons of a machine: found wherever they are, asked what they are, left out where they do not answer."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.files import Cache
from scripts.measure import interpreters
from scripts.measure.interpreters import ABOUT, Interpreter, NoInterpreter, ask, find, of, this

THIS = this()
ANSWER = {
    "path": "/opt/python",
    "build": "3.98.1 (main) [GCC 16]",
    "compiler": "GCC 16",
    "version": "3.98.1",
    "implementation": "CPython",
    "free_threaded": False,
    "gil": True,
    "jit": False,
    "start_method": "forkserver",
    "optimized": True,
}


@pytest.fixture(autouse=True)
def answers(tmp_path, monkeypatch):
    monkeypatch.setattr(interpreters, "ANSWERS", Cache(tmp_path / "answers", 1 << 20))


@pytest.fixture
def machine(tmp_path):
    """A function that puts a stand-in for an interpreter into a folder, and the environment that leads to it."""

    class Machine:
        def __init__(self):
            self.env = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}

        def add(self, place, says):
            file = tmp_path / place
            file.parent.mkdir(parents=True, exist_ok=True)
            script = f"exec(open({str(file)!r} + '.py').read())"
            file.with_name(f"{file.name}.py").write_text(
                says if isinstance(says, str) else f"print({json.dumps(says)!r})"
            )
            file.write_text(f'#!/bin/sh\nexec {sys.executable} -I -c "{script}"\n# {len(says)}')
            file.chmod(0o755)
            return file

        def names(self, **more):
            return [each.name for each in find(self.env | more).interpreters]

    return Machine()


def test_this_interpreter_is_always_among_them(machine):
    assert find(machine.env).interpreters == (THIS,)


def test_it_says_what_it_is():
    assert ask(Path(sys.executable)) == THIS
    assert THIS.version == ".".join(map(str, sys.version_info[:3]))
    assert THIS.release == sys.version_info[:2]
    assert THIS.gil == getattr(sys, "_is_gil_enabled", lambda: True)()


def test_those_on_the_path_and_of_pyenv_are_found_the_oldest_first(machine):
    machine.add("bin/python3.98", ANSWER)
    machine.add(".pyenv/versions/3.9.1/bin/python3.9", ANSWER | {"version": "3.9.1"})
    assert machine.names() == ["3.9", THIS.name, "3.98"]


def test_those_of_uv_are_found(machine):
    place = machine.add("uv/python3.99", ANSWER | {"version": "3.99.0"})
    machine.add("bin/uv", f"print({json.dumps([{'path': str(place)}])!r})")
    assert machine.names() == [THIS.name, "3.99"]


def test_a_uv_that_fails_is_none(machine):
    machine.add("bin/uv", "raise SystemExit(2)")
    assert machine.names() == [THIS.name]


def test_of_one_version_the_newest_is_taken(machine):
    machine.add("bin/python3.98", ANSWER)
    newer = ANSWER | {"version": "3.98.12", "path": "/newer"}
    machine.add(".pyenv/versions/3.98.12/bin/python3.98", newer)
    assert find(machine.env).get("3.98").path == "/newer"


def test_a_build_without_the_gil_has_a_name_of_its_own(machine):
    machine.add("bin/python3.98", ANSWER)
    machine.add("bin/python3.98t", ANSWER | {"free_threaded": True, "gil": False})
    assert machine.names() == [THIS.name, "3.98", "3.98t"]
    assert not find(machine.env).get("3.98t").gil


def test_another_implementation_has_a_name_of_its_own(machine):
    machine.add("bin/pypy3.11", ANSWER | {"version": "3.11.13", "implementation": "PyPy"})
    assert set(machine.names()) == {THIS.name, "pypy3.11"}


def test_what_is_too_old_is_passed_over(machine):
    machine.add("bin/python3.7", ANSWER | {"version": "3.7.16"})
    assert find(machine.env) == find({"PATH": ""} | {"HOME": machine.env["HOME"]})


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("raise SystemExit('no library')", "status 1: no library"),
        ("print('3.98')", "is no Python that can be asked"),
        ("print('{}')", "missing required field"),
    ],
)
def test_a_broken_one_is_named_and_left_out(machine, says, told):
    broken = machine.add("bin/python3.98", says)
    found = find(machine.env)
    assert found.interpreters == (THIS,)
    assert [str(broken) in reason and told in reason for reason in found.left_out] == [True]


def test_one_that_does_not_answer_is_left_out(machine, monkeypatch):
    monkeypatch.setattr(interpreters, "SECONDS", 0.5)
    machine.add("bin/python3.98", "import signal; signal.pause()")
    assert ["did not answer within 0.5 s" in reason for reason in find(machine.env).left_out] == [True]


def test_the_shims_of_pyenv_are_not_asked(machine):
    machine.add(".pyenv/shims/python3.98", "raise SystemExit(127)")
    machine.env = machine.env | {"PATH": str(Path(machine.env["HOME"], ".pyenv", "shims"))}
    assert find(machine.env).left_out == ()


def test_one_is_asked_once_and_again_when_its_file_has_changed(machine):
    file = machine.add("bin/python3.98", ANSWER)
    assert machine.names() == [THIS.name, "3.98"]
    file.with_name("python3.98.py").write_text("raise SystemExit(1)")
    assert machine.names() == [THIS.name, "3.98"]
    machine.add("bin/python3.98", "raise SystemExit(1)")
    assert machine.names() == [THIS.name]


def test_pythons_says_which(machine):
    other = machine.add("elsewhere/mine", ANSWER | {"version": "3.100.0", "path": "/mine"})
    machine.add("bin/python3.98", ANSWER)
    machine.add("bin/python3.99", ANSWER | {"version": "3.99.0"})
    assert machine.names(PYTHONS="none") == [THIS.name]
    assert machine.names(PYTHONS="3.99") == [THIS.name, "3.99"]
    assert machine.names(PYTHONS=f"3.99, {other}") == [THIS.name, "3.99", "3.100"]
    assert of(str(other)).path == "/mine"
    assert of(None) is THIS


@pytest.mark.parametrize(
    ("name", "told"), [("3.200", "uv python install 3.200"), (f"{os.sep}nowhere", "nowhere")]
)
def test_what_pythons_names_in_vain_is_an_error(machine, name, told):
    with pytest.raises(NoInterpreter, match=told):
        find(machine.env | {"PYTHONS": name})


def test_an_interpreter_is_asked_for_by_its_name(machine):
    machine.add("bin/python3.98", ANSWER)
    assert isinstance(find(machine.env).get("3.98"), Interpreter)
    with pytest.raises(NoInterpreter, match="no Python 3.97t here, only"):
        find(machine.env).get("3.97t")


def test_old_pythons_can_read_the_question():
    """Python 3.8 and older are not at hand everywhere: their grammar is."""
    import ast

    ast.parse(ABOUT.read_text(), feature_version=(3, 6))
    ast.parse(ABOUT.with_name("worker.py").read_text(), feature_version=(3, 8))
    program = "import runpy, sys; runpy.run_path(sys.argv[1])"
    assert subprocess.run([sys.executable, "-I", "-c", program, ABOUT]).returncode == 0
