"""What each connection of a stage did when, and when the program was on the CPU."""

from scripts.measure import TRACED, Record, Sample
from scripts.page import current, words
from scripts.page.failures import NoSuchThing
from scripts.page.html import Html, element
from scripts.page.pictures import lanes, svg
from scripts.page.vocabulary import block
from scripts.stages import STAGES, find

PANEL = 26
"""Units for all connections of one stage among others."""


@block
def timeline(name: str) -> Html:
    """The connections of that case, one in each row, from the run that took about as long as the median.

    Below them, where this is known, when the program was on the CPU.  Raises what `current.get` raises, and
    NoSuchThing for so many connections that nobody could tell their rows apart.
    """
    case, sample = find(name), traced(name)
    bottom = lanes.ROW * len(sample.connections)
    below = bottom + (32 if sample.busy else 4)
    scale = svg.linear(0, lanes.end(sample), 0, svg.WIDTH)
    return svg.picture(
        f"{case.title}：每个连接一行，在做什么",
        description(sample),
        below,
        [
            *lanes.grid(scale, lanes.end(sample), below),
            element("g", *lanes.rows(sample, scale, 0, lanes.ROW), class_="wide"),
            *lanes.load([sample], sample, scale, below - 1, 24),
        ],
        ["连接", *(f"{name} / 秒" for name in lanes.MOMENTS.values())],
        [
            [f"第 {row} 个", *(words.cell(connection[moment]) for moment in lanes.MOMENTS)]
            for row, connection in enumerate(sample.connections, 1)
        ],
        lanes.legend([sample]),
        svg.axis(scale, lanes.end(sample)),
    )


@block
def timelines(*names: str) -> Html:
    """The connections and the CPU of these cases, or of every stage, on one axis, one below the other.

    Raises what `timeline` raises.
    """
    cases = [find(name) for name in names or (stage.name for stage in STAGES)]
    shown = [(case.title if names else case.stage.title, traced(case.name), PANEL) for case in cases]
    told = "；".join(f"{title} {words.seconds(sample.wall)}" for title, sample, _ in shown)
    return lanes.panels(
        "同样的十页，同一条时间轴",
        "程序",
        f"一种写法一栏，每个连接一行，从左往右是时间。各用了：{told}。",
        shown,
    )


def traced(name: str) -> Sample:
    """The run of that case to be shown; raises what `current.get` raises, NoSuchThing for too many pages."""
    sample = typical(current.get(name))
    if sample.pages > TRACED:
        raise NoSuchThing(f"{name!r} has {sample.pages} connections: a timeline shows at most {TRACED}")
    return sample


def typical(record: Record) -> Sample:
    """The run that took about as long as the median."""
    wall = record.median("wall")
    return min(record.samples, key=lambda sample: abs(sample.wall - wall))


def description(sample: Sample) -> str:
    """What there is to see, for whoever does not see it."""
    first, last = lanes.outermost(sample)
    begun = lanes.moments(sample, "syn")
    if first is None or last is None:
        return f"{len(sample.connections)} 个连接；墙钟 {words.seconds(sample.wall)}。"
    return (
        f"{len(sample.connections)} 个连接，每个一行，从左往右是时间。"
        f"头一个在第 {words.cell(first)} 秒发起，末一个在第 {words.cell(max(begun))} 秒发起；"
        f"全部关闭是在第 {words.cell(last)} 秒。"
        f"墙钟 {words.seconds(sample.wall)}，CPU {words.seconds(sample.cpu)}。"
    )
