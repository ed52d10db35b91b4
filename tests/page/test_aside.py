"""Work done beside the build: its result and its errors are as if it had been done here."""

import multiprocessing
import os
import select
import sys
import threading

import pytest

from scripts.page.aside import aside

linux = pytest.mark.skipif(sys.platform != "linux", reason="done when it is waited for")


@linux
def test_it_is_done_by_a_copy_which_is_gone_once_there_is_a_result():
    here = object()
    result = aside(lambda: (os.getpid(), id(here), "x" * 1_000_000))
    pid, seen, large = result()
    assert pid != os.getpid()
    assert seen == id(here)
    assert len(large) == 1_000_000  # more than a pipe holds
    assert not multiprocessing.active_children()


@linux
def test_it_has_begun_before_anybody_waits():
    reading, writing = os.pipe()
    result = aside(lambda: os.write(writing, b"begun"))
    assert select.select([reading], [], [], 30)[0], "it has not begun"
    assert result() == 5
    os.close(reading)
    os.close(writing)


def test_its_error_is_raised_where_the_result_is_wanted(capfd):
    result = aside(lambda: {}["no such page"])
    with pytest.raises(KeyError, match="no such page"):
        result()


def test_a_process_of_several_threads_is_not_copied():
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert aside(os.getpid)() == os.getpid()
    finally:
        done.set()
        other.join()
