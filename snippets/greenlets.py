"""Ten pages, a greenlet each: every call waits, and lets the others run."""

import re
import time

import gevent
from gevent import socket
from gevent.pool import Pool

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


def fetch(path):
    with gevent.Timeout(TIMEOUT, TimeoutError), socket.socket() as sock:
        sock.connect((HOST, PORT))
        sock.sendall(request(path))
        response = b""
        while chunk := sock.recv(4096):
            response += chunk
    return body(response)


def fetch_all(paths):
    greenlets = {path: gevent.spawn(fetch, path) for path in paths}
    try:
        gevent.joinall(greenlets.values(), raise_error=True)
    finally:
        gevent.killall(greenlets.values())
    return {path: greenlet.value for path, greenlet in greenlets.items()}


def page_or_error(path):
    try:
        return fetch(path)
    except OSError as error:
        return error


def fetch_each(paths):
    return dict(zip(paths, Pool().map(page_or_error, paths)))


if __name__ == "__main__":
    start = time.perf_counter()
    pages = fetch_all(PATHS)
    seconds = time.perf_counter() - start
    print(f"{len(pages)} pages in {seconds:.3f} s")
