"""What it costs to go on elsewhere: a generator, a thread, a process."""

import os
import queue
import threading
import time
from statistics import median


def generator():
    while True:
        yield


def resuming(count):
    """Seconds to resume a generator once."""
    step = generator()
    next(step)
    start = time.perf_counter()
    for _ in range(count):
        next(step)
    return (time.perf_counter() - start) / count


def echo(read, write, count):
    for _ in range(count):
        write(read())


def hopping(read, write, count):
    """Seconds from here to the other side: half of there and back."""
    start = time.perf_counter()
    for _ in range(count):
        write(b"x")
        read()
    return (time.perf_counter() - start) / count / 2


def between_threads(count):
    there, back = queue.SimpleQueue(), queue.SimpleQueue()
    other = threading.Thread(target=echo, args=(there.get, back.put, count))
    other.start()
    seconds = hopping(back.get, there.put, count)
    other.join()
    return seconds


def ends(read, write):
    return lambda: os.read(read, 1), lambda data: os.write(write, data)


def between_processes(count):
    if not hasattr(os, "fork"):
        return None
    there, back = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        try:
            read, write = there[0], back[1]
            echo(*ends(read, write), count)
        finally:
            os._exit(0)
    read, write = back[0], there[1]
    seconds = hopping(*ends(read, write), count)
    os.waitpid(child, 0)
    for end in (*there, *back):
        os.close(end)
    return seconds


def demonstrate():
    rounds = [
        (between_processes(2_000), resuming(50_000), between_threads(2_000))
        for _ in range(5)
    ]
    processes, generators, threads = zip(*rounds)
    return {
        "generator": median(generators),
        "thread": median(threads),
        "process": median(processes) if None not in processes else None,
    }


if __name__ == "__main__":
    for what, found in demonstrate().items():
        print(f"{what}: {found}")
