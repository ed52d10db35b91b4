"""Ten pages at once, a generator each, which stops wherever it waits."""

import os
import re
import socket
import time
from collections import deque
from contextlib import ExitStack, suppress
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector

HOST, PORT = "example.com", 80
PATHS = [f"/?page={number}" for number in range(10)]


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


class Loop:
    def __init__(self, selector):
        self.selector, self.queue = selector, deque()
        self.call_soon = self.queue.append

    def ready(self, sock, event):
        future = Future(self)
        self.selector.register(sock, event, future)
        return future

    def run(self):
        while self.queue or self.selector.get_map():
            for key, _ in self.selector.select(0 if self.queue else None):
                self.selector.unregister(key.fileobj)
                key.data.set_result()
            for _ in range(len(self.queue)):
                callback = self.queue.popleft()
                callback()


class Future:
    def __init__(self, loop):
        self.loop, self.done, self.callbacks = loop, False, []

    def set_result(self, result=None):
        self.done, self.result = True, result
        for callback in self.callbacks:
            self.loop.call_soon(callback)

    def add_done_callback(self, callback):
        hang = self.loop.call_soon if self.done else self.callbacks.append
        hang(callback)


class Task(Future):
    def __init__(self, loop, coroutine):
        super().__init__(loop)
        self.coroutine = coroutine
        loop.call_soon(self.step)

    def step(self):
        try:
            self.coroutine.send(None).add_done_callback(self.step)
        except StopIteration as end:
            self.set_result(end.value)


def fetch(loop, address, path):
    with socket.socket() as sock:
        sock.setblocking(False)
        with suppress(BlockingIOError):
            sock.connect(address)
        yield loop.ready(sock, EVENT_WRITE)
        if error := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(error, os.strerror(error))
        sock.sendall(request(path))
        response = b""
        yield loop.ready(sock, EVENT_READ)
        while chunk := sock.recv(4096):
            response += chunk
            yield loop.ready(sock, EVENT_READ)
    return body(response)


def fetch_all(paths):
    address, pages = (socket.gethostbyname(HOST), PORT), {}
    with ExitStack() as stack:
        loop = Loop(stack.enter_context(DefaultSelector()))
        for path in paths:
            download = fetch(loop, address, path)
            stack.callback(download.close)
            pages[path] = Task(loop, download)
        loop.run()
    return {path: pages[path].result for path in paths}


if __name__ == "__main__":
    start = time.perf_counter()
    pages = fetch_all(PATHS)
    seconds = time.perf_counter() - start
    print(f"{len(pages)} pages in {seconds:.3f} s")
