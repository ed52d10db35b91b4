"""Ten pages, wherever there is a worker: Dask sends the function to it."""

import os
import re
import socket
import time
from contextlib import contextmanager

from distributed import Client, wait

HOST, PORT = "example.com", 80
PATHS = [f"/?page={number}" for number in range(10)]
TIMEOUT = 5  # seconds for a page, and for a scheduler to answer
LOCAL = {
    "n_workers": 1,
    "threads_per_worker": 10,
    "processes": False,
    "protocol": "tcp",  # as between machines
    "dashboard_address": "127.0.0.1:0",  # any free port
    "silence_logs": "CRITICAL",  # errors come to the client
}


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


def fetch_all(paths):
    with cluster() as client:
        downloads = client.map(fetch, paths, pure=False)
        return dict(zip(paths, client.gather(downloads)))


def fetch_each(paths):
    with cluster() as client:
        downloads = client.map(fetch, paths, pure=False)
        wait(downloads)
        found = [each.exception() or each.result() for each in downloads]
        return dict(zip(paths, found))


def fetch(path):
    deadline = time.monotonic() + TIMEOUT
    with socket.create_connection((HOST, PORT), TIMEOUT) as sock:
        sock.sendall(request(path))
        response = b""
        while chunk := receive(sock, deadline):
            response += chunk
    return body(response)


def receive(sock, deadline):
    if (left := deadline - time.monotonic()) <= 0:
        raise TimeoutError(f"no page within {TIMEOUT} s")
    sock.settimeout(left)
    return sock.recv(4096)


@contextmanager
def cluster():
    if address := os.environ.get("SCHEDULER"):  # as in tcp://10.0.0.5:8786
        with Client(address, timeout=TIMEOUT) as client:
            client.wait_for_workers(1, timeout=TIMEOUT)
            client.upload_file(__file__)  # its machines lack this program
            yield client
    else:
        with Client(**LOCAL) as client:
            yield client


if __name__ == "__main__":
    start = time.perf_counter()
    pages = fetch_all(PATHS)
    seconds = time.perf_counter() - start
    print(f"{len(pages)} pages in {seconds:.3f} s")
