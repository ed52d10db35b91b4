"""Loopback: which clients the redirect reaches, and which programs are refused."""

import subprocess
import sys

import pytest

from scripts.lab import Fault, LabError, Settings, run
from scripts.lab.http import body
from scripts.lab.loopback.programs import check
from tests.lab.killed import killed
from tests.patience import PATIENCE

QUICK = Settings("loopback", rtt=0.01, service_time=0.01)
PAGE = body("/a", QUICK.body_size)
REQUEST = "b'GET /a HTTP/1.0\\r\\n\\r\\n'"

RAW = f"""
import socket
def fetch(_=None):
    with socket.create_connection(("example.com", 80)) as sock:
        sock.sendall({REQUEST})
        return b"".join(iter(lambda: sock.recv(4096), b"")).partition(b"\\r\\n\\r\\n")[2]
"""
POOL = """
import multiprocessing, sys
from concurrent.futures import ProcessPoolExecutor
if __name__ == "__main__":
    context = multiprocessing.get_context("{}")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        (page, _) = pool.map(fetch, range(2))
    sys.stdout.buffer.write(page)
"""
WRITE = "\nimport sys; sys.stdout.buffer.write(fetch())"
ASYNCIO = f"""
import asyncio
async def main():
    reader, writer = await asyncio.open_connection("example.com", 80)
    writer.write({REQUEST})
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer.partition(b"\\r\\n\\r\\n")[2]
"""
CLIENTS = {
    "a raw socket": RAW + WRITE,
    "an address looked up first": RAW.replace(
        '("example.com", 80)', '(socket.gethostbyname("example.com"), 80)'
    ) + WRITE,
    "threads": RAW + "\nimport sys\nfrom concurrent.futures import ThreadPoolExecutor\n"
    "with ThreadPoolExecutor() as pool: sys.stdout.buffer.write(pool.submit(fetch).result())",
    **{f"processes by {method}": RAW + POOL.format(method) for method in ("fork", "forkserver", "spawn")},
    "a non-blocking socket": f"""
import selectors, socket, sys
with socket.socket() as sock, selectors.DefaultSelector() as selector:
    sock.setblocking(False)
    assert sock.connect_ex(("example.com", 80)) in (0, 115)
    selector.register(sock, selectors.EVENT_WRITE)
    selector.select()
    sock.setblocking(True)
    sock.sendall({REQUEST})
    sys.stdout.buffer.write(b"".join(iter(lambda: sock.recv(4096), b"")).partition(b"\\r\\n\\r\\n")[2])
""",
    "urllib": "import sys, urllib.request as u; sys.stdout.buffer.write(u.urlopen('http://example.com/a').read())",
    "httpx": "import sys, httpx; sys.stdout.buffer.write(httpx.get('http://example.com/a').content)",
    "asyncio": ASYNCIO + "\nimport sys; sys.stdout.buffer.write(asyncio.run(main()))",
    "uvloop": ASYNCIO + "\nimport sys, uvloop; sys.stdout.buffer.write(uvloop.run(main()))",
    "aiohttp": """
import aiohttp, asyncio, sys
async def main():
    async with aiohttp.ClientSession() as session, session.get("http://example.com/a") as answer:
        return await answer.read()
sys.stdout.buffer.write(asyncio.run(main()))
""",
    "gevent": "from gevent import socket" + RAW.replace("import socket", "") + WRITE,
    "gevent's monkey patch": "from gevent import monkey; monkey.patch_all()" + RAW + WRITE,
}  # fmt: skip


