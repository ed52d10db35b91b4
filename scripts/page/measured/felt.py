"""Times as a CPU feels them: with one of its clock cycles taken for a second."""

from scripts.page import current
from scripts.page.failures import NoSuchThing
from scripts.page.findings import finding, number, value
from scripts.page.html import Html, paragraph
from scripts.page.vocabulary import block, inline
from scripts.stages import hint

CYCLE = 0.38e-9
"""Seconds of a clock cycle at 2.6 GHz, as the source article has it."""
YEAR = 365.25 * 86400
UNITS = (("年", YEAR), ("个月", YEAR / 12), ("天", 86400), ("小时", 3600), ("分", 60), ("秒", 1))
MEASURED = {
    "clock cycle": ("memory_time", "一个时钟周期"),
    "assignment": ("memory_time", "Python 里赋一次值"),
    "memory access": ("memory_time", "读一次内存"),
    "system call": ("switch_time", "一次系统调用"),
    "context switch": ("switch_time", "一次上下文切换"),
    "1 MB past the page cache": ("disk_time", "磁盘顺序读 1 MB"),
    "round trip": ("switch_time", "跨城市往返一趟"),
}
"""What is measured on this machine: by which demonstration, and what to call it."""


@inline
def felt(seconds: float) -> str:
    """How long that time feels to the CPU of the source article."""
    return in_cycles(seconds, CYCLE)


@inline
def felt_here(key: str) -> str:
    """How long what was measured here by that name feels to this CPU; empty where it could not be."""
    seconds = here(key)
    return "" if seconds is None else in_cycles(seconds, here("clock cycle") or CYCLE)


@inline
def felt_wall(name: str) -> str:
    """How long the CPU of this machine feels the median wall time of that case."""
    return in_cycles(current.get(name).median("wall"), here("clock cycle") or CYCLE)


@inline
def found_here(key: str) -> str:
    """What was measured here by that name, or a dash where it could not be."""
    return "—" if here(key) is None else finding(measured_by(key), key)


@block
def not_found() -> Html:
    """A sentence that names what could not be measured on this machine, if there is any of that."""
    lacking = [name for key, (_, name) in MEASURED.items() if here(key) is None]
    return paragraph(f"这台机器上没能量到的还有：{'、'.join(lacking)}。") if lacking else Html()


def here(key: str) -> float | None:
    """What was found on this machine, in seconds; on loopback, `connect` does not wait for the distance."""
    on_loopback = key == "round trip" and current.get("blocking").link == "loopback"
    name = measured_by(key)
    return None if on_loopback or value(name, key) is None else number(name, key)


def measured_by(key: str) -> str:
    """The demonstration that finds that; raises NoSuchThing."""
    if key not in MEASURED:
        raise NoSuchThing(f"nothing here measures {key!r}{hint(key, list(MEASURED))}")
    return MEASURED[key][0]


def in_cycles(seconds: float, cycle: float) -> str:
    """The two largest units of the time that a CPU feels, cut off, not rounded."""
    left = seconds / cycle + 1e-6
    if left >= 10_000 * YEAR:
        return f"{left / YEAR / 10_000:.1f} 万年"
    first = next((place for place, (_, size) in enumerate(UNITS) if left >= size), len(UNITS))
    parts = []
    for unit, size in UNITS[first : first + (1 if left >= 100 * YEAR else 2)]:
        count, left = divmod(left, size)
        parts.append(f"{count:.0f} {unit}" if count else "")
    return " ".join(filter(None, parts)) or "不到一秒"
