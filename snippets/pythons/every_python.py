"""What the same lines cost under this Python; all since 3.8 read them."""

import asyncio
import multiprocessing
import os
import socket
import subprocess
import sys
import time
import tracemalloc
from concurrent import futures
from contextlib import ExitStack
from threading import Thread
from warnings import catch_warnings, simplefilter

HOST, PORT = "example.com", 80
PAGES = 1_000
TASKS = 1_000
DEPTH = 100
SPIN = range(1_500_000)
TEN_PROCESSES = "starting(multiprocessing.Process)"


def request(number):
    return f"GET /?page={number} HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode()


async def by_stream(address, number):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(request(number))
    response = await reader.read()
    writer.close()
    return response


class Download(asyncio.Protocol):
    def __init__(self, number, end):
        self.number, self.end, self.response = number, end, b""

    def connection_made(self, transport):
        transport.write(request(self.number))

    def data_received(self, data):
        self.response += data

    def connection_lost(self, error):
        self.end.set_result(self.response)


async def by_protocol(address, number):
    loop = asyncio.get_running_loop()
    end = loop.create_future()
    await loop.create_connection(lambda: Download(number, end), *address)
    return await end


async def page(fetch):
    """Seconds of CPU for one page of very many at once."""
    address = socket.gethostbyname(HOST), PORT
    start = time.process_time()
    pages = await asyncio.gather(*(fetch(address, n) for n in range(PAGES)))
    assert all(page.startswith(b"HTTP/1.1 200 ") for page in pages)
    return (time.process_time() - start) / PAGES


async def descend(depth):
    if depth:
        await descend(depth - 1)


async def awaiting(chains=100):
    """Seconds of CPU for one await of a chain of them."""
    start = time.process_time()
    for _ in range(chains):
        await descend(DEPTH)
    return (time.process_time() - start) / chains / DEPTH


async def task():
    """Bytes of a task that waits."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    tasks = [asyncio.ensure_future(asyncio.sleep(60)) for _ in range(TASKS)]
    await asyncio.sleep(0)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    for each in tasks:
        each.cancel()
    return (after - before) // TASKS


def generator():
    while True:
        yield


def resuming(count=100_000):
    """Seconds of CPU to resume a generator once."""
    step = generator()
    start = time.process_time()
    for _ in range(count):
        next(step)
    return (time.process_time() - start) / count


def objection():
    """What this says to a program that asks for the policy of loops."""
    with catch_warnings(record=True) as caught:
        simplefilter("always")
        asyncio.get_event_loop_policy()
    return str(caught[0].message) if caught else None


def starting(kind):
    """Seconds until ten of that kind have started, and ended."""
    start = time.perf_counter()
    ten = [kind(target=int) for _ in range(10)]
    for each in ten:
        each.start()
    for each in ten:
        each.join()
    return time.perf_counter() - start


def pools(stack):
    """How to map in two workers of each kind, awake; none that this lacks."""
    found = {"in turn": map}
    for name, executor in {
        "processes": "ProcessPoolExecutor",  # first: fork wants no threads
        "threads": "ThreadPoolExecutor",
        "interpreters": "InterpreterPoolExecutor",  # from 3.14
    }.items():
        if hasattr(futures, executor):
            pool = stack.enter_context(getattr(futures, executor)(2))
            list(pool.map(time.sleep, [0.05] * 2))
            found[name] = pool.map
    return found


def spinning(run):
    """Seconds of two spins."""
    start = time.perf_counter()
    list(run(sum, [SPIN, SPIN]))
    return time.perf_counter() - start


def spins():
    """The quickest of several by each way: they are tried in turns."""
    with ExitStack() as stack:
        ways = pools(stack)
        rounds = [[spinning(way) for way in ways.values()] for _ in range(5)]
    return dict(zip(ways, map(min, zip(*rounds))))


def quickest(measure, times):
    """Whatever else this machine does can only add to it."""
    return min(measure() for _ in range(times))


def afresh(expression):
    """What that is in an interpreter that has just started."""
    program = f"from every_python import *; print({expression})"
    command = [sys.executable, "-c", program]
    answer = subprocess.check_output(command, cwd=os.path.dirname(__file__))
    return float(answer)


def demonstrate():
    two_spins = spins()  # first: fork wants no threads
    return {
        # sys._is_gil_enabled came with 3.13.
        "GIL": getattr(sys, "_is_gil_enabled", lambda: True)(),
        "start method": multiprocessing.get_start_method(),
        # Afresh: the default of 3.14 starts a server, once for all others.
        "ten processes": quickest(lambda: afresh(TEN_PROCESSES), 3),
        "ten threads": quickest(lambda: starting(Thread), 9),
        "resume": quickest(resuming, 9),
        "await": quickest(lambda: asyncio.run(awaiting()), 9),
        "page by stream": quickest(lambda: asyncio.run(page(by_stream)), 2),
        "page by protocol": quickest(
            lambda: asyncio.run(page(by_protocol)), 2
        ),
        "task": asyncio.run(task()),
        "objection": objection(),
        **{
            f"spins, {way}": two_spins.get(way)
            for way in ("in turn", "threads", "processes", "interpreters")
        },
    }


if __name__ == "__main__":
    for what, found in demonstrate().items():
        print(f"{what}: {found}")
