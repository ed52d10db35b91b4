"""Who calls back: the one that brings the result, or a queue, after it."""

from collections import deque

TASKS = 1_000


class Future:
    def __init__(self, call):
        self.call, self.callbacks = call, []

    def set_result(self):
        for callback in self.callbacks:
            self.call(callback)


class Task(Future):
    def __init__(self, call, coroutine):
        super().__init__(call)
        self.coroutine = coroutine
        self.step()

    def step(self):
        try:
            self.coroutine.send(None).callbacks.append(self.step)
        except StopIteration:
            self.set_result()


def wait(future, then):
    yield future
    then()


def interleaving(call, log):
    """B waits for a Future; A brings its result, and has more to do."""

    def a():
        yield start
        log.append("A begins")
        future.set_result()
        log.append("A ends")

    start, future = Future(call), Future(call)
    Task(call, wait(future, lambda: log.append("B")))
    Task(call, a())
    start.set_result()


def chain(call, log):
    """Many tasks, each of which waits for the one before."""
    first = last = Future(call)
    for _ in range(TASKS):
        last = Task(call, wait(last, lambda: None))
    last.callbacks.append(lambda: log.append(f"{TASKS:,} tasks are done"))
    try:
        first.set_result()
    except RecursionError as error:
        log.append(type(error).__name__)


def at_once(experiment):
    log = []
    experiment(lambda callback: callback(), log)
    return log


def queued(experiment):
    log, queue = [], deque()
    experiment(queue.append, log)
    while queue:
        callback = queue.popleft()
        callback()
    return log


if __name__ == "__main__":
    for experiment in interleaving, chain:
        for way in at_once, queued:
            told = ", ".join(way(experiment))
            print(f"{experiment.__name__}, {way.__name__}: {told}")
