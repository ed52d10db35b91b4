"""Ten pages, a task each: the same words on any of three loops."""

import os
import re
import socket
import time
from contextlib import suppress
from functools import partial

import anyio

HOST, PORT = "example.com", 80
PATHS = [f"/?page={number}" for number in range(10)]
TIMEOUT = 5  # seconds for a page


def request(path):
    return f"GET {path} HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode()


def body(response):
    head, end, content = response.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    if not (end and re.match(rb"HTTP/1\.[01] 200 ", head)):
        raise OSError(f"not a page: {response[:40]!r}")
    if length and len(content) != int(length[1]):
        raise OSError(f"{len(content)} of {int(length[1])} bytes came")
    return content


async def connect(sock, address):
    sock.setblocking(False)
    with suppress(BlockingIOError):
        sock.connect(address)
    await anyio.wait_writable(sock)
    if error := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(error, os.strerror(error))


async def receive(sock):
    await anyio.wait_readable(sock)
    return sock.recv(4096)


async def fetch(address, path):
    with anyio.fail_after(TIMEOUT), socket.socket() as sock:
        await connect(sock, address)
        sock.sendall(request(path))
        response = b""
        while chunk := await receive(sock):
            response += chunk
    return body(response)


async def page_or_error(address, path):
    try:
        return await fetch(address, path)
    except Exception as error:
        return error


async def together(download, address, paths):
    async with anyio.create_task_group() as group:
        tasks = [group.create_task(download(address, path)) for path in paths]
    return {path: task.return_value for path, task in zip(paths, tasks)}


def run(download, paths, loop):
    address = socket.gethostbyname(HOST), PORT  # blocks: before the loop runs
    start = partial(anyio.run, together, download, address, paths)
    if loop == "uvloop":  # it takes the place of asyncio's
        return start(backend_options={"use_uvloop": True})
    return start(backend=loop)


def fetch_all(paths, loop="asyncio"):
    return run(fetch, paths, loop)


def fetch_each(paths, loop="asyncio"):
    return run(page_or_error, paths, loop)


if __name__ == "__main__":
    start = time.perf_counter()
    pages = fetch_all(PATHS)
    seconds = time.perf_counter() - start
    print(f"{len(pages)} pages in {seconds:.3f} s")
