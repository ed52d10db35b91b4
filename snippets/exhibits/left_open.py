"""Sockets that nobody closes stay open as long as anything refers to them."""

import os
import socket
import warnings


def careless():
    sock = socket.socket()
    raise OSError(f"no page on {sock}")


def careful():
    with socket.socket() as sock:
        raise OSError(f"no page on {sock}")


def leave(fetch):
    errors, before = [], len(os.listdir("/dev/fd"))
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", ResourceWarning)
        for _ in range(10):
            try:
                fetch()
            except OSError as error:  # its traceback refers to the socket
                errors.append(error)
        left = len(os.listdir("/dev/fd")) - before
        errors.clear()
    return left, len(warned)


if __name__ == "__main__":
    left, warned = leave(careless)
    assert left == warned == 10, "somebody closed the sockets"
    print(f"nobody closes: {left} left open, {warned} ResourceWarnings")
    left, warned = leave(careful)
    assert left == warned == 0, "`with` did not close the sockets"
    print(f"`with` closes: {left} left open, {warned} ResourceWarnings")
