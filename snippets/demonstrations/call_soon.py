"""Two mishaps of callbacks that are called at once, and not by a queue."""

from collections import deque

FUTURES = 1_000


class Future:
    def __init__(self, call):
        self.call, self.callbacks = call, []

    def set_result(self):
        for callback in self.callbacks:
            self.call(callback)


def interleaving(call):
    """A brings a result, and has more to do; B waits for that result."""
    future, log = Future(call), []
    future.callbacks.append(lambda: log.append("B"))
    log.append("A begins")
    future.set_result()
    log.append("A ends")
    return log


def chain(call):
    """Each Future brings the result of the next."""
    first = last = Future(call)
    for _ in range(FUTURES):
        following = Future(call)
        last.callbacks.append(following.set_result)
        last = following
    log = []
    last.callbacks.append(lambda: log.append(f"{FUTURES:,} have a result"))
    first.set_result()
    return log


def at_once(experiment):
    try:
        return experiment(lambda callback: callback())
    except RecursionError as error:
        return [type(error).__name__]


def by_a_queue(experiment):
    queue = deque()
    log = experiment(queue.append)
    while queue:
        callback = queue.popleft()
        callback()
    return log


if __name__ == "__main__":
    for experiment in interleaving, chain:
        for called in at_once, by_a_queue:
            print(f"{called.__name__}: {', '.join(called(experiment))}")
