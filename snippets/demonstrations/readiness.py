"""What one call costs that asks about many sockets, of which one is ready.

The idle ones are UDP sockets to which nobody sends: each has a queue of its
own, as a connection has, but takes one descriptor and not two.  The ready one
has the highest descriptor, so that select and poll pass all the others first,
as they do whenever they find nobody ready and have to wait.
"""

import errno
import select
import selectors
import socket
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from statistics import median

IDLE = 10, 100, 400, 1000, 4000, 9000
BATCHES, SECONDS_A_BATCH = 9, 0.003
WAIT = 1  # second at most; there is always one that is ready


@contextmanager
def by_select(descriptors):
    yield partial(select.select, descriptors, [], [], WAIT)


@contextmanager
def by_poll(descriptors):
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    yield partial(poll.poll, WAIT * 1000)


@contextmanager
def by_epoll(descriptors):
    with select.epoll() as epoll:
        for descriptor in descriptors:
            epoll.register(descriptor, select.EPOLLIN)
        yield partial(epoll.poll, WAIT)


@contextmanager
def by_kqueue(descriptors):
    with closing(select.kqueue()) as kqueue:
        kqueue.control([select.kevent(each) for each in descriptors], 0)
        yield partial(kqueue.control, None, 1, WAIT)


APIS = {
    "select": by_select,
    "poll": by_poll,
    "epoll": by_epoll,
    "kqueue": by_kqueue,
}


def seconds(ask):
    """Seconds of one call: the median of several batches."""

    def batch(calls):
        start = time.perf_counter()
        for _ in range(calls):
            ask()
        return (time.perf_counter() - start) / calls

    calls = int(SECONDS_A_BATCH / batch(3)) + 1
    return median(batch(calls) for _ in range(BATCHES))


def cost(api, descriptors):
    """Seconds of one call; None where there is no such API, or it refuses."""
    if not hasattr(select, api):
        return None
    with suppress(ValueError), APIS[api](descriptors) as ask:
        return seconds(ask)  # unless select meets a descriptor too high


def refusal(descriptor):
    """What select says of a descriptor that it does not take."""
    try:
        select.select([descriptor], [], [], 0)
    except ValueError as error:
        return str(error)


@contextmanager
def many_descriptors():
    """Let this process open enough of them, or as many as it may."""
    try:
        from resource import RLIMIT_NOFILE, getrlimit, setrlimit
    except ImportError:  # Windows has no such limit
        yield
        return
    soft, hard = getrlimit(RLIMIT_NOFILE)
    enough = max(soft, min(hard, max(IDLE) + 100))
    setrlimit(RLIMIT_NOFILE, (enough, hard))
    try:
        yield
    finally:
        setrlimit(RLIMIT_NOFILE, (soft, hard))


def costs(n, idle, receiver, opened):
    """Seconds by API with n idle sockets; those that lack are opened."""
    while len(idle) < n:
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        idle.append(opened.enter_context(one).fileno())
    with receiver.dup() as ready:
        descriptors = [*idle, ready.fileno()]
        return {f"{api}, {n}": cost(api, descriptors) for api in APIS}


def demonstrate():
    """Seconds of one call by API and number of idle sockets, what select
    refuses, and what Python would choose; None for what this system lacks."""
    found = {f"{api}, {n}": None for n in IDLE for api in APIS}
    idle = []
    with many_descriptors(), ExitStack() as opened:
        sender, receiver = map(opened.enter_context, socket.socketpair())
        sender.send(b"!")
        try:
            for n in IDLE:
                found |= costs(n, idle, receiver, opened)
        except OSError as error:
            if error.errno != errno.EMFILE:  # no more may be opened
                raise
        refused = [each for each in idle if refusal(each)]
        found["first refused by select"] = min(refused, default=None)
        found["FD_SETSIZE"] = refusal(max(idle))
    found["DefaultSelector"] = selectors.DefaultSelector.__name__
    return found


if __name__ == "__main__":
    for what, value in demonstrate().items():
        print(f"{what}: {value}")
