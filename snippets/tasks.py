"""Ten pages, a task each: asyncio's loop, deadlines and clean endings."""

import asyncio
import re
import socket
import time

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


async def fetch(address, path):
    async with asyncio.timeout(TIMEOUT):
        reader, writer = await asyncio.open_connection(*address)
        try:
            writer.write(request(path))
            response = await reader.read()
        finally:
            writer.close()
            await writer.wait_closed()
    return body(response)


async def all_or_none(address, paths):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch(address, path)) for path in paths]
    return {path: task.result() for path, task in zip(paths, tasks)}


async def each(address, paths):
    downloads = [fetch(address, path) for path in paths]
    found = await asyncio.gather(*downloads, return_exceptions=True)
    return dict(zip(paths, found))


def run(download, paths):
    address = socket.gethostbyname(HOST), PORT  # blocks: before the loop runs
    return asyncio.run(download(address, paths))


def fetch_all(paths):
    return run(all_or_none, paths)


def fetch_each(paths):
    return run(each, paths)


if __name__ == "__main__":
    start = time.perf_counter()
    pages = fetch_all(PATHS)
    seconds = time.perf_counter() - start
    print(f"{len(pages)} pages in {seconds:.3f} s")
