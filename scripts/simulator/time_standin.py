"""A stand-in for `time`: every clock shows virtual time, and sleeping takes none of the reader's."""

import time as real_time
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Literal

from scripts.simulator.clock import SECOND, nanoseconds
from scripts.simulator.machine import current

ClockName = Literal["monotonic", "perf_counter", "process_time", "thread_time", "time"]


def elapsed() -> int:
    """Nanoseconds since the run began, for a program that looks at the clock."""
    machine = current()
    machine.catch_up()
    machine.question()
    return machine.clock.now


def burnt() -> int:
    """Nanoseconds of CPU since then."""
    return current().clock.burnt


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
    began = real_time.time_ns()
    clocks: dict[ClockName, Callable[[], int]] = {
        "monotonic": elapsed,
        "perf_counter": elapsed,
        "process_time": burnt,
        "thread_time": burnt,
        "time": lambda: began + elapsed(),
    }
    made = ModuleType("time")
    made.__dict__.update(vars(real_time), sleep=sleep, get_clock_info=get_clock_info)
    for name, clock in clocks.items():  # each is a function of its own, as `counterparts` needs it
        made.__dict__[f"{name}_ns"] = lambda clock=clock: clock()
        made.__dict__[name] = lambda clock=clock: clock() / SECOND
    return made
