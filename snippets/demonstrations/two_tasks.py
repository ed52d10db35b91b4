"""Two mishaps of tasks that are called back at once, and not by a queue."""

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


def wait(future, log):
    yield future
    log.append("B goes on")


def bring(start, future, log):
    yield start
    log.append("A begins")
    future.set_result()  # which B waits for
    log.append("A ends")


def interleaving(call):
    start, future, log = Future(call), Future(call), []
    Task(call, wait(future, log))
    Task(call, bring(start, future, log))
    start.set_result()
    return log


def chain(call):
    """Each task waits for the one before; the last is to be told of."""
    first = last = Future(call)
    for _ in range(TASKS):
        last = Task(call, wait(last, []))
    log = []
    last.callbacks.append(lambda: log.append(f"{TASKS:,} tasks are done"))
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
