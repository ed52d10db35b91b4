"""Threads: they take turns where they wait, on one clock; and who waits for nobody is told so."""

import _thread
import time

import pytest

from scripts.stages import program

HEAD = """
import queue, threading, time
from concurrent.futures import ThreadPoolExecutor
from threading import *
def now():
    return round(time.monotonic(), 9)
"""


@pytest.fixture
def see(play):
    """What the lines print, in lines; or the error that ended them, if that is all."""

    def see(lines):
        output, outcome = play(HEAD + lines)
        return output.splitlines() or [outcome.error[0]]

    return see


def test_output_comes_in_the_order_of_virtual_time(see):
    lines = """
def say(name, seconds):
    for _ in range(2):
        time.sleep(seconds)
        print(name, now())
for name, seconds in ("slow", 2), ("fast", 1.5):
    Thread(target=say, args=(name, seconds)).start()
"""
    assert see(lines) == ["fast 1.5", "slow 2.0", "fast 3.0", "slow 4.0"]


def test_python_waits_at_the_end_for_threads_that_are_no_daemons(play):
    lines = HEAD + "Thread(target=time.sleep, args=(3,), daemon={}).start()"
    assert [play(lines.format(daemon))[1].wall for daemon in (False, True)] == [3, 0]


def test_each_thread_has_its_name_its_number_and_its_own_locals(see):
    lines = """
mine = local()
mine.value = "main"
def look():
    print(current_thread().name, hasattr(mine, "value"), get_ident() != main_thread().ident)
thread = Thread(target=look, name="other")
thread.start()
thread.join()
print(mine.value, thread.is_alive(), active_count())
"""
    assert see(lines) == ["other False True", "main False 1"]


@pytest.mark.parametrize(
    ("shared", "total"), [("contextlib.nullcontext()", 1), ("Lock()", 3)], ids=["no lock", "lock"]
)
def test_what_is_read_before_a_wait_may_be_old_after_it(shared, total, see):
    lines = f"""
import contextlib
lock, box = {shared}, [0]
def add():
    with lock:
        seen = box[0]
        time.sleep(0.1)
        box[0] = seen + 1
threads = [Thread(target=add) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(box[0], now())
"""
    assert see(lines) == [f"{total} {0.1 * total:.1f}"]


def test_a_timer_an_event_a_condition_a_semaphore_and_a_barrier_keep_the_clock(see):
    lines = """
event, condition, few, wall = Event(), Condition(), Semaphore(2), Barrier(3)
Timer(1.5, event.set).start()
print(event.wait(1), now(), event.wait(), now())
def meet():
    with few:
        time.sleep(1)
    wall.wait()
    with condition:
        condition.notify()
threads = [Thread(target=meet) for _ in range(3)]
for thread in threads: thread.start()
with condition:
    print(condition.wait(0.25), now(), condition.wait(), now())
"""
    assert see(lines) == ["False 1.0 True 1.5", "False 1.75 True 3.5"]


def test_a_bounded_queue_holds_up_who_is_too_fast(see):
    lines = """
tasks = queue.Queue(2)
def make():
    for number in range(5):
        tasks.put(number)
    print("made", now())
def use():
    while tasks.get() < 4:
        time.sleep(1)
    print("used", now())
Thread(target=make).start()
Thread(target=use).start()
"""
    assert see(lines) == ["made 2.0", "used 4.0"]


