"""The stages that lose no good page over a bad one, and the experiments beside them."""

import asyncio
import importlib
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from scripts.lab import Fault, Settings, bare_environment
from scripts.lab.http import body
from scripts.stages import SNIPPETS
from tests.strictly import complaints, in_the_lab

WAYS = {
    "greenlets": {},
    "tasks": {},
    "loops:asyncio": {"loop": "asyncio"},
    "loops:uvloop": {"loop": "uvloop"},
    "loops:trio": {"loop": "trio"},
    "cluster": {},
    "c10k:asyncio": {"loop": "asyncio"},
    "c10k:uvloop": {"loop": "uvloop"},
}
if sys.platform == "win32":
    del WAYS["loops:uvloop"], WAYS["c10k:uvloop"]
LATE = pytest.mark.parametrize("case", WAYS)
EACH = pytest.mark.parametrize("case", [*WAYS, "deadlines"])

QUICK = Settings("loopback", rtt=0.01, service_time=0.01)
PAGES = {f"/?page={n}": body(f"/?page={n}", QUICK.body_size).decode() for n in range(10)}
BAD = "/?page=3"
ENDLESS = {"/?page=3": "drip", "/?page=5": "silent"}
DASK_GAVE_UP = ["future: <Future finished exception=TimeoutError('Timeout')>", "TimeoutError: Timeout"]
"""What Dask may leave behind of a wait of its own, when a cluster closes: it is not a page's time-out."""
SOON, FAR = 5.0, 60.0
"""Seconds for a page, in place of the program's own: where somebody has to wait for them, and where nobody does.

No machine is so busy that it takes the longer ones for what comes at once.
"""

TOLD = """
import gc, json, sys, time
sys.path[:0] = {folder!r}, {folder!r} + "/demonstrations"
import {name} as stage
stage.TIMEOUT = {deadline}

def told(found):
    return found.decode() if isinstance(found, bytes) else [type(found).__name__, str(found)]

def leaves(error):
    group = isinstance(error, ExceptionGroup)
    return [leaf for each in error.exceptions for leaf in leaves(each)] if group else [told(error)]

if __name__ == "__main__":
    stage.fetch_each(stage.PATHS[:1], **{way!r})  # imports what a loop needs
    start = time.perf_counter()
    try:
        found = stage.{function}(stage.PATHS, **{way!r})
        answer = [[path, told(page)] for path, page in found.items()]
    except Exception as error:
        answer = leaves(error)
    seconds = time.perf_counter() - start
    gc.collect()  # what was not closed warns now
    print(json.dumps([answer, seconds]))
"""
TWICE = """
import gc, sys, threading
sys.path.insert(0, {folder!r})
import {name} as stage
if __name__ == "__main__":
    before = threading.active_count()
    pages = [fetch(stage.PATHS, **{way!r}) for fetch in (stage.fetch_each, stage.fetch_all) * 2]
    gc.collect()
    assert all(list(each.items()) == list(pages[0].items()) for each in pages)
    # Dask keeps one idle thread for whatever is to be pickled; it ends with the interpreter.
    left = [thread.name for thread in threading.enumerate() if not thread.name.startswith("Dask-Offload")]
    print(len(pages[0]), len(left) - before)
"""
REAL = """
import os, sys
from dask import config
from distributed import LocalCluster
if __name__ == "__main__":
    settings = dict(n_workers={workers}, threads_per_worker=10, host="127.0.0.1", dashboard_address=None)
    with config.set(temporary_directory={scratch!r}), LocalCluster(**settings) as real:
        os.environ["SCHEDULER"] = real.scheduler_address
        sys.path.insert(0, {folder!r})  # the worker's process has started without it
        import cluster as stage
        del stage.LOCAL
        try:
            print(*[len(fetch(stage.PATHS)) for fetch in (stage.fetch_all, stage.fetch_each)])
        except TimeoutError as error:
            print(error)
"""
NOBODY = """
import os, socket, sys, time
sys.path.insert(0, {folder!r})
import cluster as stage
with socket.socket() as silent:
    silent.bind(("127.0.0.1", 0))  # and does not listen
    os.environ["SCHEDULER"] = "tcp://127.0.0.1:" + str(silent.getsockname()[1])
    start = time.perf_counter()
    try:
        stage.fetch_all(stage.PATHS)
    except OSError as error:
        print(error)
    print((time.perf_counter() - start) / stage.TIMEOUT)
"""
COST = """
import json, os, sys
sys.path.insert(0, {folder!r})
from demonstrations import cluster_cost
cluster_cost.TASKS = 50
if __name__ == "__main__":
    os.environ["SCHEDULER"] = {address!r}
    print(json.dumps(cluster_cost.demonstrate()))
"""


