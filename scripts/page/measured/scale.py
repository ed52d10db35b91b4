"""How the stages grow with the number of pages."""

from scripts.measure import Record
from scripts.page import current, words
from scripts.page.failures import NoSuchThing
from scripts.page.html import Html
from scripts.page.measured.cards import times
from scripts.page.measured.crowds import CROWDED, MOST, crowd
from scripts.page.pictures.growth import curve
from scripts.page.tables import comparison
from scripts.page.vocabulary import block
from scripts.stages import PAGES, find, hint

COUNTS = (1, PAGES, 100, 1_000, MOST)
GROWING = {
    "callbacks": COUNTS,
    "c10k:uvloop": (PAGES, 1_000, MOST),
    "c10k:asyncio": (PAGES, 1_000, MOST),
    "greenlets": (PAGES, 1_000),
    "threads": (PAGES, 100, 1_000),
    "processes": (PAGES, 100),
}
"""How many pages each of them is measured with, as often as all that is measured."""
ENOUGH = 100
"""So many connections more have to be there, or what they add to the memory is lost in its noise."""
IDEAL = "理想（算出来的）"
PICTURES = {
    "wall": ("墙钟", "墙钟 / 秒", "虚线是除了网络之外什么都不花时间的情形，不随页数变。"),
    "cpu": ("每页的 CPU", "每页的 CPU / 毫秒", "客户程序用掉的 CPU 除以页数。"),
    "memory": ("每个连接的内存", "每个连接 / KiB", "峰值里比十页时多出来的部分，除以多出来的页数。"),
}


@block
def growth(metric: str) -> Html:
    """A picture of wall, of the cpu of a page, or of the memory of a connection, by the number of pages.

    Raises NoSuchThing for any other metric, and what `current.get` raises.
    """
    if metric not in PICTURES:
        raise NoSuchThing(f"there is no picture of how {metric!r} grows{hint(metric, list(PICTURES))}")
    title, label, about = PICTURES[metric]
    series = {label_of(name): points for name in GROWING if (points := points_of(name, metric))}
    if metric == "wall":
        series[IDEAL] = {count: current.get(f"callbacks@{count}").ideal or None for count in COUNTS}
    return curve(title, f"横轴是同时取多少页，两轴都按倍数走。{about}", series, "页数", label, computed=IDEAL)


def label_of(name: str) -> str:
    """What that case is called in a picture, whatever the number of its pages."""
    case = find(name)
    return f"{case.stage.title} {case.loop}" if case.loop else case.stage.title


def points_of(name: str, metric: str) -> dict[float, float | None]:
    """A metric of a case by the number of pages, in the unit of its picture."""
    records = {count: current.get(f"{name}@{count}") for count in GROWING[name]}
    if metric == "memory":
        if find(name).start_method:
            return {}  # since a record holds the memory of the largest process only
        return {count: kib_of_a_connection(records[PAGES], record) for count, record in records.items()}
    taken = {count: record.median(metric) for count, record in records.items()}
    if name in CROWDED and (ordeal := crowd(name)).delivered == ordeal.asked:
        taken[MOST] = {"wall": ordeal.wall, "cpu": ordeal.cpu}[metric]
    per = {count: 1_000 / count if metric == "cpu" else 1 for count in taken}
    return {count: value * per[count] for count, value in taken.items() if value}


def kib_of_a_connection(few: Record, many: Record) -> float | None:
    """KiB by which the peak of many pages is higher, for each page more; None where nobody can tell."""
    least, most = few.median("memory"), many.median("memory")
    more = many.samples[0].pages - few.samples[0].pages
    if least is None or most is None or most <= least or more < ENOUGH:
        return None
    return (most - least) / more / 1024


@block
def costs() -> Html:
    """A table: what ten thousand pages cost the program, the link and the origin."""
    columns = ("程序", "墙钟 / 秒", "× 理想", "CPU / 秒", "链路 CPU / 秒", "源站 CPU / 秒", "每个连接的内存")
    rows = []
    for name in (name for name, counts in GROWING.items() if MOST in counts):
        record = current.get(f"{name}@{MOST}")
        memory = kib_of_a_connection(current.get(name), record)
        rows.append([
            label_of(name),
            words.cell(record.median("wall")),
            times(record),
            *(words.cell(record.median(metric)) for metric in ("cpu", "link_cpu", "origin_cpu")),
            words.UNTOLD if memory is None else f"{words.digits(memory, 2)} KiB",
        ])  # fmt: skip
    return comparison(columns, rows, caption=f"{MOST:,} 页，三方各用了多少")
