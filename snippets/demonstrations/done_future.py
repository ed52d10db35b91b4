"""Waiting for what is already there: the classic toy loop never goes on."""


class Future:
    def __init__(self):
        self.done, self.result, self.callbacks = False, None, []

    def set_result(self, result=None):
        self.done, self.result = True, result
        for callback in self.callbacks:
            callback(result)


class ToyTask:
    def __init__(self, coroutine):
        self.coroutine = coroutine
        self.step()

    def step(self, result=None):
        try:
            future = self.coroutine.send(result)
        except StopIteration:
            return
        future.callbacks.append(self.step)


class Task(ToyTask):
    def step(self, result=None):
        try:
            future = self.coroutine.send(result)
            while future.done:  # it will not call: go on at once
                future = self.coroutine.send(future.result)
        except StopIteration:
            return
        future.callbacks.append(self.step)


def wait(future, got):
    got.append((yield future))


if __name__ == "__main__":
    for kind in ToyTask, Task:
        future, got = Future(), []
        future.set_result("a page")
        kind(wait(future, got))
        print(f"{kind.__name__:7} ", got or "still waiting, for ever")
