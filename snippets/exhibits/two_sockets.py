"""Two non-blocking sockets in one thread, asked in turn, without epoll."""

import socket
from collections import Counter

HOST, PORT = "example.com", 80
PATHS = "/?page=1", "/?page=2"


def connected(path):
    sock = socket.create_connection((HOST, PORT))
    sock.sendall(f"GET {path} HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
    sock.setblocking(False)
    return sock


if __name__ == "__main__":
    socks = {path: connected(path) for path in PATHS}
    pages, asked = dict.fromkeys(PATHS, b""), Counter()
    while socks:
        for path, sock in [*socks.items()]:
            try:
                chunk = sock.recv(4096)
            except BlockingIOError:
                asked[path] += not pages[path]
                continue
            pages[path] += chunk
            if not chunk:
                socks.pop(path).close()
    for path, page in pages.items():
        assert path.encode() in page, f"{path} did not come"
        assert asked[path] > 1, f"{path} came without any asking"
        print(f"{path}: asked {asked[path]:,} times, {len(page):,} bytes")