def python(program, tmp_path, settings=QUICK):
    script = tmp_path / "program.py"
    script.write_text(program)
    return run(
        [sys.executable, str(script)],
        settings,
        timeout=PATIENCE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("program", CLIENTS.values(), ids=CLIENTS)
def test_the_page_reaches(program, tmp_path):
    outcome = python(program, tmp_path)
    assert outcome.stdout == PAGE, outcome.stderr
    assert outcome.link == "loopback"


@pytest.mark.parametrize("name", ["a raw socket", "asyncio", "uvloop", "gevent"])
def test_a_refused_connection_is_refused(name, tmp_path):
    program = CLIENTS[name].replace("sys.stdout.buffer.write(", "print(")
    outcome = python(program, tmp_path, Settings("loopback", 0.0, 0.0, faults=(Fault("refuse", "1"),)))
    assert b"refused" in outcome.stderr.lower()


def test_any_other_address_is_refused_with_the_reason(tmp_path):
    outcome = python("import socket; socket.create_connection(('198.51.100.1', 80))", tmp_path)
    assert b"the lab has no way to 198.51.100.1:80" in outcome.stderr
    outcome = python("import socket; socket.create_connection(('example.com', 8080))", tmp_path)
    assert b"the lab has no way to 192.0.2.2:8080" in outcome.stderr
    outcome = python("import socket; socket.create_connection(('example.org', 80))", tmp_path)
    assert b"the lab knows example.com only" in outcome.stderr


def test_servers_of_the_programs_own_can_be_reached(tmp_path):
    program = (
        "import socket\n"
        "with socket.create_server(('127.0.0.1', 0)) as server:\n"
        "    socket.create_connection(server.getsockname()).close()\n"
        "here, there = socket.socketpair(); here.close(); there.close(); print('reached')"
    )
    assert python(program, tmp_path).stdout == b"reached\n"


def test_another_sitecustomize_is_imported_as_well(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("print('the next one')")
    outcome = run(
        [sys.executable, "-c", ""],
        QUICK,
        env={"PYTHONPATH": str(tmp_path)},
        stdout=subprocess.PIPE,
        timeout=PATIENCE,
    )
    assert outcome.stdout == b"the next one\n"


def test_nothing_outlives_a_timeout_not_even_another_session(tmp_path):
    program = "import os, time\nif os.fork() == 0 and os.fork() == 0: os.setsid(); os.write(1, b'up')\ntime.sleep(600)"
    assert killed(program, QUICK, until=b"up") == b"up"


def test_the_program_can_be_interrupted(tmp_path):
    program = "import signal\ntry: signal.raise_signal(signal.SIGINT)\nexcept KeyboardInterrupt: print('interrupted')"
    assert python(program, tmp_path).stdout == b"interrupted\n"


def test_a_library_that_is_not_there_is_not_there(tmp_path):
    program = "import sys\nsys.path = [path for path in sys.path if 'site-packages' not in path]\n"
    program += "try: import uvloop\nexcept ImportError: print('not there')"
    assert python(program, tmp_path).stdout == b"not there\n"


@pytest.mark.parametrize("flag", ["-I", "-E", "-S", "-BE", "-uIc"])
def test_an_interpreter_that_would_ignore_the_redirect_is_refused(flag):
    with pytest.raises(LabError, match="Python ignores the redirect.*--link emulated"):
        check([sys.executable, flag, "program.py"])


@pytest.mark.parametrize(
    "arguments", [["-c", "-I"], ["-W", "error", "x.py", "-E"], ["-Xdev", "-m", "x", "-S"]]
)
def test_flags_of_the_program_are_its_own(arguments):
    check([sys.executable, *arguments])


def test_a_program_that_is_not_python_is_refused_with_the_reason():
    with pytest.raises(LabError, match="loopback cannot serve sh: it is no Python program"):
        check(["sh", "-c", "true"])


def test_a_script_is_known_by_its_first_line(tmp_path):
    for name, first, is_python in (("a", "#!/usr/bin/env python3", True), ("b", "#!/bin/sh", False)):
        script = tmp_path / name
        script.write_text(f"{first}\n")
        script.chmod(0o755)
        if is_python:
            check([str(script)])
        else:
            with pytest.raises(LabError):
                check([str(script)])
