"""Each stage's program, imported from the file that the reader sees, against the origin on loopback."""

import ast
import errno
import importlib
import json
import socket
import sys
from dataclasses import replace
from functools import cache, partial
from itertools import repeat
from selectors import EVENT_READ, DefaultSelector

import pytest

from scripts.lab import Fault, Settings, bare_environment
from scripts.lab.http import body
from scripts.measure.interpreters import OLDEST
from scripts.stages import CASES, PYTHONS, SESSIONS, STAGES, demonstrations, program, programs
from tests.strictly import complaints, in_the_lab, printed

NAMES = [stage.name for stage in STAGES]
QUICK = Settings("loopback", rtt=0.01, service_time=0.01)
PAGE = "/?page=3"

TWICE = """
import gc, json, multiprocessing, sys
sys.path.insert(0, {folder!r})
import {name} as stage
if __name__ == "__main__":
    multiprocessing.set_start_method({start_method!r})
    first, second = stage.fetch_all(stage.PATHS, **{way!r}), stage.fetch_all(stage.PATHS, **{way!r})
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
    except* OSError as errors:
        print(type(errors.exceptions[0]).__name__, errors.exceptions[0])
"""
IMPORTED = """
import sys, threading
sys.path.insert(0, {folder!r})
opened = []
sys.addaudithook(lambda event, arguments: opened.append(event) if event.startswith("socket.") else None)
import {name}
assert threading.active_count() == 1 and not opened, opened
"""
LEAVING = """
import gc, sys
sys.path.insert(0, {folder!r})
import gevent, {name}
from gevent import socket
from gevent.pool import Pool
from gevent.server import StreamServer
connections = Pool()
server = StreamServer(("127.0.0.1", 0), {name}.serve, spawn=connections)
server.start()
with socket.create_connection(server.address) as leaver, socket.create_connection(server.address) as stayer:
    {name}.ask(leaver, b"one")
    {name}.ask(stayer, b"two")
    assert len(connections) == 2
    leaver.close()
    while len(connections) > 1:
        gevent.idle()
    print({name}.ask(stayer, b"three"))
connections.join()
server.stop()
gc.collect()
"""
LIBRARIES = {
    "greenlets": {"gevent"},
    "echo": {"gevent"},
    "frozen_echo": {"gevent"},
    "monkey_patch": {"gevent"},
    "deferreds": {"twisted"},
    "loops": {"anyio", "uvloop"},
    "cluster": {"dask", "distributed"},
    "cluster_cost": {"dask", "distributed"},
}
OWN_TASKS = ["generators", "yield_from", "async_await"]
OWN_FUTURES = ["futures", *OWN_TASKS]
OWN_LOOP = ["event_loop", *OWN_FUTURES]
"""They carry the loop that later ones have from a library."""


def python(program, name, tmp_path, settings=QUICK, start_method=None, way=None):
    """Run `program` as a file, since spawned processes have to find it, with every warning an error."""
    script = tmp_path / "program.py"
    folder = str(programs()[name].parent)
    text = program.format(folder=folder, name=name, start_method=start_method, way=way or {})
    script.write_text(text, encoding="utf-8")
    outcome = in_the_lab(script, settings, env=bare_environment())
    # gevent itself reports a greenlet that failed, beside raising its error where it is joined.
    report = [] if name == "greenlets" and settings.faults else complaints(outcome.stderr)
    assert (outcome.returncode, report) == (0, [])
    return outcome.stdout.decode()


def faulty(*faults):
    return replace(QUICK, faults=faults)


def load(name):
    return importlib.import_module(f"snippets.{name}")


OF_ALL = [path.stem for path in PYTHONS.glob("*.py")]
PROGRAMS = [*NAMES, *OF_ALL, *(name for name in demonstrations() if program(name).parent != SESSIONS)]
"""All but those that are typed, statement by statement: tests/measure/test_session.py does that."""


@cache
def trees():
    return {name: ast.parse(path.read_bytes()) for name, path in programs().items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_all_pages_come_twice_in_a_row_and_nothing_is_left_open(case, tmp_path):
    expected = [[f"/?page={n}", body(f"/?page={n}", QUICK.body_size).decode()] for n in range(10)]
    way = {"loop": case.loop} if case.loop else {}
    told = python(TWICE, case.stage.name, tmp_path, start_method=case.start_method, way=way)
    assert json.loads(told) == [expected, expected]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["reset", "truncate"])
def test_a_page_that_breaks_off_is_an_error(kind, name, tmp_path):
    told = python(ERROR, name, tmp_path, faulty(Fault(kind, PAGE)))
    assert told.startswith({"reset": "ConnectionResetError", "truncate": "OSError"}[kind])


@pytest.mark.parametrize("name", NAMES)
def test_a_refused_connection_is_an_error(name, tmp_path):
    # A pool's processes count their connections each for itself, so on loopback none has a third.
    which = "1" if name == "processes" else "3"
    told = python(ERROR, name, tmp_path, faulty(Fault("refuse", which)))
    assert told.startswith("ConnectionRefusedError")


