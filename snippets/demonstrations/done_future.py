"""Waiting for what is already there: the classic toy loop never goes on."""

from collections import deque


class Future:
    def __init__(self, queue):
        self.queue, self.done, self.callbacks = queue, False, []

    def set_result(self, result=None):
        self.done, self.result = True, result
        self.queue.extend(self.callbacks)

    def add_done_callback(self, callback):
        if self.done:
            self.queue.append(callback)
        else:
            self.callbacks.append(callback)


class ToyTask:
    def __init__(self, coroutine):
        self.coroutine = coroutine
        self.step()

    def step(self):
        try:
            future = self.coroutine.send(None)
        except StopIteration:
            return
        future.callbacks.append(self.step)


class Task(ToyTask):
    def step(self):
        try:
            future = self.coroutine.send(None)
        except StopIteration:
            return
        future.add_done_callback(self.step)


def wait(future, got):
    yield future
    got.append(future.result)


if __name__ == "__main__":
    for kind in ToyTask, Task:
        queue, got = deque(), []
        future = Future(queue)
        future.set_result("a page")
        kind(wait(future, got))
        while queue:
            callback = queue.popleft()
            callback()
        print(f"{kind.__name__:7} ", got or "still waiting, for ever")
