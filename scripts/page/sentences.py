"""What a page says depends on what was found: sentences of which there are several to choose from."""

from sys import getswitchinterval

from scripts.page import current, words
from scripts.page.claims import claim
from scripts.page.findings import finding, holds, number, value
from scripts.page.html import Html, listed, paragraph
from scripts.page.measured.cards import figure
from scripts.page.verdicts import Verdict
from scripts.page.vocabulary import block, inline
from scripts.stages import find

LOOPS = ("loops:asyncio@1000", "loops:uvloop@1000", "loops:trio@1000")
WAKEUPS = 10_000
IN_LINE, PATIENCE = "in line for a core", 0.1


@inline
def gil() -> str:
    """What the interpreter's lock means for two computations."""
    locked = value("spins", "GIL")
    return "有 GIL，程序是并发的，却没有并行" if locked else "不带 GIL，有几个核心就能并行几段"


@block
def two_spins() -> Html:
    """Paragraphs: how long two threads compute that want the lock, or that it is not there."""
    if not value("spins", "GIL"):
        return paragraph(
            "这次构建用的是不带 GIL 的解释器，两个线程可以真的同时算。换成通常的构建，它们只能轮着来，"
            "时间和先后做完一样长。"
        )
    says = "两个线程所用的时间是先后做完的 {}"
    claimed = holds("spins", "in two threads", ">=", 0.8, says, of="one after another")
    interval = words.milliseconds(getswitchinterval())
    return listed([claimed]) + paragraph(
        "真能同时算的话，两个核心上该是一半。GIL 让它们只能轮着来：等锁的线程等过 {}"
        "（`sys.getswitchinterval()`），解释器才请握锁的那个让一让，让来让去，总时间并没有省下来。",
        interval,
    )


@block
def interpreter() -> Html:
    """Paragraphs: on which interpreter the two computations were made, and what it lacks."""
    made, locked = current.source().finding("parallel"), value("parallel", "GIL")
    lock, cores = "带着 GIL" if locked else "没有 GIL", value("parallel", "cores")
    told = ["量的时候用的是 {} {}，{}，用得上 {} 个核心。"]
    if value("parallel", "spins, interpreters") is None:
        told.append(
            "“没有”的那一行，是因为这个 Python 还没有 `InterpreterPoolExecutor`，它随 3.14 而来；"
            "量不到的，我们不拿别人的数字来补。"
        )
    return paragraph("".join(told), made.implementation, made.python, lock, cores)


@block
def parallel_claims() -> Html:
    """A list: what this interpreter, on so many cores, can do at the same time."""
    says = "两个线程各等各的，两次等待只花一个接一个的 {}"
    claims = [holds("parallel", "waits, threads", "<=", 0.75, says, of="waits, in turn")]
    if value("parallel", "GIL"):
        says = "两个线程各算各的，却要一个接一个的 {}"
        claims.append(holds("parallel", "spins, threads", ">=", 0.75, says, of="spins, in turn"))
    if reason := too_few_cores():
        said = "两个进程各算各的，能不能同时算，这次无从检验"
        claims.append(Verdict(said, unjudged=Html("：{}").format(reason)).upheld())
    else:
        says = "两个进程各算各的，是一个接一个的 {}"
        claims.append(holds("parallel", "spins, processes", "<=", 0.9, says, of="spins, in turn"))
    return listed(claims)


def too_few_cores(name: str = "parallel") -> Html | None:
    """Why two processes could not show here that they compute at the same time; None where they could.

    Standing in line for a tenth of what both spins take one after another is the most that can neither lift
    two at once above 0.9 of it, nor let two that take turns come below.  `name` is the finding, of whichever
    Python.
    """
    if number(name, "cores") == 1:
        return Html("用得上的核心只有一个")
    if value(name, IN_LINE) is None:
        return None
    if number(name, IN_LINE) <= PATIENCE * number(name, "spins, in turn"):
        return None
    return Html("核心被别的程序占着，每量一轮要排队等上 {}").format(finding(name, IN_LINE))


@inline
def quickest_loop(bound: str, limit: float) -> Html:
    """A claim about the wall time of the loop that brings a thousand pages soonest, by the ideal."""
    return claim(min(LOOPS, key=lambda name: current.get(name).median("wall")), "wall", bound, limit)


@inline
def loops_apart() -> Html:
    """A sentence: which loop takes the least CPU for a thousand pages, which the most, and of one page."""
    cpu = {name: current.get(name).median("cpu") for name in LOOPS}
    least, most = min(cpu, key=cpu.__getitem__), max(cpu, key=cpu.__getitem__)
    return Html("最省的是 {}，{}；最费的是 {}，{}，是前者的 {} 倍。摊到每一页，最省的不过 {}").format(
        find(least).loop,
        figure(least, "cpu"),
        find(most).loop,
        figure(most, "cpu"),
        words.digits(cpu[most] / cpu[least], 2),
        words.seconds(cpu[least] / find(least).pages, 2),
    )


@inline
def held() -> str:
    """A sentence: what kept the demonstration from holding as many connections as it wanted, if anything."""
    if number("idle", "held") < number("idle", "asked for"):
        most = words.found(value("idle", "descriptors"))
        return f"本想拿一万个，拦住它的是描述符：这台机器只许一个进程打开 {most} 个文件。"
    return (
        "一万个都拿住了，没有碰到什么限制；线程只开到几百个，再多就要撞上实验室给一个进程设的内存上限，"
        "八兆的栈是按全额算的。"
    )


@inline
def wakeups() -> str:
    """A sentence: what it costs to ask ten thousand times; none where poll or epoll is missing."""
    asked = ("poll, 9000", "epoll, 9000")
    if None in (value("readiness", each) for each in asked):
        return ""
    by_poll, by_epoll = (words.found(number("readiness", each) * WAKEUPS) for each in asked)
    return (
        f"醒一万次，用 poll 光是问就要烧掉 {by_poll}的 CPU，"
        f"用 epoll 是 {by_epoll}。当年的 C10k 问题，这是绕不过去的一道坎。"
    )


@inline
def disk() -> Html:
    """A sentence: what this machine's disk takes for a megabyte, where that can be found out."""
    if value("disk_time", "1 MB past the page cache") is None:
        return Html("今天的固态盘又把它远远甩在后面。")
    return Html("这台机器的盘只用了 {}。").format(finding("disk_time", "1 MB past the page cache"))


@block
def switches() -> Html:
    """Claims, a sentence each: a context switch beside a system call, a memory access and a round trip."""
    claims = [
        holds("switch_time", "context switch", ">", 1, "一次切换的用时是一次系统调用的 {}", of="system call"),
        holds("switch_time", "context switch", ">", 2, "是读一次内存的 {}", of="memory_time:memory access"),
    ]
    if current.get("blocking").link == "emulated":  # on loopback, `connect` does not wait for the distance
        says = "一趟跨城往返的用时是一次切换的 {}"
        claims.append(holds("switch_time", "round trip", ">", 1000, says, of="context switch"))
    return paragraph("{}" * len(claims), *claims)
