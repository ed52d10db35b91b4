"""Numbers as a Chinese reader wants them: three digits that count, and a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it is words that the reader's browser needs, not all of measuring
    from scripts.measure import Finding, Record
    from scripts.page.benchmark import Benchmark

METRICS = {
    "wall": "墙钟",
    "cpu": "CPU",
    "user": "用户态 CPU",
    "system": "内核态 CPU",
    "voluntary": "自愿切换",
    "involuntary": "被动切换",
    "memory": "内存峰值",
    "link_cpu": "链路 CPU",
    "origin_cpu": "源站 CPU",
    "connect_late": "连接误差",
    "connect_late_p99": "连接误差的 p99",
    "answer_late": "回答误差",
    "answer_late_p99": "回答误差的 p99",
}
LINKS = {"emulated": "模拟链路", "loopback": "回环退路"}
UNTOLD = "量不到"
"""What stands where this system does not tell."""


def digits(number: float, count: int = 3) -> str:
    """The number with so many digits that count, never as a power of ten: 4.51, 0.00214, 1,230."""
    power = int(f"{number:.{count - 1}e}".partition("e")[2])  # of the number as it is shown: 0.09997 is 0.100
    places = count - 1 - power if number else 0
    return f"{number:,.{min(max(places, 0), 6)}f}"


def seconds(value: float, count: int = 3) -> str:
    """A time that was measured, in seconds or milliseconds, whichever is easily read."""
    return f"{digits(value, count)} 秒" if value >= 0.1 else f"{digits(value * 1000, count)} 毫秒"


def milliseconds(value: float) -> str:
    """A time that was chosen, in seconds, as milliseconds: it has no more digits than it was given."""
    return f"{value * 1000:g} 毫秒"


def cell(value: float | None) -> str:
    """Seconds as they stand in a table, to the millisecond and without a unit."""
    return UNTOLD if value is None else f"{value:.3f}"


def percent(part: float) -> str:
    """A part of a whole, two digits of which count: 0.10%, 1.4%, 64%."""
    return f"{digits(part * 100, 2)}%"


def found(value: float | str | None) -> str:
    """What a demonstration found: a text, a count, or, where it is a float, a time in seconds."""
    if value is None:
        return UNTOLD
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if value >= 1e-3 or not value:
        return seconds(value)
    return f"{digits(value * 1e6)} 微秒" if value >= 1e-6 else f"{digits(value * 1e9)} 纳秒"


def amount(metric: str, value: float | None, count: int = 3) -> str:
    """The value of that metric with its unit: seconds, bytes, or how often."""
    if value is None:
        return UNTOLD
    if metric == "memory":
        return f"{digits(value / (1 << 20), count)} MiB"
    if metric in ("voluntary", "involuntary"):
        return f"{value:,.0f} 次"
    return seconds(value, count)


def spread(record: Record, metric: str) -> str:
    """How far the runs lie apart, as in 4.514–4.522 秒."""
    lowest, highest = (amount(metric, value, 4) for value in record.spread(metric) or (None, None))
    if lowest == highest:
        return lowest
    number, _, unit = lowest.partition(" ")
    return f"{number}–{highest}" if highest.endswith(f" {unit}") else f"{lowest}–{highest}"


def of(metric: str) -> str:
    """的 and the name of that metric, with a space between Chinese and Latin letters."""
    name = METRICS[metric]
    return f"的 {name} " if name.isascii() else f"的{name}"


def switches(voluntary: float | None, involuntary: float | None) -> str:
    """How often a program left the CPU to wait, and how often another one was preferred."""
    counts = voluntary, involuntary
    return UNTOLD if None in counts else " + ".join(f"{count:,.0f}" for count in counts)


def runs(*records: Record) -> str:
    """Of how many runs the numbers of these records are the medians."""
    few, *_, many = sorted(len(record.samples) for record in (*records, records[0]))
    times = f"{few}" if few == many else f"{few} 到 {many}"
    return "只量了一次" if many == 1 else f"{times} 次的中位数"


def distances(made: Record | Benchmark) -> str:
    """The link, the round trip and the service time between the programs and their pages."""
    trip, service = milliseconds(made.rtt), milliseconds(made.service_time)
    return f"{LINKS[made.link]}，往返 {trip}，服务 {service}"


def build(made: Record | Finding) -> str:
    """What compiled the interpreter, and whether configure was asked to optimize it by a profile."""
    if made.optimized is None:
        return f"编译器{UNTOLD}"
    return f"{made.compiler} 编译，configure {'要了' if made.optimized else '没有要'} --enable-optimizations"


def machine(made: Record | Finding | Benchmark) -> str:
    """The interpreter, the system, the processor, and how many cores it has."""
    return f"{made.implementation} {made.python}，{made.system}，{made.processor}，{made.cores} 个核心"
