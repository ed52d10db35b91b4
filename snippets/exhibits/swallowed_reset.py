"""`except OSError: pass` around recv(): half a page is taken for a page."""

import socket
import struct

PAGE = b"the first half, and the second"
RESETS = struct.pack("ii", 1, 0)  # SO_LINGER of 0 s: close() sends a reset


def half_a_page():
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        sock, _ = server.accept()
    with sock:
        sock.sendall(PAGE[: len(PAGE) // 2])
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESETS)
    return client


def read(sock, passed):
    page = b""
    with sock:
        while True:
            try:
                while chunk := sock.recv(4096):
                    page += chunk
                return page
            except passed:
                pass  # the reset is told once; the next recv() returns b""


if __name__ == "__main__":
    page = read(half_a_page(), OSError)
    assert len(page) < len(PAGE), "the whole page came"
    print(f"except OSError returns {len(page)} of {len(PAGE)} bytes: {page}")
    try:
        read(half_a_page(), BlockingIOError)
    except ConnectionResetError as error:
        print(f"except BlockingIOError lets it out: {error}")
    else:
        raise AssertionError("the connection was not reset")
