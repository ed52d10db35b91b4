"""How true the lab stays to the distances that it is set to, the more connections there are."""

from scripts.measure import Record
from scripts.page import current, words
from scripts.page.html import Html
from scripts.page.measured.scale import COUNTS
from scripts.page.tables import comparison
from scripts.page.vocabulary import block, inline
from scripts.stages import LOOPBACK

HALF = 0.5
"""Of its time: a link that is busy for longer is what the program waits for."""


@block
def fidelity() -> Html:
    """A table: how late connections and answers are, by the number of connections, and what the lab uses."""
    rows = []
    for count in COUNTS:
        record, loopback = current.get(f"callbacks@{count}"), current.get(f"callbacks:{LOOPBACK}@{count}")
        rows.append([
            f"{record.samples[0].pages:,}",
            late(record, "connect_late"),
            late(record, "answer_late"),
            words.cell(record.median("link_cpu")),
            words.percent(link_share(record)),
            words.cell(record.median("origin_cpu")),
            late(loopback, "answer_late"),
            words.cell(loopback.median("origin_cpu")),
        ])  # fmt: skip
    link = words.LINKS[current.get("callbacks").link]
    columns = (
        "连接", f"{link}：连接 / 毫秒", "回答 / 毫秒", "链路 CPU / 秒", "占墙钟", "源站 CPU / 秒",
        f"{words.LINKS[LOOPBACK]}：总时间 / 毫秒", "源站 CPU / 秒",
    )  # fmt: skip
    return comparison(columns, rows, caption="链路有多准：误差的中位数 · p99")


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
    for count in COUNTS:
        if (share := link_share(current.get(f"callbacks@{count}"))) > HALF:
            return (
                f"这次构建里，到了 {count:,} 个连接，链路进程有 {words.percent(share)} 的时间在忙："
                "从这一档起，程序等的有一部分是链路自己，墙钟里混着它的开销。"
            )
    return "这次构建量的几档里，链路进程闲着的时候总比忙的时候多：它还不是瓶颈。"
