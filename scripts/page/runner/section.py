"""The runner of a stage: its program, for the reader to change and run in the browser, on the simulator."""

import json

from scripts.measure import BadRecords, Pending
from scripts.page import current, words
from scripts.page.html import Html, element
from scripts.page.pictures import lanes
from scripts.page.pictures.connections import typical
from scripts.page.vocabulary import block
from scripts.stages import find

CANNOT = {
    "greenlets": "gevent 要在机器码里切换栈，浏览器里的 Python 没有这样的栈",
    "loops": "它要 anyio、trio 和 uvloop，最后一个还是机器码，而这里的 Python 只带标准库",
    "cluster": "集群要开进程、听端口，浏览器里两样都没有",
}
"""Why a stage has no runner."""
NOTE = "程序是测试过的那一份，网络是模拟的，时间是虚拟的。"
NO_SCRIPTS = "浏览器里没有开脚本，这里跑不起来；上面实测的结果不受影响。"
NO_FORK = "浏览器里没有 fork，进程也是模拟的：各有各的钟。"
COSTS = {"page": "callbacks@1000", "thread": "threads@1000", "protocol": "c10k:asyncio@1000"}
"""Of which case the CPU of one page tells what work costs, by the names that the simulator has for it."""
PLACES = 4
"""Decimals of a recorded second: more would not be seen."""


@block
def runner(name: str) -> Html:
    """Where the reader can change that case's program and run it; or, in a sentence, why not.

    Raises what `current.get` raises.
    """
    case = find(name)
    if case.stage.name in CANNOT:
        return absent(case.title, f"这一段在浏览器里跑不了：{CANNOT[case.stage.name]}。")
    if not current.runner().name:
        return absent(case.title, "这次构建没有 npm，装不出浏览器里的运行器；实测的结果不受影响。")
    button = element("button", "打开", type="button", name="open", class_="md-button", hidden="")
    return element(
        "section",
        element("p", "改一改，在你的浏览器里跑", button, class_="runner__title"),
        element("p", NOTE, NO_FORK if case.start_method else "", class_="runner__note"),
        element("noscript", element("p", NO_SCRIPTS)),
        element("div", class_="runner__panel"),
        class_="runner",
        aria_label=f"{case.title}：在浏览器里运行",
        data_search_exclude="",
        data_from=current.runner().name,
        data_experiment=json.dumps(about(name), ensure_ascii=False, separators=(",", ":")),
    )


def absent(title: str, why: str) -> Html:
    """The sentence that stands where the runner would."""
    return element("p", why, class_="runner runner--absent", aria_label=f"{title}：在浏览器里运行")


def about(name: str) -> dict[str, object]:
    """What the panel begins with: `program`, `settings` (seconds, bytes), the `recorded` run, and `costs`."""
    case, record = find(name), current.get(name)
    sample = typical(record)
    return {
        "stage": case.stage.name,
        "program": case.snippet.read_text("utf-8"),
        "settings": {
            "pages": case.pages,
            "rtt": record.rtt,
            "service_time": record.service_time,
            "body_size": record.body_size,
        },
        "costs": costs(),
        "recorded": {
            "about": f"{words.distances(record)}，{words.machine(record)}",
            "wall": round(sample.wall, PLACES),
            "cpu": round(sample.cpu, PLACES),
            "busy": [[round(value, PLACES) for value in span] for span in lanes.spans(sample)],
            "connections": [
                {moment: at and round(at, PLACES) for moment, at in connection.items()}
                for connection in sample.connections
            ],
        },
    }


def costs() -> dict[str, float] | None:
    """Seconds of CPU that a page takes in three ways; None where these were not measured."""
    try:
        return {what: current.get(case).median("cpu") / find(case).pages for what, case in COSTS.items()}
    except (BadRecords, Pending):
        return None
