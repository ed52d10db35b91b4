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


def connect(sock, address):
    error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    error = error or sock.connect_ex(address)
    if error not in (0, errno.EISCONN):  # some systems: connected already
        raise OSError(error, os.strerror(error))


class Download:
    def __init__(self, sock, address, path):
        self.sock, self.address, self.path = sock, address, path
        self.response = b""
        self.step = self.connect
        sock.setblocking(False)

    def connect(self):
        connect(self.sock, self.address)
        self.step = self.send

    def send(self):
        self.sock.sendall(request(self.path))
        self.step = self.receive

    def receive(self):
        if chunk := self.sock.recv(4096):
            self.response += chunk
        else:
            self.sock.close()
            self.page, self.step = body(self.response), None


def fetch_all(paths):
    address = socket.gethostbyname(HOST), PORT
    with ExitStack() as stack:
        downloads = [
            Download(stack.enter_context(socket.socket()), address, path)
            for path in paths
        ]
        while waiting := [download for download in downloads if download.step]:
            for download in waiting:
                with suppress(BlockingIOError):
                    download.step()
    return {each.path: each.page for each in downloads}


if __name__ == "__main__":
    start = time.perf_counter()
    pages = fetch_all(PATHS)
    seconds = time.perf_counter() - start
    print(f"{len(pages)} pages in {seconds:.3f} s")