# The calls of a thread or process that waits cannot be broken off from outside.
SINGLE_THREADED = ["polling", "greenlets", "callbacks", *OWN_LOOP, "tasks", "loops", "c10k"]


@pytest.mark.parametrize("name", SINGLE_THREADED)
def test_a_page_that_breaks_off_ends_those_that_would_never_come(name, tmp_path):
    settings = faulty(Fault("silent", "/?page=1"), Fault("truncate", PAGE))
    assert python(ERROR, name, tmp_path, settings).startswith("OSError")


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (b"", "not a page"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "not a page"),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "not a page"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "not a page"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nab", "2 of 3 bytes"),
        (b"HTTP/1.0 200 OK\r\ncontent-length:3\r\n\r\nabcd", "4 of 3 bytes"),
    ],
)
def test_what_is_not_a_whole_page_is_an_error(response, message):
    with pytest.raises(OSError, match=message):
        load("blocking").body(response)


def test_a_page_is_what_follows_the_head():
    body_of = load("blocking").body
    assert body_of(b"HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\na\r\n\r\nb") == b"a\r\n\r\nb"
    assert body_of(b"HTTP/1.1 200 OK\r\n\r\nas long as it comes") == b"as long as it comes"


class Socket:
    """A socket of a system that answers connect(2) with those errors, and keeps `failure` for SO_ERROR."""

    def __init__(self, answers, failure=0):
        self.answers, self.failure, self.sent = answers, failure, b""

    def setblocking(self, flag):
        assert not flag

    def getsockopt(self, level, option):
        return self.failure

    def connect_ex(self, address):
        return next(self.answers)

    def connect(self, address):
        raise OSError(next(self.answers), "connect(2)")

    def sendall(self, data):
        self.sent += data


def connecting(name, sock):
    """What that program calls until the connection is there."""
    address = "192.0.2.2", 80
    if name == "polling":
        return load(name).fetch(sock, address, "/", {})
    return partial(load(name).connect, sock, address)


ASKING = pytest.mark.parametrize("name", ["nonblocking", "polling"])


@ASKING
@pytest.mark.parametrize("last", [0, errno.EISCONN], ids=["Linux", "BSD"])  # macOS and Windows do as BSD
def test_connecting_goes_on_until_it_is_done_on_any_system(last, name):
    sock = Socket(iter([errno.EINPROGRESS, errno.EALREADY, errno.EALREADY, last]))
    connect = connecting(name, sock)
    while sock.answers.__length_hint__() > 1:
        with pytest.raises(BlockingIOError):
            connect()
    connect()
    assert bool(sock.sent) == (name == "polling")


@ASKING
def test_connecting_does_not_start_anew_once_it_failed(name):
    # Where connect(2) may be called again after a failure, only SO_ERROR tells of that failure.
    sock = Socket(repeat(errno.EINPROGRESS), failure=errno.ECONNREFUSED)
    with pytest.raises(ConnectionRefusedError):
        connecting(name, sock)()
    assert not sock.sent


@pytest.mark.parametrize("name", PROGRAMS)
def test_importing_a_program_opens_nothing_starts_nothing_and_prints_nothing(name, tmp_path):
    assert python(IMPORTED, name, tmp_path) == ""


def test_the_echo_server_answers_every_client(tmp_path):
    told = python(
        "import sys; sys.path.insert(0, {folder!r})\nimport {name}; print({name}.run(7))", "echo", tmp_path
    )
    assert ast.literal_eval(told) == ([[f"{n}: {m}".encode() for m in range(10)] for n in range(7)], 0)


def test_a_client_that_leaves_the_echo_server_ends_its_handler_only(tmp_path):
    assert python(LEAVING, "echo", tmp_path) == "b'three'\n"


def test_the_echo_program_tells_who_was_answered_and_who_is_left():
    told = printed(programs()["echo"])
    assert told == "100 of 100 clients got 10 echoes each\n0 connections are left\n"


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_imports_the_standard_library_and_its_own_only(name):
    tree = trees()[name]
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    roots = {module.partition(".")[0] for module in modules}
    assert roots <= set(sys.stdlib_module_names) | LIBRARIES.get(name, set())


def test_what_is_not_the_lesson_is_the_same_in_every_stage_that_has_it():
    for definition in ("request", "body"):
        assert len(versions(definition, NAMES)) == 1


def test_the_loop_and_the_tasks_are_the_same_whatever_they_run():
    assert len(versions("Loop", OWN_FUTURES)) == 1
    assert len(versions("Future", ["futures", "generators"])) == 1
    for definition in ("Task", "fetch_all"):
        assert len(versions(definition, OWN_TASKS)) == 1


def versions(definition, names):
    """The different forms in which these programs have that function or class."""
    return {
        ast.dump(node)
        for name in names
        for node in trees()[name].body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == definition
    }


@pytest.mark.parametrize("name", OF_ALL)
def test_what_every_python_runs_the_oldest_can_read(name):
    ast.parse(program(name).read_bytes(), feature_version=OLDEST)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_fits_on_a_page(name):
    lines = programs()[name].read_text("utf-8").splitlines()
    assert len(lines) <= most_lines(name)
    assert max(map(len, lines)) <= 79


