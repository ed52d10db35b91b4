"""Running a program: its output, its errors and their lines, and what is left of it afterwards."""

import asyncio
import concurrent.futures
import http.client
import importlib
import socket
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent

import pytest

from scripts.lab import Settings
from scripts.simulator import simulate
from scripts.simulator.standins import counterparts, standins

ROOT = Path(__file__).resolve().parent.parent.parent
REPLACED = ("select", "selectors", "socket", "time", "concurrent.futures")

POOLS = {"processes", "threads"}
"""Stages that start threads: a real one has to carry each, or a stack of the browser's."""
ALONE = """
import sys
from pathlib import Path
from scripts.lab.settings import Settings
from scripts.simulator import simulate
import ssl, anyio._backends._asyncio

def refuse(event, arguments):
    if event.partition(".")[0] in ("socket", "subprocess", "_thread") or event in ("os.fork", "os.posix_spawn"):
        raise RuntimeError(f"the simulator did {event} {arguments}")

def forget(name):  # what Pyodide lacks
    sys.modules[name] = None

for name in ("_multiprocessing", "_posixshmem", "multiprocessing.process", "resource", "termios"):
    forget(name)
sys.addaudithook(refuse)
for path in sys.argv[1:]:
    outcome = simulate(Path(path).read_text("utf-8"), Settings(), write=lambda text: None)
    if outcome.error:
        sys.exit(f"{path}: {outcome.error}")
"""


def test_output_comes_while_the_program_runs():
    heard = []
    source = (
        "import sys, time\nprint('one')\ntime.sleep(1)\nprint('two', file=sys.stderr)\nprint(len('three'))"
    )
    simulate(source, Settings(), write=heard.append)
    assert heard == ["one", "\n", "two", "\n", "5", "\n"]


def test_a_function_that_prints_may_be_written_to(capsys):
    simulate("print('hello')", Settings(), write=lambda text: print(f"<{text.strip()}>"))
    assert capsys.readouterr().out == "<hello>\n<>\n"


def test_without_a_function_it_is_standard_output(capsys):
    simulate("print('hello')", Settings())
    assert capsys.readouterr().out == "hello\n"


@pytest.mark.parametrize("definition", ["PATHS = ['/']", "PATHS: list = ['/']"])
def test_paths_are_replaced_wherever_they_are_looked_at(definition, play):
    output, _ = play(
        f"{definition}\ncopy = list(PATHS)\ndef count():\n    return len(PATHS)\nprint(count(), copy[-1])"
    )
    assert output == "10 /?page=9\n"


def test_a_program_keeps_its_own_paths_where_no_number_is_given(capsys):
    simulate("PATHS = ['/a', '/b']\nprint(len(PATHS))", Settings(), pages=None)
    assert capsys.readouterr().out == "2\n"


def test_a_program_is_main_and_its_classes_are_found_there(play):
    lines = """
        import dataclasses, pickle, sys
        @dataclasses.dataclass
        class Point:
            x: int
        print(__name__, sys.modules["__main__"].Point is Point, pickle.loads(pickle.dumps(Point(1))))
    """
    output, _ = play(lines)
    assert output == "__main__ True Point(x=1)\n"


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        ("x = 1\n1 / 0", "ZeroDivisionError: division by zero", 2),
        ("def f():\n    raise ValueError\n\nf()", "ValueError", 2),
        ("import json\njson.loads('{')", "JSONDecodeError: Expecting property name", 2),
        ("import sys\nsys.exit('no')", "SystemExit: no", 2),
        ("raise ExceptionGroup('', [OSError('a'), ValueError('b')])", "OSError: a", None),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'", 1),
    ],
)
def test_an_error_has_its_message_and_its_line(source, message, line, play):
    _, outcome = play(source)
    assert outcome.error[0].startswith(message)
    assert outcome.error[1] == line


def test_an_error_of_syntax_tells_its_line_once(play):
    assert play("x = (1,\ny = 2\n")[1].error[:2] == ("SyntaxError: '(' was never closed", 1)


def test_an_error_in_a_worker_has_the_line_in_the_worker(play):
    lines = "from concurrent.futures import ThreadPoolExecutor\ndef f():\n    1 / 0\nThreadPoolExecutor(1).submit(f).result()"
    assert play(lines)[1].error[1] == 3


