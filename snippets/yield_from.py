"""Ten pages at once: what waits may call what waits."""

import os
import re
import socket
import time
from contextlib import ExitStack, closing, suppress
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


class Loop(DefaultSelector):
    def run(self):
        while self.get_map():
            for key, _ in self.select():
                self.unregister(key.fileobj)
                callback = key.data
                callback()


class Future:
    def __init__(self):
        self.done, self.result, self.callbacks = False, None, []

    def set_result(self, result=None):
        self.done, self.result = True, result
        for callback in self.callbacks:
            callback(result)

    def __iter__(self):
        return (yield self)


class Task(Future):
    def __init__(self, coroutine):
        super().__init__()
        self.coroutine = coroutine
        self.step()

    def step(self, result=None):
        try:
            future = self.coroutine.send(result)
            while future.done:  # it will not call: go on at once
                future = self.coroutine.send(future.result)
        except StopIteration as end:
            self.set_result(end.value)
        else:
            future.callbacks.append(self.step)


def ready(loop, sock, event):
    future = Future()
    loop.register(sock, event, future.set_result)
    return future


def connect(loop, sock, address):
    sock.setblocking(False)
    with suppress(BlockingIOError):
        sock.connect(address)
    yield from ready(loop, sock, EVENT_WRITE)
    if error := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(error, os.strerror(error))


def receive(loop, sock):
    yield from ready(loop, sock, EVENT_READ)
    return sock.recv(4096)


def fetch(loop, address, path):
    with socket.socket() as sock:
        yield from connect(loop, sock, address)
        sock.sendall(request(path))
        response = b""
        while chunk := (yield from receive(loop, sock)):
            response += chunk
    return body(response)


def fetch_all(paths):
    address = socket.gethostbyname(HOST), PORT
    with ExitStack() as stack:
        loop = stack.enter_context(Loop())
        tasks = {}
        for path in paths:
            download = stack.enter_context(closing(fetch(loop, address, path)))
            tasks[path] = Task(download)
        loop.run()
    return {path: task.result for path, task in tasks.items()}


if __name__ == "__main__":
    start = time.perf_counter()
    pages = fetch_all(PATHS)
    seconds = time.perf_counter() - start
    print(f"{len(pages)} pages in {seconds:.3f} s")
