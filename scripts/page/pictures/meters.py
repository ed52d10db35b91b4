"""The two meters of every case, side by side: each number beside its bar."""

from scripts.page import current, words
from scripts.page.html import Html, element
from scripts.page.measured.cards import bar, link
from scripts.page.tables import table
from scripts.page.vocabulary import block
from scripts.stages import CASES


@block
def bars() -> Html:
    """Wall time and CPU time of each case, as bars on one scale; raises what `current.get` raises."""
    records = {case: current.get(case.name) for case in CASES}
    shown = {case: (record.median("wall"), record.median("cpu")) for case, record in records.items()}
    longest = max(map(max, shown.values()))
    rows = [
        [
            link(case),
            *(element("span", words.seconds(each), class_=f"bar {bar(each / longest)}") for each in both),
        ]
        for case, both in shown.items()
    ]
    return element(
        "figure",
        table(["程序", "墙钟", "CPU"], rows, caption="两只表：墙钟与 CPU"),
        class_="picture bars",
        data_search_exclude="",
    )
