"""The home page's race: every stage's connections, as they were measured, replayed at their own speed.

Without scripts it is a table of the two meters; race.js puts ten dots on each track.
"""

import json
from itertools import accumulate

from scripts.measure import Sample
from scripts.page import current, words
from scripts.page.html import Html, element
from scripts.page.pictures.connections import typical
from scripts.page.vocabulary import block
from scripts.stages import STAGES, Stage

PHASES = ("syn", "established", "last_byte")
SPEEDS = {"真实速度": 1, "慢五倍": 5, "慢二十倍": 20}
HEADS = ("程序", "起跑 → 连上 → 取完", "墙钟", "CPU")


@block
def race() -> Html:
    """A row for each stage: its track, its wall time, its CPU time; raises what `current.get` raises."""
    runs = {stage: typical(current.get(stage.name)) for stage in STAGES}
    longest = max(sample.wall for sample in runs.values())
    return element(
        "section",
        controls(),
        element(
            "table",
            element("thead", element("tr", *(element("th", head, scope="col") for head in HEADS))),
            element("tbody", *(lane(stage, sample, longest) for stage, sample in runs.items())),
            class_="race__table",
        ),
        class_="race",
        aria_label="同样的十页，各种写法同时起跑",
        data_search_exclude="",
    )


def controls() -> Html:
    """What race.js shows once it can run."""
    again = element("button", "再跑一次", type="button")
    speeds = element("select", *(element("option", name, value=times) for name, times in SPEEDS.items()))
    return element("p", again, element("label", "速度 ", speeds), class_="race__controls", hidden="")


def lane(stage: Stage, sample: Sample, longest: float) -> Html:
    """The row of one stage; race.js is told whole milliseconds, and the CPU as a part of the slowest run."""
    wall = milliseconds(sample.wall)
    pages = [way(connection, wall) for connection in sample.connections]
    part = round(min(sample.cpu / longest, 1), 4)
    meter = element(
        "meter", class_="race__cpu", value=part, title=words.seconds(sample.cpu), aria_label="CPU"
    )
    return element(
        "tr",
        element("th", element("a", stage.title, href=f"{stage.name}.md"), scope="row"),
        element("td", element("span", class_="race__track")),
        element("td", words.seconds(sample.wall), class_="race__wall"),
        element("td", meter),
        data_run=json.dumps([wall, part, pages], separators=(",", ":")),
    )


def way(connection: dict[str, float | None], wall: int) -> list[int]:
    """The phases of a page in milliseconds: none before its predecessor, none after the end of the run."""
    reached = (milliseconds(connection[phase] or 0.0) for phase in PHASES)
    return [min(at, wall) for at in accumulate(reached, max)]


def milliseconds(seconds: float) -> int:
    """Whole milliseconds, finer than a frame of the animation."""
    return round(seconds * 1000)