def test_a_traceback_shows_the_program_from_its_first_frame_on(play):
    _, outcome = play("def f():\n    1 / 0\nf()")
    first, second, third, *_ = outcome.error[2].splitlines()
    assert first == "Traceback (most recent call last):"
    assert second == '  File "program.py", line 3, in <module>'
    assert third.strip() == "f()"
    _, outcome = play("x = (")
    assert outcome.error[2].startswith('  File "program.py", line 1\n')


def test_leaving_in_good_order_is_no_error(play):
    assert play("import sys\nsys.exit()")[1].error is None


def test_an_interrupt_is_the_caller_s():
    with pytest.raises(KeyboardInterrupt):
        simulate("raise KeyboardInterrupt", Settings())


@pytest.mark.parametrize(
    "end", ["", "1 / 0", "import socket\nsocket.create_connection(('example.com', 80)).recv(1)"]
)
def test_afterwards_every_module_is_the_real_one(end, play):
    real = {name: importlib.import_module(name) for name in REPLACED}
    main, run, sleep = sys.modules["__main__"], asyncio.run, real["time"].sleep
    play(f"import asyncio, concurrent.futures, selectors, socket\nasyncio.run(asyncio.sleep(1))\n{end}")
    assert {name: sys.modules[name] for name in REPLACED} == real
    assert sys.modules["__main__"] is main
    assert concurrent.futures is real["concurrent.futures"]
    assert asyncio.base_events.socket is http.client.socket is real["socket"]
    assert asyncio.base_events.time is real["time"]
    assert (asyncio.run, real["time"].sleep) == (run, sleep)
    assert asyncio.run(asyncio.sleep(0, "the real one")) == "the real one"


def test_a_library_that_is_first_imported_in_a_run_gets_the_real_modules_back(play, tmp_path, monkeypatch):
    text = "import socket\nfrom time import monotonic\nfrom concurrent.futures import ThreadPoolExecutor\n"
    (tmp_path / "holder_of_references.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    output, _ = play("import holder_of_references, time\nprint(holder_of_references.monotonic())")
    assert output == "0.0\n"
    holder = sys.modules["holder_of_references"]
    assert (holder.socket, holder.monotonic) == (socket, time.monotonic)
    output, _ = play("import holder_of_references as holder, socket\nprint(holder.socket is socket)")
    assert output == "True\n"


def test_what_a_program_imports_need_not_be_a_module(play):
    assert play("import sys\nsys.modules['odd'] = object()")[1].error is None
    del sys.modules["odd"]


def test_each_stand_in_stands_for_one_thing():
    pairs = [
        pair
        for name, standin in standins().items()
        for pair in counterparts(importlib.import_module(name), standin)
    ]
    assert len({id(new) for _, new in pairs}) == len({id(old) for old, _ in pairs})


def test_one_run_leaves_nothing_for_the_next(stage, run):
    first = run(stage, "reset@/?page=3")
    second, third = run(stage), run(stage)
    assert first.outcome.error is not None
    assert second.outcome == third.outcome
    assert second.outcome.error is None


def test_it_may_be_asked_for_from_within_a_running_loop(run):
    async def main():
        return run("tasks").outcome

    assert asyncio.run(main()).error is None


def test_what_a_program_leaves_behind_still_ends_in_its_run(play):
    lines = """
        class Last:
            def __del__(self):
                print("bye")
        last = Last()
    """
    assert play(lines)[0] == "bye\n"


def test_it_needs_no_thread_no_process_no_socket_and_nothing_that_pyodide_lacks():
    from tests.simulator.conftest import STAGES

    programs = [str(ROOT / "snippets" / f"{name}.py") for name in STAGES if name not in POOLS]
    command = [sys.executable, "-c", dedent(ALONE), *programs]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_the_demonstration_of_callback_hell_ends_as_in_the_lab(play):
    source = (ROOT / "snippets/demonstrations/callback_hell.py").read_text("utf-8")
    output, outcome = play(source, "refuse@4")
    assert outcome.error is None
    assert output.splitlines()[0] == "three pages, each asked for by the one before"
    assert output.splitlines()[-1] == "and 1 other download that nobody ends"
    assert "ConnectionRefusedError by way of <module>, run, send" in output