def test_a_queue_may_be_given_up(see):
    lines = """
tasks = queue.Queue(1)
try: tasks.get(timeout=2)
except queue.Empty: print("empty", now())
tasks.put(1)
try: tasks.put(2, timeout=0.5)
except queue.Full: print("full", now())
print(tasks.get_nowait(), queue.SimpleQueue().empty())
"""
    assert see(lines) == ["empty 2.0", "full 2.5", "1 True"]


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ("lock = Lock()\nwith lock:\n    lock.acquire()", 9),
        ("tasks = queue.Queue(1)\ntasks.put(1)\ntasks.put(2)", 9),
        ("with Condition() as condition:\n    pass\ncondition = Condition()\nwith condition:\n    condition.wait()", 11),
        ("Event().wait()", 7),
        ("Thread(target=Event().wait).start()", None),
        ("one, other = Lock(), Lock()\ndef take(first, second):\n    with first:\n        time.sleep(1)\n        with second: pass\n"
         "Thread(target=take, args=(one, other)).start()\ntake(other, one)", 11),
        ("pool = ThreadPoolExecutor(1)\npool.submit(lambda: pool.submit(int).result()).result()", 8),
    ],
    ids=["twice", "full", "condition", "event", "at the end", "crosswise", "pool"],
)  # fmt: skip
def test_who_waits_for_nobody_is_told_so(lines, where, play):
    output, outcome = play(HEAD + lines)
    assert output == ""
    assert outcome.error[0].startswith("Deadlock: ")
    assert outcome.error[1] == where


def test_a_deadlock_names_all_who_wait(play):
    lines = HEAD + "Thread(target=Event().wait, name='the other').start()\nqueue.Queue().get()"
    message = play(lines)[1].error[0]
    assert "the other" in message


def test_who_ends_in_an_error_says_so_and_the_others_go_on(see):
    lines = """
def fail():
    raise ValueError("bad")
Thread(target=fail, name="one").start()
time.sleep(1)
print("on")
"""
    told = see(lines)
    assert told[0] == "Exception in thread one:"
    assert told[-2:] == ["ValueError: bad", "on"]


def test_who_asks_a_flag_again_and_again_sees_it_change(see):
    lines = """
flag = Event()
Timer(0.5, flag.set).start()
while not flag.is_set():
    time.sleep(0)
print("set")
"""
    assert see(lines) == ["set"]


def test_a_thread_may_run_a_loop_of_its_own(see):
    lines = """
import asyncio
async def nap(seconds):
    await asyncio.sleep(seconds)
    print(seconds, now())
async def both():
    await asyncio.gather(asyncio.to_thread(asyncio.run, nap(0.5)), nap(0.25))
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    Timer(1, loop.call_soon_threadsafe, [done.set]).start()
    await done.wait()
    print(now())
asyncio.run(both())
"""
    assert see(lines) == ["0.25 0.25", "0.5 0.5", "1.5"]


def test_two_threads_on_one_socket_hear_of_each_other(see):
    lines = """
import socket
one, other = socket.socketpair()
Thread(target=lambda: print(one.recv(9), now())).start()
time.sleep(1)
other.send(b"abc")
sock = socket.create_connection(("example.com", 80))
Thread(target=lambda: print(len(sock.recv(9)), now())).start()
time.sleep(1)
sock.send(b"GET / HTTP/1.0\\r\\n\\r\\n")
"""
    assert see(lines) == ["b'abc' 1.0", "9 2.45"]


def test_the_crawlers_of_the_page_download_twice_where_nothing_keeps_them_from_it(play):
    lines = program("crawl_queue").read_text("utf-8").replace("range(2000)", "range(50)")
    output, outcome = play(lines)
    assert outcome.error is None
    assert output.splitlines() == [
        "addresses: 50", "downloads, look first: 500", "downloads, claim first: 50", "downloads, queue: 50",
    ]  # fmt: skip


def test_the_book_of_the_page_is_sold_three_times_without_a_lock(play):
    output, _ = play(program("row_lock").read_text("utf-8"))
    assert output.splitlines() == ["no lock: sold 3 times", "row lock: sold 1 time"]


def test_no_thread_is_left_when_a_program_has_ended(play):
    before = _thread._count()
    play(HEAD + "for _ in range(20): Thread(target=Event().wait, daemon=True).start()")
    for _ in range(1_000):  # the last steps of each are its own
        if _thread._count() == before:
            break
        time.sleep(0.001)
    assert _thread._count() == before
