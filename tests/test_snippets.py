"""Each stage's program, imported from the file that the reader sees, against the origin on loopback."""

import ast
import json
import subprocess
import sys

import pytest

from scripts.lab import Fault, Settings, run
from scripts.lab.origin import body
from scripts.stages import DEMONSTRATIONS, SNIPPETS, STAGES

NAMES = [stage.name for stage in STAGES]
QUICK = Settings("loopback", rtt=0.01, service_time=0.01)
TIMEOUT = 30
PAGE = "/?page=3"

TWICE = """
import gc, json, sys
sys.path.insert(0, {folder!r})
import {name} as stage
if __name__ == "__main__":
    first, second = stage.fetch_all(stage.PATHS), stage.fetch_all(stage.PATHS)
    gc.collect()  # what was not closed warns now
    print(json.dumps([[[path, page.decode()] for path, page in pages.items()] for pages in (first, second)]))
"""
ERROR = """
import sys
sys.path.insert(0, {folder!r})
import {name} as stage
if __name__ == "__main__":
    try:
        stage.fetch_all(stage.PATHS)
    except OSError as error:
        print(type(error).__name__, error)
"""
IMPORTED = """
import sys, threading
sys.path.insert(0, {folder!r})
opened = []
sys.addaudithook(lambda event, arguments: opened.append(event) if event.startswith("socket.") else None)
import {name}
assert threading.active_count() == 1 and not opened, opened
"""
LIBRARIES = {"greenlets": {"gevent"}, "echo": {"gevent"}}


def python(program, name, tmp_path, settings=QUICK):
    """Run `program` as a file, since spawned processes have to find it, with every warning an error."""
    script = tmp_path / "program.py"
    script.write_text(program.format(folder=str(SNIPPETS), name=name), encoding="utf-8")
    outcome = run(
        [sys.executable, "-X", "dev", "-W", "error", str(script)],
        settings,
        timeout=TIMEOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    # gevent itself reports a greenlet that failed, beside raising its error where it is joined.
    report = b"" if name == "greenlets" and settings.faults else outcome.stderr
    assert (outcome.returncode, report) == (0, b"")
    return outcome.stdout.decode()


def trees():
    return {path.stem: ast.parse(path.read_bytes()) for path in SNIPPETS.glob("*.py")}


@pytest.mark.parametrize("name", NAMES)
def test_all_pages_come_twice_in_a_row_and_nothing_is_left_open(name, tmp_path):
    expected = [[f"/?page={n}", body(f"/?page={n}", QUICK.body_size).decode()] for n in range(10)]
    assert json.loads(python(TWICE, name, tmp_path)) == [expected, expected]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["reset", "truncate"])
def test_a_page_that_breaks_off_is_an_error(kind, name, tmp_path):
    printed = python(ERROR, name, tmp_path, Settings("loopback", 0.01, 0.01, faults=(Fault(kind, PAGE),)))
    assert printed.startswith({"reset": "ConnectionResetError", "truncate": "OSError"}[kind])


# A pool's processes count their connections each for itself, so on loopback none has a third.
@pytest.mark.parametrize("name", [name for name in NAMES if name != "processes"])
def test_a_refused_connection_is_an_error(name, tmp_path):
    printed = python(ERROR, name, tmp_path, Settings("loopback", 0.01, 0.01, faults=(Fault("refuse", "3"),)))
    assert "refused" in printed.lower()


@pytest.mark.parametrize("name", [*NAMES, *DEMONSTRATIONS])
def test_importing_a_program_opens_nothing_starts_nothing_and_prints_nothing(name, tmp_path):
    assert python(IMPORTED, name, tmp_path) == ""


def test_the_echo_server_answers_every_client(tmp_path):
    printed = python(
        "import sys; sys.path.insert(0, {folder!r})\nimport {name}; print({name}.run(7))", "echo", tmp_path
    )
    assert ast.literal_eval(printed) == [[f"{n}: {m}".encode() for m in range(10)] for n in range(7)]


@pytest.mark.parametrize("name", [*NAMES, *DEMONSTRATIONS])
def test_a_program_imports_the_standard_library_and_its_own_only(name):
    tree = trees()[name]
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    roots = {module.partition(".")[0] for module in modules}
    assert roots <= set(sys.stdlib_module_names) | LIBRARIES.get(name, set())


def test_a_request_and_its_check_are_the_same_in_every_stage():
    for function in ("request", "body"):
        versions = {
            ast.dump(node)
            for name in NAMES
            for node in trees()[name].body
            if isinstance(node, ast.FunctionDef) and node.name == function
        }
        assert len(versions) == 1


@pytest.mark.parametrize("name", [*NAMES, *DEMONSTRATIONS])
def test_a_program_fits_on_a_page(name):
    lines = (SNIPPETS / f"{name}.py").read_text("utf-8").splitlines()
    assert len(lines) <= 75
    assert max(map(len, lines)) <= 79
