"""Ten pages, one after another: no socket waits, so the program asks on."""

import errno
import os
import re
import socket
import time

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


def insist(call, *arguments):
    while True:
        try:
            return call(*arguments)
        except BlockingIOError:
            pass


def fetch(path):
    address = socket.gethostbyname(HOST), PORT  # this call does wait
    with socket.socket() as sock:
        sock.setblocking(False)
        insist(connect, sock, address)
        insist(sock.sendall, request(path))
        response = b""
        while chunk := insist(sock.recv, 4096):
            response += chunk
    return body(response)


def fetch_all(paths):
    return {path: fetch(path) for path in paths}


if __name__ == "__main__":
    start = time.perf_counter()
    pages = fetch_all(PATHS)
    seconds = time.perf_counter() - start
    print(f"{len(pages)} pages in {seconds:.3f} s")
