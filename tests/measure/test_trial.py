"""A measurement of made-up programs: what becomes of good ones, and that no bad one passes."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from scripts.lab import Connection, Fault, LabError, LabTimeout, Settings
from scripts.lab.http import body
from scripts.measure import TRACED, Record, RunFailed, measure
from scripts.measure.attempt import WORKER
from scripts.measure.measurements import decode
from scripts.measure.trial import SMALL_BODY, distances
from scripts.stages import PAGES, find
from tests.patience import PATIENCE

from .conftest import QUICK, outcome, run_here


def fails(case, settings=QUICK, run=run_here, **options):
    """Measure, expect a failure, and return its text."""
    with pytest.raises(RunFailed) as failure:
        measure(case, settings, 1, run=run, **options)
    assert f"stage {case.name!r}: " in str(failure.value)
    return str(failure.value)


def test_a_good_program_gives_a_record_with_its_provenance(program):
    record = measure(program(), QUICK, 2, run=run_here)
    assert isinstance(record, Record)
    assert (record.stage, record.link, record.faults) == ("threads", "emulated", ())
    assert (record.rtt, record.service_time, record.body_size) == (0.01, 0.01, 200)
    assert record.ideal == pytest.approx(0.03)
    assert record.measured_at.utcoffset() == timedelta(0)
    assert len(record.samples) == 2
    sample = record.samples[0]
    assert (sample.pages, sample.bytes) == (2, 400)
    assert sample.wall > 0
    assert sample.cpu >= 0
    assert decode(msgspec.json.encode(record), Record) == record


def test_the_ideal_of_a_sequential_stage_counts_its_pages(program):
    assert measure(program(name="blocking"), QUICK, 1, run=run_here).ideal == pytest.approx(0.06)


def test_progress_is_told_after_each_run(program):
    told = []
    measure(program(), QUICK, 3, progress=lambda *step: told.append(step), run=run_here)
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_connections_count_from_the_start_of_fetch_all(program):
    begin = time.monotonic()
    (connection,) = measure(program(), QUICK, 1, run=run_here).samples[0].connections
    assert connection["established"] - connection["syn"] == pytest.approx(0.15)
    assert connection["syn"] <= 100.0 - begin
    assert connection["closed"] is None


def reporting(**report):
    """Runs here, and reports that of the lab."""

    def run(*arguments, **options):
        done = run_here(*arguments, **options)
        return outcome(0, done.stdout, **report)

    return run


def test_how_late_connections_and_answers_were_is_kept_whatever_their_number(program):
    late = [Connection(0.0, 0.01 + n / 1000, 1.0, 1.02 + n / 100) for n in range(1, 101)]
    lab = reporting(connections=(*late, Connection(syn=0.5)), link_cpu=0.5, origin_cpu=0.25)
    (sample,) = measure(program(), QUICK, 1, run=lab).samples
    assert sample.connections == ()
    assert (sample.connect_late, sample.connect_late_p99) == (pytest.approx(0.0505), pytest.approx(0.099))
    assert (sample.answer_late, sample.answer_late_p99) == (pytest.approx(0.505), pytest.approx(0.99))
    assert (sample.link_cpu, sample.origin_cpu) == (0.5, 0.25)


def test_of_so_many_connections_as_a_picture_shows_each_is_kept_and_who_never_came_is_not_late(program):
    lab = reporting(connections=(Connection(syn=0.5),) * TRACED)
    (sample,) = measure(program(), QUICK, 1, run=lab).samples
    assert len(sample.connections) == TRACED
    assert (sample.connect_late, sample.answer_late_p99) == (None, None)


def test_many_pages_have_room_for_a_thread_each_and_another_link_where_it_is_asked_for():
    few, many = (distances(find(name), QUICK) for name in ("threads:loopback", "threads@9000"))
    assert few == replace(QUICK, link="loopback", connections=PAGES)
    assert (many.link, many.body_size, many.connections) == ("auto", SMALL_BODY, 9_000)
    assert many.max_processes >= QUICK.max_processes + 2 * 9_000
    assert many.max_memory >= QUICK.max_memory + 9_000 * (8 << 20)  # the stacks of threads on Linux


def test_bodies_are_of_the_size_that_is_asked_for(program):
    pages = {f"/?page={n}": body(f"/?page={n}", 50) for n in range(12)}
    case = replace(program(f"PAGES = {pages!r}"), pages=12)
    assert measure(case, QUICK, 1, body_size=50, run=run_here).samples[0].bytes == 600


def test_notes_of_the_lab_and_faults_are_kept(program):
    def noting(*arguments, **options):
        done = run_here(*arguments, **options)
        return outcome(0, done.stdout, notes=("fell back to loopback",), link="loopback", orphans_cpu=0.5)

    settings = Settings(body_size=200, faults=(Fault("refuse", "3"),))
    record = measure(program(), settings, 2, run=noting)
    assert record.notes == ("fell back to loopback",)
    assert record.faults == ("refuse@3",)
    assert record.link == "loopback"
    assert record.median("cpu") > 0.5


def test_it_asks_for_the_programs_own_paths(program):
    assert measure(program("PATHS = PATHS[:1]"), QUICK, 1, run=run_here).samples[0].pages == 1


def test_it_asks_for_so_many_pages_as_the_case_has_and_those_are_small(program):
    many = {f"/?page={n}": body(f"/?page={n}", SMALL_BODY) for n in range(12)}
    record = measure(replace(program(f"PAGES = {many!r}"), pages=12), QUICK, 1, run=run_here)
    assert (record.stage, record.body_size) == ("threads@12", SMALL_BODY)
    assert (record.samples[0].pages, record.samples[0].bytes) == (12, 12 * SMALL_BODY)


def test_a_loop_is_chosen_by_its_name(program):
    text = "def fetch_all(paths, loop):\n    assert loop == 'trio'\n    return {path: PAGES[path] for path in paths}"
    assert measure(program(text, "loops:trio"), QUICK, 1, run=run_here).samples[0].pages == 2


def test_no_runs_are_refused(program):
    with pytest.raises(ValueError, match="0 runs: at least one"):
        measure(program(), QUICK, 0, run=run_here)


def test_what_a_program_prints_does_no_harm(program):
    printing = "import os; print('hello'); os.write(1, b'raw'); os.system('echo child')\n"
    assert measure(program(printing), QUICK, 1, run=run_here).samples[0].pages == 2


def test_the_callers_python_variables_do_not_reach_a_program(program, monkeypatch):
    monkeypatch.setenv("PYTHONDEVMODE", "1")
    assert measure(program("import sys; assert not sys.flags.dev_mode\n"), QUICK, 1, run=run_here)


def test_a_program_that_raises(program):
    text = fails(program("def fetch_all(paths): raise ConnectionRefusedError('nobody there')"))
    assert "exit status 1: ConnectionRefusedError: nobody there" in text
    assert "in fetch_all" in text  # the traceback comes along


@pytest.mark.parametrize("status", [0, None])
@pytest.mark.parametrize("where", ["", "def fetch_all(paths): "])
def test_a_program_that_ends_as_if_all_were_well(program, where, status):
    text = fails(program(f"{where}import sys; sys.exit({status})"))
    assert "ended with status 0 before fetch_all had returned" in text


def test_a_program_that_ends_itself_silently(program):
    text = fails(program("def fetch_all(paths): import os; os._exit(3)"))
    assert "exit status 3: it said nothing on stderr" in text


def test_a_program_that_is_killed(program):
    text = fails(program("def fetch_all(paths): import os; os.kill(os.getpid(), 9)"))
    assert "killed by SIGKILL" in text


def test_a_program_that_hangs(program):
    def timing_out(command, settings, *, timeout, **options):
        raise LabTimeout(f"killed after {timeout} s", b"", b"still waiting for page 3\n")

    text = fails(program(), run=timing_out, timeout=2.0)
    assert "no end after 2.0 s" in text
    assert "still waiting for page 3" in text


def test_the_time_allowed_grows_with_the_ideal(program):
    allowed = []

    def noting(*arguments, timeout, **options):
        allowed.append(timeout)
        return run_here(*arguments, timeout=timeout, **options)

    case = program(f"PAGES = { ({p: body(p, SMALL_BODY) for p in ['/?page=0', '/?page=1']})!r}", "blocking")
    measure(replace(case, pages=2), QUICK, 1, run=noting)
    measure(program(name="blocking"), QUICK, 1, run=noting)
    assert allowed == [pytest.approx(10.184), pytest.approx(10.92)]


def test_a_lab_that_cannot_be_had(program):
    def refuse(*arguments, **options):
        raise LabError("no emulated link here: the system refused")

    assert "no emulated link here: the system refused" in fails(program(), run=refuse)


@pytest.mark.parametrize(
    ("returned", "complaint"),
    [
        ("{**PAGES, '/?page=1': b'wrong'}", "the body of /?page=1 is wrong: 5 bytes came, 200 were sent"),
        ("{**PAGES, '/?page=1': PAGES['/?page=0']}", "the body of /?page=1 is wrong"),
        ("{'/?page=0': PAGES['/?page=0']}", "1 of 2 pages are missing, the first of them /?page=1"),
        ("{}", "2 of 2 pages are missing"),
        ("{**PAGES, '/other': b''}", "it returned /other, which it was not asked for"),
        ("None", "TypeError: fetch_all returned NoneType, not a dict"),
        ("list(PAGES)", "TypeError: fetch_all returned list, not a dict"),
        ("dict.fromkeys(PAGES, 'text')", "TypeError: fetch_all returned '/?page=0': str"),
        ("{1: b''}", "TypeError: fetch_all returned 1: bytes"),
    ],
)
def test_a_fast_wrong_answer_is_an_error(program, returned, complaint):
    assert complaint in fails(program(f"def fetch_all(paths): return {returned}"))


def test_a_program_that_asks_for_nothing(program):
    assert "it asked for no page at all" in fails(program("PATHS = []"))


@pytest.mark.parametrize("garbage", [b"hello", b"[]", b"null", b'{"wall": 1}', b"\xff", b"{} {}"])
def test_an_answer_that_cannot_be_read(program, garbage):
    def run(*arguments, **options):
        return outcome(0, garbage)

    text = fails(program(), run=run)
    assert "the worker's answer cannot be read" in text
    assert repr(garbage) in text


def test_a_program_that_does_not_exist(program):
    case = program()
    case.snippet.unlink()
    assert "there is no program threads.py in " in fails(case)


def test_a_program_that_is_no_python(program):
    assert "exit status 1: SyntaxError" in fails(program("def ("))


RAISING = {
    "with a note": (
        "e = ValueError('bad'); e.add_note('while counting'); raise e",
        "exit status 1: ValueError: bad (threads.py:7)",
    ),
    "of two lines": ("raise ValueError('one\\ntwo')", "exit status 1: ValueError: one (threads.py:7)"),
    "without a message": ("raise ValueError", "exit status 1: ValueError (threads.py:7)"),
    "after another": (
        "try: 1 / 0\n    except ArithmeticError as e: raise ValueError('x') from e",
        "exit status 1: ValueError: x (threads.py:8)",
    ),
    "a group": ("raise ExceptionGroup('all', [ValueError('x')])", "exit status 1: ExceptionGroup: all (1 sub-exception)"),
    "a group of those that were raised": (
        "import asyncio\n    async def f(): raise ValueError('x')\n    async def g():\n"
        "        async with asyncio.TaskGroup() as group: group.create_task(f())\n    asyncio.run(g())",
        "exit status 1: ValueError: x (threads.py:8)",
    ),
    "in the library": ("import json; json.loads('{')", "(threads.py:7)\n"),
    "a traceback of its own, and more": ("raise SystemExit('over')", "exit status 1: over\n"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "told"), RAISING.values(), ids=RAISING)
def test_an_error_is_told_by_its_type_its_first_line_and_its_place(program, body, told):
    assert told in fails(program(f"def fetch_all(paths):\n    {body}\n"))


def test_a_program_without_a_colon_is_told_with_its_place(program):
    assert "exit status 1: SyntaxError: expected ':' (threads.py:6)" in fails(
        program("def fetch_all(paths)\n    pass")
    )


def test_who_has_no_semaphores_hears_where_they_would_be(program):
    text = "def fetch_all(paths):\n    class _multiprocessing:\n        def SemLock(*args): raise OSError(2, 'No such file')\n    _multiprocessing.SemLock(1)\n"
    assert "need a /dev/shm that one may write to" in fails(program(text))


def test_a_program_that_changes_while_it_is_measured(program):
    case = program()

    def editing(*arguments, **options):
        done = run_here(*arguments, **options)
        case.snippet.write_text("# edited")
        return done

    assert "its program changed while it was measured" in fails(case, run=editing)


def test_runs_over_different_links_make_no_record(program):
    links = iter(["emulated", "loopback"])

    def changing(*arguments, **options):
        return outcome(0, run_here(*arguments, **options).stdout, link=next(links))

    with pytest.raises(RunFailed, match="different links, emulated and loopback"):
        measure(program(), QUICK, 2, run=changing)


def test_the_host_is_looked_up_before_by_the_programs_own_socket_module(program):
    own = """
