"""Stages that are sent for ten thousand pages at once, in a single run, to see whether they bring them."""

from scripts.measure import Ordeal
from scripts.measure.ordeal import CROWD
from scripts.page import current, words
from scripts.page.html import Html, element, paragraph
from scripts.page.measured.cards import link
from scripts.page.measured.faults import exception
from scripts.page.tables import comparison
from scripts.page.vocabulary import block
from scripts.stages import find

MOST = 10_000
CROWDED = ("greenlets", "tasks", "threads")


def crowd(name: str) -> Ordeal:
    """What became of that case with so many pages; raises what `current.get` raises."""
    return current.source().ordeal(f"{name}@{MOST}", CROWD)


@block
def crowds() -> Html:
    """A table: how many pages each of them brings, what errors it reports, and what it takes."""
    rows = []
    for name in CROWDED:
        ordeal = crowd(name)
        errors = dict.fromkeys(element("code", exception(error)) for error in ordeal.raised.values())
        rows.append([
            link(find(name)),
            f"{ordeal.delivered:,} / {ordeal.asked:,}",
            "没有下文" if ordeal.gave_up else Html("、").join(errors) or "–",
            words.cell(ordeal.wall),
            words.cell(ordeal.cpu),
        ])  # fmt: skip
    return comparison(("程序", "收到", "报告", "墙钟 / 秒", "CPU / 秒"), rows, caption=f"{MOST:,} 页一起取")


@block
def lost_streams() -> Html:
    """A paragraph: whether the streams of asyncio bring all pages, and what stops them."""
    ordeal = crowd("tasks")
    if ordeal.delivered < ordeal.asked:
        return paragraph(
            "asyncio 的流少了 {} 页：一万页挤在一个线程里，排在后面的还没轮到，时限先到了。"
            "凡是有时限的写法，给一页的时限都一样长，协议赶得上，流没有赶上。",
            f"{ordeal.asked - ordeal.delivered:,}",
        )
    return paragraph(
        "asyncio 的流这一趟也全收回来了。凡是有时限的写法，给一页的时限都一样长；机器慢到一定地步，"
        "先超时的会是它，因为它每页要干的活最多。"
    )


@block
def many_threads() -> Html:
    """A paragraph: whether so many threads can be started here, and what stops them."""
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
