"""Ten pages, a thread each, in time: the one that is late costs no other."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor

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


def receive(sock, deadline):
    if (left := deadline - time.monotonic()) <= 0:
        raise TimeoutError(f"no page within {TIMEOUT} s")
    sock.settimeout(left)
    return sock.recv(4096)


def fetch(path):
    deadline = time.monotonic() + TIMEOUT
    with socket.create_connection((HOST, PORT), TIMEOUT) as sock:
        sock.sendall(request(path))
        response = b""
        while chunk := receive(sock, deadline):
            response += chunk
    return body(response)


def fetch_each(paths):
    with ThreadPoolExecutor(max_workers=len(paths)) as pool:
        futures = {path: pool.submit(fetch, path) for path in paths}
    return {
        path: future.exception() or future.result()
        for path, future in futures.items()
    }


if __name__ == "__main__":
    start = time.perf_counter()
    found = fetch_each(PATHS)
    seconds = time.perf_counter() - start
    came = sum(isinstance(page, bytes) for page in found.values())
    print(f"{came} of {len(found)} pages in {seconds:.3f} s")
