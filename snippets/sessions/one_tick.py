"""One turn of the loop, taken by hand: who holds what, and who calls whom."""

import socket
from selectors import EVENT_READ, DefaultSelector

from generators import Loop, Task

here, there = socket.socketpair()
loop = Loop(DefaultSelector())


def receive():
    yield loop.ready(here, EVENT_READ)
    return here.recv(4096)


task = Task(loop, receive())
list(loop.queue) == [task.step]
loop.queue.popleft()()
task.coroutine.gi_frame.f_lineno
(key,) = loop.selector.get_map().values()
future = key.data
future.done, future.callbacks == [task.step], list(loop.queue)
there.sendall(b"a page")
[(key, event)] = loop.selector.select()
key.data is future
future.set_result()
future.done, list(loop.queue) == [task.step], task.done
loop.queue.popleft()()
task.done, task.result
