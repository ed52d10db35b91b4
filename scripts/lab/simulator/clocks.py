"""A stand-in for `time`: every clock shows virtual time, and sleeping takes none of the reader's."""

import time as real_time
from types import ModuleType, SimpleNamespace

from scripts.lab.simulator.clock import SECOND, nanoseconds
from scripts.lab.simulator.machine import current


def monotonic_ns() -> int:
    machine = current()
    machine.question()
    return machine.clock.now


def monotonic() -> float:
    return monotonic_ns() / SECOND


def process_time_ns() -> int:
    return current().clock.burnt


def process_time() -> float:
    return process_time_ns() / SECOND


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
    made.monotonic = made.perf_counter = monotonic
    made.monotonic_ns = made.perf_counter_ns = monotonic_ns
    made.process_time = made.thread_time = process_time
    made.process_time_ns = made.thread_time_ns = process_time_ns
    made.sleep, made.get_clock_info = sleep, get_clock_info
    began = real_time.time_ns()
    made.time_ns = lambda: began + monotonic_ns()
    made.time = lambda: made.time_ns() / SECOND
    return made
