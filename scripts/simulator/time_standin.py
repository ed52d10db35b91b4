"""A stand-in for `time`: every clock shows virtual time, and sleeping takes none of the reader's."""

import time as real_time
from types import ModuleType, SimpleNamespace

from scripts.simulator.clock import SECOND, nanoseconds
from scripts.simulator.machine import current


def monotonic_ns() -> int:
    machine = current()
    machine.question()
    return machine.clock.now


def monotonic() -> float:
    return monotonic_ns() / SECOND


def perf_counter_ns() -> int:
    return monotonic_ns()


def perf_counter() -> float:
    return monotonic()


def process_time_ns() -> int:
    return current().clock.burnt


def process_time() -> float:
    return process_time_ns() / SECOND


def thread_time_ns() -> int:
    return process_time_ns()


def thread_time() -> float:
    return process_time()


def sleep(seconds) -> None:
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    current().sleep(nanoseconds(seconds))


def get_clock_info(name) -> SimpleNamespace:
    known = real_time.get_clock_info(name)
    return SimpleNamespace(
        implementation="virtual", monotonic=known.monotonic, adjustable=False, resolution=1 / SECOND
    )


def module() -> ModuleType:
    """`time()` goes on from the date at which this is called."""
    made = ModuleType("time")
    made.__dict__.update(vars(real_time))
    for each in (
        monotonic, monotonic_ns, perf_counter, perf_counter_ns, process_time, process_time_ns,
        thread_time, thread_time_ns, sleep, get_clock_info,
    ):  # fmt: skip
        setattr(made, each.__name__, each)
    began = real_time.time_ns()
    made.time_ns = lambda: began + monotonic_ns()
    made.time = lambda: made.time_ns() / SECOND
    return made
