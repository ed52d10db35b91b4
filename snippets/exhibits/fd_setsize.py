"""A descriptor beyond FD_SETSIZE: what poll lifts, compared with select."""

import fcntl
import os
import resource
import select
import socket

FD_SETSIZE = 1024

if __name__ == "__main__":
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (2 * FD_SETSIZE, hard))
    here, there = socket.socketpair()
    with here, there:
        there.send(b"hello")
        fd = fcntl.fcntl(here, fcntl.F_DUPFD_CLOEXEC, FD_SETSIZE)
        try:
            select.select([fd], [], [], 0)
        except ValueError as error:
            print(f"select, descriptor {fd}: {error}")
        else:
            raise AssertionError("select takes any descriptor")
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        ready = poll.poll(0)
        os.close(fd)
        assert ready == [(fd, select.POLLIN)], "poll has a limit, too"
        print(f"poll, descriptor {fd}: ready")