def most_lines(name):
    """A program is shown whole; of one that brings its own loop, cluster or instruments, the page shows parts."""
    if "def demonstrate(" in programs()[name].read_text("utf-8"):
        return 200
    return 125 if name in OWN_LOOP else 90


@pytest.fixture
def loop(name):
    """A loop of that program, with a selector that is closed in the end."""
    with DefaultSelector() as selector:
        yield load(name).Loop(selector)


FUTURES = pytest.mark.parametrize("name", OWN_FUTURES)
TASKS = pytest.mark.parametrize("name", OWN_TASKS)


def coroutine(name, futures, got):
    """A coroutine of that program's kind, which waits for one Future after another, and keeps the results."""

    def by_yield():
        for future in futures:
            yield future
            got.append(future.result)
        return "the end"

    def by_yield_from():
        for future in futures:
            got.append((yield from future))
        return "the end"

    async def by_await():
        for future in futures:
            got.append(await future)
        return "the end"

    return dict(zip(OWN_TASKS, (by_yield, by_yield_from, by_await), strict=True))[name]()


@FUTURES
def test_a_callback_waits_for_the_result_and_then_for_its_turn(loop, name):
    future, called = load(name).Future(loop), []
    future.add_done_callback(lambda: called.append(future.result))
    loop.run()
    assert (future.done, called) == (False, [])
    future.set_result("a page")
    assert (future.done, called) == (True, [])
    loop.run()
    assert called == ["a page"]


@FUTURES
def test_a_callback_that_comes_late_is_called_too(loop, name):
    future, called = load(name).Future(loop), []
    future.set_result()
    future.add_done_callback(lambda: called.append("late"))
    assert called == []
    loop.run()
    assert called == ["late"]


@FUTURES
def test_callbacks_are_called_in_their_order_and_never_inside_each_other(loop, name):
    called = []

    def first():
        called.append("first begins")
        loop.call_soon(lambda: called.append("third"))
        called.append("first ends")

    loop.call_soon(first)
    loop.call_soon(lambda: called.append("second"))
    loop.run()
    assert called == ["first begins", "first ends", "second", "third"]


@FUTURES
def test_callbacks_that_call_for_more_and_more_keep_no_socket_waiting(loop, name):
    here, there = socket.socketpair()
    with here, there:
        there.send(b"!")
        turns = []

        def again():
            turns.append(loop.selector.get_map())
            if loop.selector.get_map():
                assert len(turns) < 10
                loop.call_soon(again)

        loop.ready(here, EVENT_READ)
        loop.call_soon(again)
        loop.run()


@TASKS
def test_a_task_goes_on_with_what_is_already_there(loop, name):
    done, got = load(name).Future(loop), []
    done.set_result("a page")
    # More of them than the interpreter nests.
    task = load(name).Task(loop, coroutine(name, [done] * 5_000, got))
    loop.run()
    assert (task.done, task.result) == (True, "the end")
    assert got == ["a page"] * 5_000


@TASKS
def test_a_task_waits_for_another(loop, name):
    future, got = load(name).Future(loop), []
    first = load(name).Task(loop, coroutine(name, [future], got))
    second = load(name).Task(loop, coroutine(name, [first], got))
    loop.run()
    assert not second.done
    future.set_result("3")
    loop.run()
    assert second.done
    assert got == ["3", "the end"]


@TASKS
def test_a_chain_of_tasks_longer_than_the_stack_is_deep_comes_to_its_end(loop, name):
    first = last = load(name).Future(loop)
    for _ in range(10 * sys.getrecursionlimit()):
        last = load(name).Task(loop, coroutine(name, [last], []))
    first.set_result()
    loop.run()
    assert last.result == "the end"


@TASKS
def test_nothing_runs_in_the_middle_of_a_task_whatever_it_resolves_or_starts(loop, name):
    stage, log = load(name), []

    def other(who, future):
        yield future
        log.append(who)

    def task():
        log.append("A before")
        future.set_result()
        stage.Task(loop, other("C ran", future))
        log.append("A after")
        yield future

    future = stage.Future(loop)
    stage.Task(loop, other("B ran", future))
    stage.Task(loop, task())
    loop.run()
    assert log == ["A before", "A after", "B ran", "C ran"]


CALLERS = """
import sys, traceback
sys.path.insert(0, {folder!r})
import {name} as stage
try:
    stage.fetch_all(stage.PATHS)
except OSError as error:
    print(*[frame.name for frame in traceback.extract_tb(error.__traceback__)])
"""


@pytest.mark.parametrize(
    ("name", "frames"),
    [
        ("event_loop", "<module> fetch_all run send"),
        ("futures", "<module> fetch_all run send"),
        ("generators", "<module> fetch_all run step fetch"),
        ("yield_from", "<module> fetch_all run step fetch connect"),
        ("async_await", "<module> fetch_all run step fetch connect"),
    ],
)
def test_the_traceback_of_a_refused_connection_names_the_callers_again(name, frames, tmp_path):
    assert python(CALLERS, name, tmp_path, faulty(Fault("refuse", "3"))).split() == frames.split()