class socket:
    getaddrinfo = lambda *address: print("looked up", *address)
def fetch_all(paths):
    raise OSError
"""
    assert "looked up localhost 80" in fails(program(own))


def test_only_the_last_lines_of_stderr_are_shown(program):
    text = fails(program("import sys\nfor n in range(99): print('line', n)\nsys.exit('the end')"))
    assert "exit status 1: the end" in text
    assert "line 98" in text
    assert "line 12" not in text


SPIN = """
def spin(path):
    import time
    while time.process_time() < 0.2: pass
    return PAGES[path]
def fetch_all(paths):
    from concurrent.futures import ProcessPoolExecutor
    with ProcessPoolExecutor() as pool:
        return dict(zip(paths, pool.map(spin, paths)))
"""


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_cpu_and_switches_of_a_pools_processes_are_counted(program, method):
    (sample,) = measure(
        program(SPIN, f"processes:{method}"), QUICK, 1, run=run_here, timeout=PATIENCE
    ).samples
    assert sample.user + sample.system >= 0.2
    assert sample.voluntary > 0
    assert sample.memory > 1 << 20


def test_memory_is_the_peak_in_bytes(program):
    big = "def fetch_all(paths):\n    b'x' * (64 << 20)\n    return dict(PAGES)\n"
    (sample,) = measure(program(big), QUICK, 1, run=run_here).samples
    assert 64 << 20 < sample.memory < 128 << 20


def test_the_worker_imports_next_to_nothing_at_its_top():
    # Each process that multiprocessing spawns imports the worker again.
    code = "import sys; before = set(sys.modules); exec(sys.argv[1], {}); print(*set(sys.modules) - before)"
    command = [sys.executable, "-c", code, WORKER.read_text()]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == ""
