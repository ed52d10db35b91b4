"""Pools: each worker has a time of its own, and who waits for a task waits until that is over."""

import pytest

HEAD = """
import time
from concurrent.futures import *
def nap(seconds):
    time.sleep(seconds)
    return seconds, time.monotonic()
def wait_for_ever():
    import socket
    socket.create_connection(("example.com", 80)).recv(1)
def fail(seconds):
    time.sleep(seconds)
    raise ValueError(seconds)
"""


@pytest.fixture
def see(play):
    """The outcome of the lines, and what the last of them, an expression, gives."""

    def see(lines, *faults):
        *before, last = lines.strip().splitlines()
        output, outcome = play("\n".join([HEAD, *before, f"print(({last}))"]), *faults)
        return output.strip() or outcome.error[0]

    return see


def test_a_worker_takes_the_next_task_when_it_is_free(see):
    lines = """
with ThreadPoolExecutor(2) as pool:
    found = list(pool.map(nap, [3, 1, 1, 5]))
found, time.monotonic()
"""
    assert see(lines) == "([(3, 3.0), (1, 1.0), (1, 2.0), (5, 7.0)], 7.0)"


def test_a_task_begins_when_it_is_submitted_and_not_before(see):
    lines = """
pool = ThreadPoolExecutor(1)
time.sleep(5)
pool.submit(nap, 1).result()
"""
    assert see(lines) == "(1, 6.0)"


def test_submitting_takes_no_time_and_a_result_comes_at_its_end(see):
    lines = """
future = ThreadPoolExecutor(1).submit(nap, 2)
before = time.monotonic(), future.done(), future.running()
before, future.result(), time.monotonic(), future.done(), future.running()
"""
    assert see(lines) == "((0.0, False, True), (2, 2.0), 2.0, True, False)"


def test_a_result_may_be_given_up_and_had_later(see):
    lines = """
future = ThreadPoolExecutor(1).submit(nap, 2)
try:
    future.result(timeout=0.5)
except TimeoutError:
    given_up = time.monotonic()
given_up, future.result(), time.monotonic()
"""
    assert see(lines) == "(0.5, (2, 2.0), 2.0)"


def test_an_error_comes_at_its_end_too(see):
    lines = """
future = ThreadPoolExecutor(1).submit(fail, 2)
repr(future.exception()), time.monotonic()
"""
    assert see(lines) == "('ValueError(2)', 2.0)"


def test_what_is_done_first_is_completed_first(see):
    lines = """
pool = ThreadPoolExecutor(3)
futures = [pool.submit(nap, seconds) for seconds in (3, 1, 2)]
[(future.result()[0], time.monotonic()) for future in as_completed(futures)]
"""
    assert see(lines) == "[(1, 1.0), (2, 2.0), (3, 3.0)]"
    given_up = lines.replace("as_completed(futures)", "as_completed(futures, timeout=1.5)")
    assert see(given_up).startswith("TimeoutError")


@pytest.mark.parametrize(
    ("call", "seconds", "done"),
    [
        ("wait(futures)", 3.0, 3),
        ("wait(futures, timeout=1.5)", 1.5, 1),
        ("wait(futures, return_when=FIRST_COMPLETED)", 1.0, 1),
        ("wait(futures, return_when=FIRST_EXCEPTION)", 2.0, 2),
        ("wait([])", 0.0, 0),
    ],
)
def test_waiting_for_several(call, seconds, done, see):
    lines = f"""
pool = ThreadPoolExecutor(3)
futures = [pool.submit(nap, 3), pool.submit(nap, 1), pool.submit(fail, 2)]
found = {call}
len(found.done), len(found.not_done) + len(found.done), time.monotonic()
"""
    assert see(lines) == f"({done}, {3 if 'futures' in call else 0}, {seconds})"


def test_a_callback_is_called_at_the_end_of_the_task(see):
    lines = """
pool, seen = ThreadPoolExecutor(1), []
future = pool.submit(nap, 2)
future.add_done_callback(lambda future: seen.append((time.monotonic(), future.result())))
before = list(seen), time.monotonic()
before, future.result(), seen
"""
    assert see(lines) == "(([], 0.0), (2, 2.0), [(2.0, (2, 2.0))])"


def test_what_a_process_cannot_be_sent_it_is_not(see):
    lines = """
with ProcessPoolExecutor(1) as pool:
    found = pool.submit(lambda: 1).exception()
"pickle" in str(found).lower()
"""
    assert see(lines) == "True"


def test_a_process_gets_copies(see):
    lines = """
def grow(items): items.append(1); return items
with ProcessPoolExecutor(1) as pool:
    mine = []
    theirs = pool.submit(grow, mine).result()
mine, theirs
"""
    assert see(lines) == "([], [1])"


def test_a_task_that_hangs_holds_up_only_who_waits_for_it(see):
    lines = """
pool = ThreadPoolExecutor(2)
hanging, other = pool.submit(wait_for_ever), pool.submit(nap, 1)
first = other.result(), hanging.done()
try:
    hanging.result(timeout=5)
except TimeoutError:
    print(first, time.monotonic())
hanging.result()
"""
    assert see(lines) == "((1, 1.0), False) 6.0"
    assert see(lines.replace("    print(first", "    (first")).startswith("Deadlock: ")


@pytest.mark.parametrize(("workers", "begin"), [(2, 1.0), (1, 5.0)])
def test_what_a_task_submits_takes_a_free_worker_or_its_own_afterwards(workers, begin, see):
    lines = f"""
def parent():
    time.sleep(1)
    child = pool.submit(nap, 2)
    time.sleep(4)
    return child
pool = ThreadPoolExecutor({workers})
pool.submit(parent).result().result()
"""
    assert see(lines) == f"(2, {begin + 2})"


def test_who_waits_in_the_only_worker_for_another_waits_for_ever(see):
    lines = "pool = ThreadPoolExecutor(1)\npool.submit(lambda: pool.submit(nap, 1).result()).result()"
    assert see(lines).startswith("Deadlock: ")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("between", ["pass", "time.monotonic()", "time.sleep(0)"])
def test_who_asks_again_and_again_whether_a_task_is_done_sees_its_end(between, see):
    lines = f"""
future = ThreadPoolExecutor(1).submit(nap, 3)
while not future.done():
    {between}
round(time.monotonic(), 3), time.process_time() > 2.9
"""
    assert see(lines) == "(3.0, True)"
    assert see(lines.replace("nap, 3", "wait_for_ever")).startswith("Deadlock: ")


def test_a_pool_that_has_been_shut_takes_no_task(see):
    lines = "pool = ThreadPoolExecutor(1)\npool.shutdown()\npool.submit(nap, 1)"
    assert see(lines).startswith("RuntimeError: cannot schedule new futures")


def test_a_pool_without_workers_is_an_error(see):
    assert see("ThreadPoolExecutor(0)").startswith("ValueError: max_workers")
