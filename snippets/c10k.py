"""Pages by the thousand, a protocol each: what asyncio has below streams."""

import asyncio
import importlib
import re
import socket
import time
from contextlib import closing

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


class Download(asyncio.Protocol):
    def __init__(self, loop, path):
        self.path, self.response, self.end = path, b"", loop.create_future()

    def connection_made(self, transport):
        transport.write(request(self.path))

    def data_received(self, data):
        self.response += data

    def connection_lost(self, error):
        if self.end.cancelled():  # nobody waits any more
            return
        if error:
            self.end.set_exception(error)
        else:
            self.end.set_result(None)


async def fetch(address, path):
    loop = asyncio.get_running_loop()
    download = Download(loop, path)
    async with asyncio.timeout(TIMEOUT):
        transport, _ = await loop.create_connection(lambda: download, *address)
        with closing(transport):
            await download.end
    return body(download.response)


async def all_or_none(address, paths):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch(address, path)) for path in paths]
    return {path: task.result() for path, task in zip(paths, tasks)}


async def each(address, paths):
    downloads = [fetch(address, path) for path in paths]
    found = await asyncio.gather(*downloads, return_exceptions=True)
    return dict(zip(paths, found))


def run(download, paths, loop):
    factory = importlib.import_module(loop).new_event_loop
    address = socket.gethostbyname(HOST), PORT  # blocks: before the loop runs
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(download(address, paths))


def fetch_all(paths, loop="asyncio"):
    return run(all_or_none, paths, loop)


def fetch_each(paths, loop="asyncio"):
    return run(each, paths, loop)


if __name__ == "__main__":
    start = time.perf_counter()
    pages = fetch_all(PATHS)
    seconds = time.perf_counter() - start
    print(f"{len(pages)} pages in {seconds:.3f} s")
