"""How the stages grow with the number of pages, and how true the lab stays meanwhile."""

from collections.abc import Callable

from scripts.measure import Ordeal, Record
from scripts.measure.ordeal import CROWD
from scripts.page import current, words
from scripts.page.html import Html, element, paragraph
from scripts.page.measured.cards import link
from scripts.page.measured.faults import exception
from scripts.page.pictures.growth import curve
from scripts.page.tables import comparison
from scripts.page.vocabulary import block, inline
from scripts.stages import LOOPBACK, PAGES, find

MOST = 10_000
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
CROWDED = ("greenlets", "tasks", "threads")
"""Those that are sent for MOST pages once, to see whether they bring them."""
LOOPED = f"callbacks:{LOOPBACK}"
HALF = 0.5
"""Of its time: a link that is busy for longer is what the program waits for."""

IDEAL = "理想（算出来的）"
PICTURES = {
    "wall": ("墙钟", "墙钟 / 秒", "虚线是除了网络之外什么都不花时间的情形，不随页数变。"),
    "cpu": ("每页的 CPU", "每页的 CPU / 毫秒", "客户程序用掉的 CPU 除以页数。"),
    "memory": ("每个连接的内存", "每个连接 / KiB", "峰值里比十页时多出来的部分，除以多出来的页数。"),
}


@block
def growth(metric: str) -> Html:
    """A picture of that metric, wall, cpu (of a page) or memory (of a connection), by the number of pages."""
    title, label, about = PICTURES[metric]
    series = {way(name): drawn for name in GROWING if (drawn := of(name, metric))}
    if metric == "wall":
        series[IDEAL] = {count: current.get(named("callbacks", count)).ideal for count in COUNTS}
    dashed = [IDEAL] if metric == "wall" else []
    return curve(title, f"横轴是同时取多少页，两轴都按倍数走。{about}", series, "页数", label, dashed)


def named(name: str, count: int) -> str:
    """The case with so many pages."""
    return name if count == PAGES else f"{name}@{count}"


def way(name: str) -> str:
    """What to call it in a picture."""
    case = find(name)
    return f"{case.stage.title} {case.loop}" if case.loop else case.stage.title


def of(name: str, metric: str) -> dict[float, float | None]:
    """That metric by the number of pages, in the unit of its picture."""
    measured = {count: current.get(named(name, count)) for count in GROWING[name]}
    if metric == "memory":
        return memory_of(name, measured)
    scale: Callable[[int], float] = {"wall": lambda count: 1, "cpu": lambda count: 1_000 / count}[metric]
    values = {count: record.median(metric) for count, record in measured.items()}
    if name in CROWDED and (ordeal := crowd(name)).delivered == ordeal.asked:
        values[MOST] = getattr(ordeal, metric)
    return {count: value * scale(count) for count, value in values.items() if value}


def memory_of(name: str, measured: dict[int, Record]) -> dict[float, float | None]:
    """KiB of a connection; nothing of a pool of processes, whose memory is that of the largest."""
    if find(name).start_method:
        return {}
    grown = {count: connection_memory(measured[PAGES], record) for count, record in measured.items()}
    return {count: value / 1024 for count, value in grown.items() if value and value > 0}


def connection_memory(few: Record, many: Record) -> float | None:
    """Bytes by which the peak is higher, for each page more: only where there are enough of them to tell."""
    least, most = few.median("memory"), many.median("memory")
    more = many.samples[0].pages - few.samples[0].pages
    return None if least is None or most is None or more < 100 else (most - least) / more


def crowd(name: str) -> Ordeal:
    """What became of that many pages at once, in a single run."""
    return current.source().ordeal(named(name, MOST), CROWD)


@block
def costs() -> Html:
    """A table: what MOST pages cost the program, the link and the origin."""
    columns = ("程序", "墙钟 / 秒", "× 理想", "CPU / 秒", "链路 CPU / 秒", "源站 CPU / 秒", "每个连接的内存")
    rows = []
    for name in (name for name, counts in GROWING.items() if MOST in counts):
        record = current.get(named(name, MOST))
        memory = connection_memory(current.get(name), record)
        rows.append([
            way(name),
            f"{record.median('wall'):.3f}",
            words.digits(record.median("wall") / record.ideal),
            *(f"{record.median(metric):.3f}" for metric in ("cpu", "link_cpu", "origin_cpu")),
            words.UNTOLD if memory is None else f"{words.digits(memory / 1024, 2)} KiB",
        ])  # fmt: skip
    return comparison(columns, rows)


