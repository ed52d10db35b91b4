"""What the pages of the stages say of other Pythons: by the newest that can, or what brings one."""

import pytest
from msgspec.structs import replace

from scripts.page.failures import ClaimFailed
from scripts.page.measured import elsewhere
from tests.tiny import rows

from .conftest import MADE, NEWER, made

PARALLEL = {
    "GIL": True, "cores": 2, "spins, in turn": 1.0, "spins, threads": 1.0, "spins, processes": 0.5,
    "spins, interpreters": None, "waits, in turn": 1.0, "waits, threads": 0.5, "waits, processes": 0.5,
    "waits, interpreters": None, "in line for a core": 0.001,
}  # fmt: skip
TREE = "└── (T) Task-1\n    └──  fetch tasks.py:32\n        └──  <read> streams.py:1"
OBJECTION = "'asyncio.get_event_loop_policy' is deprecated"
NEWEST = made("3.15", **NEWER, objection=OBJECTION)
ALONE = ("default_starts", "turns_elsewhere", "objections", "task_tree", "gil_trap", "newest_ways")


def found(name, **values):
    return replace(MADE, name=name, python=f"{name.rpartition('/')[2]}.1", values=values)


def parallel(name="parallel", **changes):
    return found(name, **PARALLEL | {key.replace("_", " "): value for key, value in changes.items()})


def test_computing_is_shown_by_the_newest_that_has_interpreters(given):
    able = parallel("parallel/3.15", **{"spins, interpreters": 0.5, "waits, interpreters": 0.5})
    given(made("3.11"), made("3.14", **NEWER), NEWEST, parallel(), able)
    told = elsewhere.newest_ways()
    assert "CPython 3.15.1 来跑" in told
    assert [cells[0] for cells in rows(told)[1:]] == ["一个接一个", "两个线程", "两个进程", "两个解释器"]
    assert "3.15：两个解释器各算各的，是一个接一个的 0.500 倍" in told
    assert "0.500 倍" in elsewhere.beyond_the_gil()
    assert "uv python install 3.15t" in told
    assert elsewhere.names() == ["parallel/3.15", "task_tree/3.15"]
    given(made("3.11"), NEWEST, parallel(), parallel("parallel/3.15", **{"spins, interpreters": 0.91}))
    with pytest.raises(ClaimFailed, match="spins, interpreters"):
        elsewhere.newest_ways()


def test_where_others_have_the_cores_nobody_can_say_what_computes_at_the_same_time(given):
    busy = {"spins, interpreters": 2.0, "in line for a core": 0.2}
    given(made("3.11"), NEWEST, parallel(), parallel("parallel/3.15", **busy))
    assert "3.15：两个解释器能不能同时算，这次无从检验：核心被别的程序占着" in elsewhere.newest_ways()
    assert "claim--untold" in elsewhere.beyond_the_gil()


def test_where_no_python_computes_beyond_the_gil_it_is_said_what_brings_one(given):
    given(made("3.9"), made("3.10"))
    assert "uv python install 3.15<" in elsewhere.beyond_the_gil()
    assert "uv python install 3.15t<" in elsewhere.beyond_the_gil()
    given()
    assert elsewhere.beyond_the_gil() == ""


def test_what_this_python_has_itself_is_not_shown_by_another(given):
    given(made("3.11"), NEWEST, parallel(GIL=False, **{"spins, interpreters": 0.5}))
    assert elsewhere.newest_ways() == ""


def test_without_the_gil_it_is_the_threads_that_are_judged_and_the_trap_is_run(given):
    """By a stand-in: no such build has been run."""
    free = made("3.15t", GIL=False, **NEWER, **{"spins, threads": 0.05})
    able = parallel("parallel/3.15t", GIL=False, **{"spins, threads": 0.5, "spins, interpreters": 0.5})
    trap = found("gil_trap/3.15t", before=False, after=True, warning="The <GIL> has been enabled")
    given(made("3.11"), free, parallel(), able, trap)
    assert "3.15t：两个线程各算各的，是一个接一个的 0.500 倍" in elsewhere.newest_ways()
    assert "uv python install" not in elsewhere.beyond_the_gil()
    assert "不带 GIL 的 3.15t，0.50 倍" in elsewhere.turns_elsewhere()
    assert "The &lt;GIL&gt; has been enabled" in elsewhere.gil_trap()
    assert "gil_trap/3.15t" in elsewhere.names()
    given(
        made("3.11"), free, parallel(), able, found("gil_trap/3.15t", before=False, after=False, warning=None)
    )
    with pytest.raises(ClaimFailed, match="'after' of 'gil_trap/3.15t' is False"):
        elsewhere.gil_trap()
    given(made("3.11"), free, found("gil_trap/3.15t", before=False, after=None, warning=None))
    assert "没有 C 编译器" in elsewhere.gil_trap()


def test_default_ways_to_start_processes_are_grouped(given):
    given(made("3.9"), made("3.11"), made("3.14", **NEWER), NEWEST)
    told = elsewhere.default_starts()
    assert "3.9 到 3.11 默认 <code>fork</code>，" in told
    assert "3.14 到 3.15 默认 <code>forkserver</code>，" in told
    assert "20.0 毫秒" in told


def test_turns_of_threads_are_told_from_the_least_to_the_most(given):
    given(made("3.9"), made("3.11", **{"spins, threads": 0.09}))
    assert (
        "从 3.9 到 3.11，每一版都跑了一遍：两个线程的用时是先后做完的 0.90 到 1.0 倍"
        in elsewhere.turns_elsewhere()
    )


def test_who_objects_to_the_policy_of_loops_is_quoted(given):
    given(made("3.11"), NEWEST)
    assert "3.11 一声不响；3.15 说“" in elsewhere.objections()
    assert "asyncio.get_event_loop_policy" in elsewhere.objections()


def test_a_tree_of_tasks_is_shown_as_text_and_has_one_page(given):
    given(made("3.11"), NEWEST, found("task_tree/3.15", tree=TREE, waiting=1))
    assert "&lt;read&gt; streams.py:1" in elsewhere.task_tree()
    given(made("3.11"), NEWEST, found("task_tree/3.15", tree=TREE, waiting=0))
    with pytest.raises(ClaimFailed, match="'waiting' of 'task_tree/3.15' is 0"):
        elsewhere.task_tree()
    given(made("3.11"), NEWEST, found("task_tree/3.15", tree=None, waiting=0))
    assert "不许它看别的进程" in elsewhere.task_tree()
    given(made("3.9"), made("3.11"))
    assert "pstree" in elsewhere.task_tree()
    assert "uv python install 3.15" in elsewhere.task_tree()


@pytest.mark.parametrize("name", ALONE)
def test_of_one_python_alone_it_is_said_what_is_missing_and_what_brings_it(given, name):
    given(parallel())
    told = getattr(elsewhere, name)()
    assert "没有跑过" in told
    assert "uv python install 3.15" in told
    assert "claim" not in told
