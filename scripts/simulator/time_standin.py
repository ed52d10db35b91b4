"""A stand-in for `time`: every clock shows virtual time, and sleeping takes none of the reader's."""

import time as real_time
from types import ModuleType, SimpleNamespace
from typing import Literal

from scripts.simulator.clock import SECOND, nanoseconds
from scripts.simulator.machine import current

ClockName = Literal["monotonic", "perf_counter", "process_time", "thread_time", "time"]


def monotonic_ns() -> int:
    machine = current()
    machine.catch_up()
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


def sleep(seconds: float) -> None:
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    machine = current()
    with machine.call("sleep"):
        machine.sleep(nanoseconds(seconds))


def get_clock_info(name: ClockName) -> SimpleNamespace:
    known = real_time.get_clock_info(name)
    return SimpleNamespace(
        implementation="virtual", monotonic=known.monotonic, adjustable=False, resolution=1 / SECOND
    )


def module() -> ModuleType:
    """The module that stands in for `time`; its date goes on from the moment of this call."""
    made = ModuleType("time")
    made.__dict__.update(vars(real_time))
    for each in (
        monotonic, monotonic_ns, perf_counter, perf_counter_ns, process_time, process_time_ns,
        thread_time, thread_time_ns, sleep, get_clock_info,
    ):  # fmt: skip
        setattr(made, each.__name__, each)
    began = real_time.time_ns()
    made.__dict__["time_ns"] = lambda: began + monotonic_ns()
    made.__dict__["time"] = lambda: (began + monotonic_ns()) / SECOND
    return made