def python(program, tmp_path, settings=QUICK, **words):
    """Run `program` as a file in the lab, with every warning an error, and return what it prints."""
    script = tmp_path / "program.py"
    script.write_text(program.format(folder=str(SNIPPETS), **words), encoding="utf-8")
    outcome = in_the_lab(script, settings, env=bare_environment())
    # gevent itself reports a greenlet that failed, beside raising its error where it is joined.
    reports = words.get("name") == "greenlets" and words.get("function") == "fetch_all"
    told = [] if reports else complaints(outcome.stderr)
    if words.get("name") == "cluster" and told[1:] == DASK_GAVE_UP:
        told = []
    assert (outcome.returncode, told) == (0, [])
    return outcome.stdout.decode()


def told(case, function, tmp_path, *faults, deadline=FAR):
    """What that function returned or raised, as text, and its time in units of the deadline."""
    settings = replace(QUICK, faults=faults)
    words = {
        "name": case.partition(":")[0],
        "way": WAYS.get(case, {}),
        "function": function,
        "deadline": deadline,
    }
    answer, seconds = json.loads(python(TOLD, tmp_path, settings, **words))
    return answer, seconds / deadline


def load(name):
    return importlib.import_module(f"snippets.{name}")


@LATE
def test_each_and_all_give_the_same_pages_again_and_again_and_leave_no_thread(case, tmp_path):
    assert python(TWICE, tmp_path, name=case.partition(":")[0], way=WAYS[case]) == "10 0\n"


@EACH
@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("reset", ["ConnectionResetError", "[Errno 104] Connection reset by peer"]),
        ("truncate", ["OSError", "4500 of 9000 bytes came"]),
    ],
)
def test_a_page_that_breaks_off_costs_that_page_only_and_no_wait(kind, error, case, tmp_path):
    found, deadlines = told(case, "fetch_each", tmp_path, Fault(kind, BAD))
    kind_of_error, message = dict(found)[BAD]
    assert kind_of_error == error[0]
    assert message == error[1] or (kind == "reset" and sys.platform != "linux")
    assert [pair for pair in found if pair[0] != BAD] == [[p, text] for p, text in PAGES.items() if p != BAD]
    assert deadlines < 1


@EACH
def test_a_refused_connection_costs_one_page_and_no_wait(case, tmp_path):
    found, deadlines = told(case, "fetch_each", tmp_path, Fault("refuse", "3"))
    errors = [(path, what) for path, what in found if isinstance(what, list)]
    assert [what[0] for _, what in errors] == ["ConnectionRefusedError"]
    assert [path for path, _ in found] == list(PAGES)
    assert dict(found) == PAGES | dict(errors)
    assert deadlines < 1


@pytest.fixture(scope="module")
def endless(tmp_path_factory):
    """What each case will have told of two pages without end: all wait for their deadlines at the same time."""
    faults = [Fault(kind, path) for path, kind in ENDLESS.items()]
    cases = [*WAYS, "deadlines"]
    with ThreadPoolExecutor(len(cases)) as pool:
        yield {
            case: pool.submit(told, case, "fetch_each", folder, *faults, deadline=SOON)
            for case, folder in ((case, tmp_path_factory.mktemp("endless")) for case in cases)
        }


@EACH
def test_pages_that_do_not_end_end_at_the_deadline(case, endless):
    found, deadlines = endless[case].result()
    assert [dict(found)[path][0] for path in ENDLESS] == ["TimeoutError"] * 2
    assert [pair for pair in found if pair[0] not in ENDLESS] == [
        [p, text] for p, text in PAGES.items() if p not in ENDLESS
    ]
    assert 0.99 <= deadlines < 2


@LATE
def test_the_first_error_ends_all(case, tmp_path):
    faults = Fault("silent", "/?page=1"), Fault("truncate", BAD)
    # A thread of Dask's cannot be broken off from outside: it ends at its own deadline.
    deadline, most = (SOON, 2) if case == "cluster" else (FAR, 1)
    raised, deadlines = told(case, "fetch_all", tmp_path, *faults, deadline=deadline)
    assert raised == [["OSError", "4500 of 9000 bytes came"]]
    assert deadlines < most


