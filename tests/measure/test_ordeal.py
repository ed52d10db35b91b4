"""What becomes of a program while a page goes wrong, and what of programs that are run for what they tell."""

from dataclasses import replace

import pytest

from scripts import stages
from scripts.lab import Fault, Settings
from scripts.measure import RunFailed
from scripts.measure.demonstration import find, printed
from scripts.measure.ordeal import CROWD, FAULTS, NEAR, TOLD, endure
from scripts.measure.trial import SMALL_BODY, distances
from scripts.stages import PAGES

from .conftest import PATHS, QUICK, outcome, run_here

EACH = "def fetch_each(paths): return {**PAGES, '/?page=1': TimeoutError()}\n"


def test_pages_and_reports_are_told_apart(program):
    ordeal = endure(program(EACH), FAULTS[1], QUICK, run_here)
    assert (ordeal.stage, ordeal.fault, ordeal.asked, ordeal.delivered) == ("threads", FAULTS[1], 2, 1)
    assert ordeal.raised == {"/?page=1": "TimeoutError"}
    assert not ordeal.gave_up
    assert ordeal.wall >= 0


def test_what_fetch_all_raises_is_a_result(program):
    text = "def fetch_all(paths): raise ExceptionGroup('all', [ConnectionRefusedError('nobody there')])"
    ordeal = endure(program(text), FAULTS[0], QUICK, run_here)
    assert (ordeal.delivered, ordeal.raised) == (0, {"": "ConnectionRefusedError: nobody there"})


def test_a_wrong_page_is_not_delivered(program):
    ordeal = endure(program("PAGES['/?page=1'] = b'half'"), FAULTS[2], QUICK, run_here)
    assert ordeal.delivered == len(PATHS) - 1


@pytest.mark.measures
@pytest.mark.parametrize(
    "waiting",
    [
        "threading.Event().wait()",
        "while True: pass",
        "with futures.ThreadPoolExecutor() as pool: pool.submit(time.sleep, 99)",
    ],
)
def test_who_would_wait_for_ever_is_ended_and_its_cpu_counted(program, monkeypatch, waiting):
    monkeypatch.setattr("scripts.measure.ordeal.PATIENCE", 0.3)
    imports = "import concurrent.futures.thread as futures, threading, time"  # whose CPU is not meant
    ordeal = endure(program(f"{imports}\ndef fetch_all(paths):\n    {waiting}"), FAULTS[4], QUICK, run_here)
    assert (ordeal.gave_up, ordeal.delivered, ordeal.raised) == (True, 0, {})
    assert ordeal.wall >= 0.3
    assert (ordeal.cpu / ordeal.wall > 0.05) == ("while" in waiting)


def test_the_late_stages_have_time_for_time_outs_of_their_own(program):
    patience = {endure(program(text), FAULTS[3], QUICK, run_here).patience for text in ("", EACH)}
    assert len(patience) == 2


def test_it_happens_near_the_origin_and_to_one_page(program):
    given = []

    def noting(command, settings, **options):
        given.append(settings)
        return run_here(command, settings, **options)

    endure(program(), "silent@/?page=3", QUICK, noting)
    near = {"rtt": NEAR, "service_time": NEAR, "connections": PAGES}
    assert given == [Settings(**near, body_size=200, faults=(Fault("silent", "/?page=3"),))]


def test_where_only_the_number_is_too_much_nothing_else_goes_wrong_and_the_first_errors_are_told(program):
    text = "def fetch_each(paths): return {path: OSError(path) for path in paths}"
    case, given = replace(program(text), pages=99), []

    def noting(command, settings, **options):
        given.append(settings)
        return run_here(command, settings, **options)

    ordeal = endure(case, CROWD, QUICK, noting)
    assert given == [distances(case, QUICK)]
    assert (given[0].faults, given[0].body_size) == ((), SMALL_BODY)
    assert (ordeal.name, ordeal.asked, ordeal.delivered) == ("threads@99 none", 99, 0)
    assert list(ordeal.raised) == [f"/?page={number}" for number in range(TOLD)]


def test_an_answer_that_cannot_be_read(program):
    with pytest.raises(
        RunFailed, match=r"stage 'threads' under refuse@4: the worker's answer cannot be read"
    ):
        endure(program(), "refuse@4", QUICK, lambda *arguments, **options: outcome(0, b'{"got": {}}'))


@pytest.fixture
def demonstration(tmp_path, monkeypatch):
    monkeypatch.setattr(stages, "SNIPPETS", tmp_path / "snippets")

    def write(text):
        path = tmp_path / "snippets" / "demonstrations" / "callback_hell.py"
        path.parent.mkdir(parents=True)
        path.write_text(text)
        return path

    return write


def test_findings_come_with_their_circumstances(demonstration):
    found = find(
        demonstration("def demonstrate():\n    print('x')\n    return {'a': 0.5, 'b': None}"),
        QUICK,
        run=run_here,
    )
    assert (found.name, found.values, found.link) == ("callback_hell", {"a": 0.5, "b": None}, "emulated")
    assert found.cores >= 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def demonstrate(): 1 / 0", "exit status 1: ZeroDivisionError"),
        ("def demonstrate(): return {}", "found nothing"),
        ("def demonstrate(): return 5", "the worker's answer cannot be read"),
        ("def demonstrate(): return {'a': object()}", "exit status 1: TypeError"),
        ("", "has no attribute 'demonstrate'"),
        ("def demonstrate(): import sys; sys.exit(0)", "ended with status 0 before demonstrate had returned"),
    ],
)
def test_a_demonstration_that_finds_nothing(demonstration, text, message):
    with pytest.raises(RunFailed, match=f"snippets/demonstrations/callback_hell.py: .*{message}"):
        find(demonstration(text), QUICK, run=run_here)


def test_what_a_program_prints_and_that_its_faults_are_in_force(demonstration):
    given = []

    def noting(command, settings, **options):
        given.extend(settings.faults)
        return run_here(command, settings, **options)

    assert printed(demonstration("print('hello')"), QUICK, noting) == "hello\n"
    assert given == [Fault("refuse", "4")]


def test_a_program_that_fails_or_never_ends(demonstration):
    path = demonstration("import sys; sys.exit('no longer')")
    with pytest.raises(RunFailed, match="callback_hell.py: exit status 1: no longer"):
        printed(path, QUICK, run_here)
    path.write_text("while True: print('y' * 100_000)")
    with pytest.raises(RunFailed, match=r"callback_hell.py: it printed 16 MiB, so it was killed"):
        printed(path, Settings(link="loopback"))
    path.write_text("import threading; threading.Event().wait()")
    with pytest.raises(RunFailed, match=r"callback_hell.py: no end after 0\.5 s"):
        printed(path, Settings(link="loopback"), seconds=0.5)
