"""Ten pages at once in one thread, which asks each socket in turn."""

import errno
import os
import re
import socket
import time
from contextlib import ExitStack, suppress

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


def fetch(sock, address, path, pages):
    response = b""

    def connect():
        sock.setblocking(False)
        with suppress(BlockingIOError):
            sock.connect(address)
        return send

    def send():
        error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        error = error or sock.connect_ex(address)
        if error not in (0, errno.EISCONN):  # some systems: connected already
            raise OSError(error, os.strerror(error))
        sock.sendall(request(path))
        return receive

    def receive():
        nonlocal response
        if chunk := sock.recv(4096):
            response += chunk
            return receive
        pages[path] = body(response)
        return None

    return connect()


def fetch_all(paths):
    address, pages = (socket.gethostbyname(HOST), PORT), {}
    with ExitStack() as stack:
        steps = {}
        for path in paths:
            sock = stack.enter_context(socket.socket())
            steps[path] = fetch(sock, address, path, pages)
        while any(steps.values()):
            for path, step in steps.items():
                if step:
                    with suppress(BlockingIOError):
                        steps[path] = step()
    return {path: pages[path] for path in paths}


if __name__ == "__main__":
    start = time.perf_counter()
    pages = fetch_all(PATHS)
    seconds = time.perf_counter() - start
    print(f"{len(pages)} pages in {seconds:.3f} s")
