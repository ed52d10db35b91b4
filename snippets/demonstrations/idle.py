"""What a connection costs that says nothing: bytes for each, by who holds it.

A process of its own holds them, so that nothing else counts; this one is the
server, which accepts and keeps silent.  What the kernel keeps for each socket
no process sees: it comes on top.
"""

import asyncio
import importlib
import json
import mmap
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from selectors import EVENT_READ, DefaultSelector

MOST = 10_000
THREADS = 400  # a stack of 8 MiB each: beyond lies the lab's limit of memory
FEW = 10  # to have everything imported and warm
SPARE = 100  # descriptors for everything else


@contextmanager
def by_selector(address, number):
    with ExitStack() as stack:
        selector = stack.enter_context(DefaultSelector())
        for _ in range(number):
            sock = stack.enter_context(socket.create_connection(address))
            sock.setblocking(False)
            selector.register(sock, EVENT_READ, sock.recv)
        yield


@contextmanager
def by_protocols(address, number, loop):
    async def connect():
        create = asyncio.get_running_loop().create_connection
        return [
            await create(asyncio.Protocol, *address) for _ in range(number)
        ]

    async def close(connections):
        for transport, _ in connections:
            transport.close()

    factory = importlib.import_module(loop).new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        connections = runner.run(connect())
        yield
        runner.run(close(connections))


@contextmanager
def by_threads(address, number):
    with ExitStack() as stack:
        for _ in range(number):
            sock = stack.enter_context(socket.create_connection(address))
            thread = threading.Thread(target=sock.recv, args=[1])
            thread.start()
            stack.callback(thread.join)
            stack.callback(sock.shutdown, socket.SHUT_RDWR)
        yield


WAYS = {
    "selector": by_selector,
    "asyncio": partial(by_protocols, loop="asyncio"),
    "uvloop": partial(by_protocols, loop="uvloop"),
    "threads": by_threads,
}


def resident():
    """Bytes of memory of this process; None where no /proc tells."""
    with suppress(OSError), open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * mmap.PAGESIZE


def descriptors():
    """As many as this process may open, now; None where nothing limits it."""
    with suppress(ImportError):
        from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit

        _, hard = getrlimit(RLIMIT_NOFILE)
        wanted = MOST + SPARE
        most = wanted if hard == RLIM_INFINITY else min(hard, wanted)
        setrlimit(RLIMIT_NOFILE, (most, hard))
        return most


def hold(way, port, number):
    """Bytes of each of that many connections; None where nobody tells."""
    descriptors()
    address = "127.0.0.1", port
    with WAYS[way](address, FEW):
        pass
    before = resident()
    with WAYS[way](address, number):
        return before and (resident() - before) // number


def cost(way, number):
    """What `hold` says, in a process of its own; None without its library."""
    if way == "uvloop" and sys.platform == "win32":
        return None
    with ExitStack() as stack:
        listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        stack.enter_context(listener)

        def accept():
            for _ in range(FEW + number):
                stack.enter_context(listener.accept()[0])

        server = threading.Thread(target=accept, daemon=True)
        server.start()
        port = listener.getsockname()[1]
        command = [sys.executable, __file__, way, str(port), str(number)]
        run = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        server.join()
        return json.loads(run.stdout)


def demonstrate():
    limit = descriptors()
    most = MOST if limit is None else min(MOST, limit - SPARE)
    found = {"held": most, "asked for": MOST, "descriptors": limit}
    for way in WAYS:
        number = min(most, THREADS) if way == "threads" else most
        found[f"{way}, held"] = number
        found[f"{way}, bytes"] = cost(way, number)
    return found


if __name__ == "__main__":
    if sys.argv[1:]:
        way, port, number = sys.argv[1:]
        print(json.dumps(hold(way, int(port), int(number))))
    else:
        print(demonstrate())
