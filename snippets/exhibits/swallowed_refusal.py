"""`except OSError: pass` around send(): a port that refuses goes unnoticed."""

import socket
from collections import Counter

CALLS = 100_000  # the guard: the mistake has no end


def connecting():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
    sock = socket.socket()
    sock.setblocking(False)
    sock.connect_ex(address)  # where nobody listens any longer
    return sock


def insist(sock, passed):
    errors = Counter()
    with sock:
        for _ in range(CALLS):
            try:
                sock.send(b"GET")
                break
            except passed as error:
                errors[type(error).__name__] += 1
    return errors


if __name__ == "__main__":
    errors = insist(connecting(), OSError)
    assert errors.total() == CALLS, "the loop found its end"
    for name, count in errors.items():
        print(f"except OSError passes over {count:,} {name}")
    try:
        insist(connecting(), BlockingIOError)
    except ConnectionRefusedError as error:
        print(f"except BlockingIOError lets it out: {error}")
    else:
        raise AssertionError("the port did not refuse")
