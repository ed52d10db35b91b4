"""A port for a program that wants to be told one."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reserved() -> Iterator[int]:
    """A port of 127.0.0.1 that nobody else gets in here, and that a program may listen on.

    Linux lets sockets share an address that all have SO_REUSEADDR, as MkDocs' has, as long as one of them
    listens; and of a port that is bound it gives none away.  Others refuse to share it: there, nobody keeps it.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        if sys.platform != "linux":
            holder.close()
        yield port
