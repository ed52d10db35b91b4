"""connect() on a non-blocking socket: what waits, returns and is raised."""

import errno
import socket

HOST, PORT = "example.com", 80
UNKNOWN = "unknown.invalid"  # a name that nobody has (RFC 6761)
UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK)  # the latter on Windows


def nonblocking():
    sock = socket.socket()
    sock.setblocking(False)
    return sock


if __name__ == "__main__":
    with nonblocking() as sock:
        try:
            sock.connect((UNKNOWN, PORT))
        except BlockingIOError:
            raise AssertionError("a name was not looked up first") from None
        except socket.gaierror:
            print("connect() by name returned after the look-up had failed")

    address = socket.gethostbyname(HOST), PORT  # this waits, and may
    with nonblocking() as sock:
        code = sock.connect_ex(address)
    assert code in UNDER_WAY, "the system had more to say"
    print(f"the system returned {errno.errorcode[code]}")
    with nonblocking() as sock:
        try:
            sock.connect(address)
        except BlockingIOError as error:
            print(f"Python raised {error!r}")
        else:
            raise AssertionError("Python raised nothing")
