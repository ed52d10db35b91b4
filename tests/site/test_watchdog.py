"""What takes too long ends: in the main thread by a signal, elsewhere by another thread."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from textwrap import indent

import pytest

from scripts.site import watchdog
from scripts.site.watchdog import SignalClock, ThreadClock, TimeIsOver, clock_here, paused, watching
from tests.tiny import ROOT

pytestmark = pytest.mark.measures  # who is kept from the CPU is not done in time

needs_signals = pytest.mark.skipif(clock_here() is not SignalClock, reason="this system has no SIGALRM")


def spin():
    while True:
        with suppress(Exception):  # as a careless block might
            sum(range(9))


def watched():
    with watching("spin", 0.02):
        spin()


@needs_signals
def test_the_main_thread_is_interrupted_even_while_it_waits():
    with pytest.raises(TimeIsOver, match=r"not done after 0.02 s"), watching("wait", 0.02):
        threading.Event().wait()


def test_any_thread_is_interrupted():
    with ThreadPoolExecutor() as pool, pytest.raises(TimeIsOver):
        pool.submit(watched).result()


def test_without_signals_a_thread_does_it(monkeypatch):
    monkeypatch.setattr(watchdog, "clock_here", lambda: ThreadClock)
    with pytest.raises(TimeIsOver):
        watched()


@pytest.mark.parametrize("clock", [SignalClock, ThreadClock])
def test_time_in_pauses_does_not_count(monkeypatch, clock):
    monkeypatch.setattr(watchdog, "clock_here", lambda: clock)
    over = threading.Event()
    threading.Timer(0.6, over.set).start()
    with watching("measure", 0.3), paused():
        assert over.wait(10)


@pytest.mark.parametrize("clock", [SignalClock, ThreadClock])
def test_what_is_done_in_time_is_left_alone(monkeypatch, clock):
    monkeypatch.setattr(watchdog, "clock_here", lambda: clock)
    over = threading.Event()
    threading.Timer(0.6, over.set).start()
    with watching("quick", 0.3):
        pass
    assert over.wait(10)


def test_a_pause_of_nothing_is_nothing():
    with paused():
        pass


def stubborn(levels):
    """Lines that catch what ends them, so many times over: in each other, since a loop is caught between two."""
    if not levels:
        return "pass"
    return f"try: sleep(60)\nfinally:\n{indent(stubborn(levels - 1), ' ')}"


STUBBORN = f"""
from time import sleep
from scripts.site.watchdog import watching
with watching("docs/zh/x.md:3", 0.1, again=0.05):
{indent(stubborn(watchdog.PATIENCE + 2), " ")}
"""


@needs_signals
def test_what_catches_everything_ends_with_the_process():
    done = subprocess.run([sys.executable, "-c", STUBBORN], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "docs/zh/x.md:3: cannot be stopped, so the whole process ends\n"


def pause_briefly(number):
    with paused():
        return number


def test_a_pause_within_a_pause_or_in_another_thread_ends_neither():
    with watching("wait", 0.05), paused():
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(pause_briefly, range(4))) == [0, 1, 2, 3]
        pause_briefly(5)
        end = time.monotonic() + 0.15
        while time.monotonic() < end:  # longer than the block has
            pass
