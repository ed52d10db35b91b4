"""Sentences that say what was found, whichever way it came out."""

import re
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from scripts.measure import Finding, Ordeal, Results
from scripts.measure.ordeal import CROWD
from scripts.page import sentences
from scripts.page.failures import ClaimFailed, NoSuchThing
from scripts.page.measured import crowds, felt, lab, moments
from scripts.page.measured.felt import CYCLE, YEAR, in_cycles
from scripts.page.pictures import readiness
from scripts.page.vocabulary import VOCABULARY
from tests.tiny import ROOT, record

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SPINS = {"GIL": True, "one after another": 1.0, "in two threads": 1.1}
PARALLEL = {
    "GIL": True, "cores": 2, "spins, in turn": 1.0, "spins, threads": 1.0, "spins, processes": 0.5,
    "spins, interpreters": None, "waits, in turn": 1.0, "waits, threads": 0.5, "in line for a core": 0.001,
}  # fmt: skip
IDLE = {"held": 10_000, "asked for": 10_000, "descriptors": 10_100}
READINESS = {
    "select, 10": 1e-6,
    "select, 9000": None,
    "poll, 9000": 1e-3,
    "epoll, 9000": 1e-6,
    "FD_SETSIZE": None,
}
MEMORY_TIME = {"clock cycle": 5e-10, "assignment": 1e-9, "memory access": 1e-7}
SWITCH_TIME = {"system call": 1e-7, "context switch": 2e-6, "round trip": 0.15}
DISK_TIME = {"1 MB from the page cache": 1e-4, "1 MB past the page cache": 1e-3}
CONNECTION = {
    "syn": 0.1,
    "established": 0.25,
    "request": 0.26,
    "first_byte": 0.5,
    "last_byte": 0.6,
    "closed": None,
}


@pytest.fixture
def given(begun):
    """A function that gives findings, with changes, and the records and ordeals that sentences ask for."""

    def give(
        link="emulated",
        delivered=10_000,
        raised=None,
        interpreter="CPython",
        connections=(CONNECTION,),
        **changes,
    ):
        values = {
            "spins": SPINS,
            "parallel": PARALLEL,
            "idle": IDLE,
            "readiness": READINESS,
            "memory_time": MEMORY_TIME,
            "switch_time": SWITCH_TIME,
            "disk_time": DISK_TIME,
        }
        findings = {
            name: Finding(
                name,
                found | changes.get(name, {}),
                link,
                "3",
                interpreter,
                "L",
                "P",
                2,
                None,
                WHEN,
            )
            for name, found in values.items()
        }
        made = record("blocking", [4.5], link=link)
        sample = replace(made.samples[0], connections=tuple(connections))
        records = [
            replace(made, samples=(sample,)),
            *(record(f"loops:{loop}@1000", [wall], cpu=wall / 2) for loop, wall in LOOPS.items()),
        ]
        ordeals = [
            Ordeal(
                f"{stage}@10000",
                CROWD,
                10_000,
                delivered,
                raised or {},
                False,
                1.5,
                1.0,
                9.0,
                link,
                0.1,
                0.1,
                WHEN,
            )
            for stage in ("tasks", "threads")
        ]
        begun(
            Results({each.stage: each for each in records}, {each.name: each for each in ordeals}, findings)
        )

    give()
    return give


LOOPS = {"asyncio": 0.7, "uvloop": 0.5, "trio": 0.9}


def test_with_a_lock_two_threads_take_turns_and_without_one_they_need_not(given):
    assert "有 GIL" in sentences.gil()
    assert 'class="claim"' in sentences.two_spins()
    given(spins={"GIL": False, "in two threads": 0.5})
    assert "不带 GIL" in sentences.gil()
    assert "claim" not in sentences.two_spins()


def test_of_an_interpreter_it_says_what_it_lacks_and_claims_what_it_can(given):
    assert "InterpreterPoolExecutor" in sentences.interpreter()
    assert sentences.parallel_claims().count('class="claim"') == 3
    changes = {"GIL": False, "cores": 1, "spins, interpreters": 1.0}
    given(interpreter="<b>Py", parallel=changes)
    assert sentences.interpreter() == "<p>量的时候用的是 &lt;b&gt;Py 3，没有 GIL，用得上 1 个核心。</p>\n"
    assert sentences.parallel_claims().count('class="claim"') == 1


@pytest.mark.parametrize("spins", [0.5, 0.94])
@pytest.mark.parametrize(
    ("lacking", "reason"),
    [({"cores": 1}, "用得上的核心只有一个"), ({"in line for a core": 0.11}, "要排队等上 ")],
    ids=["cores", "time"],
)
def test_without_two_cores_nobody_can_say_what_two_processes_do_at_the_same_time(
    given, lacking, reason, spins
):
    given(parallel={"spins, processes": spins, **lacking})
    *_, told = sentences.parallel_claims().split("<li>")
    assert re.search(f"claim--untold.*无从检验：.*{reason}", told)
    assert "检验要求" not in told


