"""Where a number comes from: what every number of a page carries with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scripts.measure import Finding, Record
from scripts.page import current, words
from scripts.page.html import Html, element
from scripts.stages import find

if TYPE_CHECKING:  # which itself shows footnotes
    from scripts.page.benchmarks.archive import Benchmark

LEDGER = "records.md"


def anchor(name: str) -> str:
    """Where the results of that name stand in the ledger."""
    return re.sub(r"\W", "-", name)


def number(shown: str, facts: list[str], name: str) -> Html:
    """The number as it stands in a sentence; on hover, focus or tap its facts, and the way to its record.

    The link to its record is the one stop of a reader who goes by the keyboard.
    """
    record = element("a", "这一条记录", href=f"{LEDGER}#{anchor(name)}")
    told = (element("span", fact) for fact in facts)
    about = element("span", *told, record, class_="figure__about", role="note", data_search_exclude="")
    return element("span", shown, about, class_="figure", tabindex=-1)


def facts(record: Record, metric: str) -> list[str]:
    """What a reader may ask of that metric's median."""
    told = f"{find(record.stage).title}，{words.METRICS[metric]}"
    samples = f"{words.runs(record)}，n = {len(record.samples)}（{words.spread(record, metric)}）"
    return [f"{told}：{samples}", words.distances(record), words.machine(record), made(record)]


def made(result: Record | Finding | Benchmark) -> str:
    """When it was measured, and of which commit."""
    when = f"{result.measured_at:%Y-%m-%d %H:%M} UTC"
    return f"提交 {short(result.commit)}，{when}" if result.commit else f"不在 git 里，{when}"


def short(commit: str) -> str:
    """The commit, shortened; it may say that files differed from it."""
    return commit[:7] + commit[40:]


def badge() -> Html:
    """When and where this site was measured, for the foot of every page; empty when nothing was."""
    known = current.source().results
    measured = sorted([*known.records.values(), *known.findings.values()], key=lambda each: each.measured_at)
    if not measured:
        return Html()
    last = measured[-1]
    links = "、".join(dict.fromkeys(words.LINKS[each.link] for each in measured))
    return Html.escape(f"本站的数字量于 {made(last).rpartition('，')[2]}，{words.machine(last)}，{links}")