@pytest.mark.parametrize("name", ["loops", "c10k"])
def test_without_uvloop_it_is_uvloop_that_is_missing(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "uvloop", None)
    monkeypatch.setattr(load(name).socket, "gethostbyname", lambda host: "127.0.0.1")
    with pytest.raises(ModuleNotFoundError, match="uvloop"):
        load(name).fetch_all([], loop="uvloop")


@pytest.mark.parametrize(("name", "error"), [("loops", LookupError), ("c10k", ModuleNotFoundError)])
def test_a_loop_that_does_not_exist_is_an_error(name, error, monkeypatch):
    monkeypatch.setattr(load(name).socket, "gethostbyname", lambda host: "127.0.0.1")
    with pytest.raises(error, match="uloop"):
        load(name).fetch_all([], loop="uloop")


def test_a_real_scheduler_gets_the_program_and_does_the_work(tmp_path):
    assert python(REAL, tmp_path, workers=1, scratch=str(tmp_path)) == "10 10\n"


def test_a_real_scheduler_without_workers_is_an_error(tmp_path):
    assert python(REAL, tmp_path, workers=0, scratch=str(tmp_path)).startswith("Only 0/1 workers arrived")


def test_a_scheduler_that_does_not_answer_is_an_error_soon(tmp_path):
    error, deadlines = python(NOBODY, tmp_path).splitlines()
    assert error.startswith("Timed out trying to connect to tcp://127.0.0.1:")
    assert float(deadlines) < 2


def test_the_cost_of_a_task_is_told_of_the_cluster_that_is_there_only(tmp_path):
    found = json.loads(python(COST, tmp_path, address=""))
    assert (found["real cluster"], found["no real cluster"]) == (None, "SCHEDULER is not set")
    assert 0 < found["threads"] < found["local cluster"]


def test_the_cost_on_a_scheduler_that_cannot_be_had_is_untold(tmp_path):
    found = json.loads(python(COST, tmp_path, address="nowhere"))
    assert found["real cluster"] is None
    assert "missing port number" in found["no real cluster"]


def test_gather_leaves_nine_tasks_running_and_a_task_group_none(monkeypatch):
    failing_task = load("demonstrations.failing_task")
    monkeypatch.setattr(failing_task, "REPETITIONS", 2)
    found = failing_task.demonstrate()
    assert (found["gather, still running"], found["TaskGroup, still running"]) == (9, 0)


@pytest.mark.measures
def test_both_tell_of_a_failure_long_before_the_others_end(findings):
    found = findings("failing_task")
    for name in ("gather, seconds", "TaskGroup, seconds"):
        assert found["failure"] <= found[name] < found["work"] / 2


@pytest.mark.measures
def test_a_nap_stops_the_heart_in_the_loop_and_not_in_a_thread(findings):
    found = findings("heartbeat")
    assert found["beat"] < found["asyncio.to_thread"] < found["nap"] / 2
    assert found["nap"] <= found["time.sleep"] < 2 * found["nap"]


def test_what_a_deadline_cancels_runs_to_its_end(capsys):
    asyncio.run(load("demonstrations.timeouts").main())
    assert capsys.readouterr().out.splitlines() == [
        "page: asks, and gets no answer",
        "page: cancelled at its await",
        "page: finally, closes its socket",
        "site: finally, its tasks have ended",
        "main: TimeoutError, 0 tasks left",
    ]


@pytest.mark.measures
def test_waits_overlap_in_threads_and_what_this_python_lacks_is_none(findings):
    found = findings("parallel")
    assert found["waits, threads"] < 0.75 * found["waits, in turn"]
    assert found["waits, processes"] < 0.75 * found["waits, in turn"]
    if found["GIL"]:
        assert found["spins, threads"] > 0.7 * found["spins, in turn"]
    assert (found["in line for a core"] is None) == (sys.platform != "linux")
    lacking = {key for key, value in found.items() if value is None} - {"in line for a core"}
    has_pool = hasattr(importlib.import_module("concurrent.futures"), "InterpreterPoolExecutor")
    assert lacking == (set() if has_pool else {"spins, interpreters", "waits, interpreters"})