@block
def crowds() -> Html:
    """A table: what those who are sent for MOST pages once come back with."""
    rows = []
    for name in CROWDED:
        ordeal = crowd(name)
        kinds = dict.fromkeys(element("code", exception(error)) for error in ordeal.raised.values())
        rows.append([
            link(find(name)),
            f"{ordeal.delivered:,} / {ordeal.asked:,}",
            "没有下文" if ordeal.gave_up else Html("、").join(kinds) or "–",
            f"{ordeal.wall:.3f}",
            f"{ordeal.cpu:.3f}",
        ])  # fmt: skip
    return comparison(("程序", "收到", "报告", "墙钟 / 秒", "CPU / 秒"), rows)


@block
def lost_streams() -> Html:
    """A paragraph: whether the streams of asyncio bring MOST pages, and what stops them."""
    ordeal = crowd("tasks")
    if ordeal.delivered < ordeal.asked:
        return paragraph(
            "asyncio 的流没有全收回来，拦住它的不是机器，是它自己写的 `TIMEOUT = 2`：排在后面的页，"
            "活儿还没轮到，时限先到了。少的 {} 页正是这样丢的。",
            f"{ordeal.asked - ordeal.delivered:,}",
        )
    return paragraph(
        "asyncio 的流这一趟全收回来了，只是它每页的时限写着 `TIMEOUT = 2`，机器再慢一些，"
        "排在后面的页就会被自己的时限掐掉。"
    )


@block
def many_threads() -> Html:
    """A paragraph: whether MOST threads can be started here, and what stops them."""
    ordeal = crowd("threads")
    if ordeal.delivered < ordeal.asked:
        answer = "、".join(ordeal.raised.values()) or "没有下文"
        return paragraph("一万个线程在这台机器上开不起来，得到的答复是：{}。这就是它的顶。", answer)
    return paragraph(
        "一万个线程居然也开得起来，用了 {}。当年说一万个线程会压垮机器，"
        "今天先碰到的多半是一道上限：每个线程默认留 8 MiB 的栈，一万个就是将近 80 GiB 的地址空间。"
        "真正碰过的页很少，内存并没有少掉这么多；可 `ulimit -v`、`ulimit -d` 这类上限照映射的全额算账。"
        "实验室设的正是后一种，这一趟把它放宽了，线程和进程的总数也放宽了。",
        words.seconds(ordeal.wall),
    )


@block
def fidelity() -> Html:
    """A table: how late connections and answers are, by the number of connections, and what the lab uses."""
    measured = [
        (current.get(named("callbacks", count)), current.get(named(LOOPED, count))) for count in COUNTS
    ]
    link = words.LINKS[measured[0][0].link]
    columns = (
        "连接", f"{link}：连接 / 毫秒", "回答 / 毫秒", "链路 CPU / 秒", "占墙钟", "源站 CPU / 秒",
        f"{words.LINKS[LOOPBACK]}：总时间 / 毫秒", "源站 CPU / 秒",
    )  # fmt: skip
    rows = [
        [
            f"{record.samples[0].pages:,}",
            late(record, "connect_late"),
            late(record, "answer_late"),
            f"{record.median('link_cpu'):.3f}",
            words.share(link_share(record)),
            f"{record.median('origin_cpu'):.3f}",
            late(loopback, "answer_late"),
            f"{loopback.median('origin_cpu'):.3f}",
        ]
        for record, loopback in measured
    ]
    return comparison(columns, rows)


def late(record: Record, metric: str) -> str:
    """The median and the 99th percentile of that error, in milliseconds."""
    errors = [record.median(metric), record.median(f"{metric}_p99")]
    return " · ".join(words.UNTOLD if error is None else f"{error * 1000:.1f}" for error in errors)


def link_share(record: Record) -> float:
    """The part of the time in which the link's process was on the CPU."""
    return record.median("link_cpu") / record.median("wall")


@inline
def bottleneck() -> str:
    """A sentence: from how many connections on the link itself is what the program waits for."""
    busy = [
        (record.samples[0].pages, link_share(record))
        for count in COUNTS
        if link_share(record := current.get(named("callbacks", count))) > HALF
    ]
    if not busy:
        return "这次构建量的几档里，链路进程闲着的时候总比忙的时候多：它还不是瓶颈。"
    count, share = busy[0]
    return (
        f"这次构建里，到了 {count:,} 个连接，链路进程有 {words.share(share)} 的时间在忙：从这一档起，"
        "程序等的有一部分是链路自己，墙钟里混着它的开销。"
    )
