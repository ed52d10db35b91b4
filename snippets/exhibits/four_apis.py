"""The same question to select, poll and epoll, then to `selectors`."""

import select
import selectors
import socket
import time


def interfaces(fd):
    yield "select", lambda timeout: select.select([fd], [], [], timeout)
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    yield "poll", poll.poll
    if hasattr(select, "epoll"):  # Linux
        with select.epoll() as epoll:
            epoll.register(fd, select.EPOLLIN)
            yield "epoll", epoll.poll


if __name__ == "__main__":
    here, there = socket.socketpair()
    with here, there:
        waits, answers = {}, {}
        for name, ask in interfaces(here.fileno()):
            start = time.perf_counter()
            ask(0.1)  # nothing has come
            waits[name] = time.perf_counter() - start
            there.send(b"!")
            answers[name] = ask(0.1)
            here.recv(1)
            print(f"{name}: {answers[name]}, 0.1 waits {waits[name]:.3f} s")
        assert waits["select"] > 5 * waits["poll"], "0.1 is alike to both"
        assert answers["select"] != answers["poll"], "both answer alike"

        there.send(b"!")
        for kind in (
            selectors.SelectSelector,
            selectors.PollSelector,
            selectors.DefaultSelector,  # epoll or kqueue
        ):
            with kind() as selector:
                key = selector.register(here, selectors.EVENT_READ)
                ready = selector.select(0.1)
            assert ready == [(key, selectors.EVENT_READ)], f"not so {kind}"
        print("selectors: [(key, EVENT_READ)] from each, 0.1 is in seconds")
