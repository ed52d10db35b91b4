"""Work done beside the build: its result and its errors are as if it had been done here."""

import subprocess
import sys

import pytest

from tests.patience import PATIENCE

linux = pytest.mark.skipif(sys.platform != "linux", reason="done when it is waited for")


def alone(program):
    """What that program prints, in a process without other threads, which the tests' own may have."""
    program = f"import multiprocessing, os, select\nfrom scripts.site.forked import aside\n{program}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return done.stdout


COPIED = """
here = object()
pid, seen, large = aside(lambda: (os.getpid(), id(here), "x" * 1_000_000))()  # more than a pipe holds
print(pid != os.getpid(), seen == id(here), len(large), multiprocessing.active_children())
"""
BEGUN = """
reading, writing = os.pipe()
result = aside(lambda: os.write(writing, b"begun"))
begun, _, _ = select.select([reading], [], [], 30)
print(bool(begun), result())
"""
FAILING = """
result = aside(lambda: {}["no such page"])
try:
    result()
except KeyError as error:
    print("raised", error)
"""
SEVERAL = """
import _thread, threading
lock = threading.Lock()
lock.acquire()
{start}
print(aside(os.getpid)() == os.getpid())
lock.release()
"""


@linux
def test_it_is_done_by_a_copy_which_is_gone_once_there_is_a_result():
    assert alone(COPIED) == "True True 1000000 []\n"


@linux
def test_it_has_begun_before_anybody_waits():
    assert alone(BEGUN) == "True 5\n"


def test_its_error_is_raised_where_the_result_is_wanted():
    assert alone(FAILING) == "raised 'no such page'\n"


@pytest.mark.parametrize(
    "start",
    ["threading.Thread(target=lock.acquire).start()", "_thread.start_new_thread(lock.acquire, ())"],
    ids=["one that threading counts", "one that it does not"],
)
def test_a_process_of_several_threads_is_not_copied(start):
    assert alone(SEVERAL.format(start=start)) == "True\n"
