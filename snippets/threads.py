"""Ten pages, a thread each: ten calls wait at the same time."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor

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


def fetch(path):
    with socket.socket() as sock:
        sock.connect((HOST, PORT))
        sock.sendall(request(path))
        response = b""
        while chunk := sock.recv(4096):
            response += chunk
    return body(response)


def fetch_all(paths):
    with ThreadPoolExecutor(max_workers=len(paths)) as pool:
        return dict(zip(paths, pool.map(fetch, paths)))


if __name__ == "__main__":
    start = time.perf_counter()
    pages = fetch_all(PATHS)
    seconds = time.perf_counter() - start
    print(f"{len(pages)} pages in {seconds:.3f} s")