@pytest.mark.parametrize("line", [0.1, None])
def test_with_two_cores_processes_that_take_turns_are_a_failure(given, line):
    given(parallel={"spins, processes": 0.91, "in line for a core": line})
    with pytest.raises(ClaimFailed, match="'spins, processes' of 'parallel' is 0.91"):
        sentences.parallel_claims()


@pytest.mark.usefixtures("given")
def test_of_the_loops_the_quickest_is_claimed_and_the_lightest_named():
    assert sentences.quickest_loop("<=", 1.5).startswith(
        '<span class="claim">各家循环（uvloop，1,000 页）的墙钟'
    )
    assert (
        sentences.loops_apart().index("uvloop")
        < sentences.loops_apart().index("trio")
        < sentences.loops_apart().index("1.8 倍")
    )


def test_what_limits_how_many_are_held(given):
    assert "一万个都拿住了" in sentences.held()
    given(idle={"held": 900, "descriptors": 1_000})
    assert "1,000 个文件" in sentences.held()


def test_what_ten_thousand_questions_cost_where_both_can_be_asked(given):
    assert "10.0 秒的 CPU" in sentences.wakeups()
    given(readiness={"epoll, 9000": None})
    assert sentences.wakeups() == ""


@pytest.mark.usefixtures("given")
def test_the_picture_of_asking_has_a_line_for_each_interface_that_there_is():
    assert "epoll" in readiness.asking()
    assert "kqueue" not in readiness.asking()


def test_what_a_cpu_feels(given):
    assert felt.felt(CYCLE) == "1 秒"
    assert felt.felt_here("system call") == "3 分 20 秒"
    assert felt.felt_wall("blocking") == "285 年"
    assert felt.found_here("round trip").startswith('<span class="figure"')
    assert felt.not_found() == ""
    given(memory_time={"clock cycle": None, "assignment": None})
    assert felt.felt_here("system call") == in_cycles(1e-7, CYCLE)
    assert felt.felt_here("assignment") == ""
    assert "还有：一个时钟周期、Python 里赋一次值。" in felt.not_found()


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.5, "不到一秒"),
        (61, "1 分 1 秒"),
        (3600, "1 小时"),
        (101 * YEAR, "101 年"),
        (12_345 * YEAR, "1.2 万年"),
    ],
)
def test_in_cycles_the_two_largest_units_are_told(seconds, told):
    assert in_cycles(seconds, 1) == told


def test_on_loopback_a_round_trip_is_not_what_it_is_called(given):
    assert sentences.switches().count('class="claim"') == 3
    given(link="loopback")
    assert sentences.switches().count('class="claim"') == 2
    assert felt.found_here("round trip") == "—"


def test_the_disk_is_told_where_it_could_be_measured(given):
    assert "1.00 毫秒" in sentences.disk()
    given(disk_time={"1 MB past the page cache": None})
    assert "figure" not in sentences.disk()


def test_who_brings_ten_thousand_pages(given):
    assert "全收回来了" in crowds.lost_streams()
    assert "1.50 秒" in crowds.many_threads()
    given(delivered=9_990, raised={"": "RuntimeError: <can't>"})
    assert "少了 10 页" in crowds.lost_streams()
    assert "RuntimeError: &lt;can&#39;t&gt;" in crowds.many_threads()


@pytest.mark.usefixtures("given")
def test_the_lab_and_what_follows_from_it():
    assert lab.setting("rtt") == "0.15 秒"
    assert lab.setting("download") == "0.45 秒"
    assert lab.in_flight(2_000) == "900"
    assert lab.in_flight(10_000_000, 86_400) == "52"
    assert lab.in_a_day() == "192,000"
    with pytest.raises(NoSuchThing, match="did you mean 'rtt'"):
        lab.setting("rt")


def test_moments_of_connections_are_medians_of_those_that_there_were(given):
    assert moments.phase("blocking", "syn", "established") == "0.150 秒"
    assert moments.latest("blocking", "first_byte") == "0.500 秒"
    assert moments.phase("blocking", "syn", "closed") == "量不到"
    with pytest.raises(NoSuchThing, match="did you mean 'syn'"):
        moments.latest("blocking", "sym")
    given(connections=())
    assert moments.latest("blocking", "syn") == "量不到"


def test_every_function_of_the_vocabulary_is_called_by_a_page():
    pages = "".join(path.read_text("utf-8") for path in (ROOT / "docs" / "zh").glob("*.md"))
    assert [name for name in VOCABULARY if f"{name}(" not in pages] == []
