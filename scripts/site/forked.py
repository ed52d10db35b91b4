"""Work done beside this process, by a copy of it, on another core."""

import os
import signal
import sys
from collections.abc import Callable
from multiprocessing import get_context
from typing import TypeVar

Result = TypeVar("Result")


def aside(work: Callable[[], Result]) -> Callable[[], Result]:
    """Begin that work; what is returned waits for its result.

    Where a copy of this process is not safe (elsewhere than on Linux, or while there are several threads, of
    which a copy has one) the work is done when it is waited for; and again when the copy fails, to raise why.
    """
    if sys.platform != "linux" or len(os.listdir("/proc/self/task")) > 1:  # `threading` counts its own alone
        return work
    fork = get_context("fork")
    receiving, sending = fork.Pipe(duplex=False)

    def copy() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)  # it has nothing to clean up
        receiving.close()
        sending.send(work())

    process = fork.Process(target=copy, daemon=True)
    process.start()
    sending.close()

    def result() -> Result:
        try:
            return receiving.recv()
        except (EOFError, OSError):  # the latter where it ended in the middle of its answer
            return work()
        finally:
            process.join()
            receiving.close()

    return result
