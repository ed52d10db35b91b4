"""Where a number comes from: what every number of a page carries with it."""

import re
from datetime import datetime
from html import escape

from scripts.measure import Finding, Record
from scripts.page import current, words
from scripts.stages import find

LEDGER = "records.md"


def anchor(name: str) -> str:
    """Where the results of that name stand in the ledger."""
    return re.sub(r"\W", "-", name)


def number(shown: str, facts: list[str], name: str) -> str:
    """The number as it stands in a sentence; on hover, focus or tap its facts, and the way to its record."""
    told = "".join(f"<span>{escape(fact)}</span>" for fact in facts)
    about = f'<span class="figure__about" role="note" data-search-exclude>{told}{link(name)}</span>'
    return f'<span class="figure" tabindex="0">{shown}{about}</span>'


def link(name: str) -> str:
    """Where its record is."""
    return f"[这一条记录]({LEDGER}#{anchor(name)})"


def facts(record: Record, metric: str) -> list[str]:
    """What a reader may ask of that metric's median."""
    told = f"{find(record.stage).title}，{words.METRICS[metric]}"
    samples = f"{words.runs(record)}，n = {len(record.samples)}（{words.spread(record, metric)}）"
    return [f"{told}：{samples}", words.distances(record), words.machine(record), made(record)]


def made(result: Record | Finding) -> str:
    """When it was measured, and of which commit."""
    when = f"{datetime.fromisoformat(result.measured_at):%Y-%m-%d %H:%M} UTC"
    return f"提交 {commit(result)}，{when}" if result.commit else f"不在 git 里，{when}"


def commit(result: Record | Finding) -> str:
    """The commit, shortened; it may say that files differed from it."""
    return result.commit[:7] + result.commit[40:] if result.commit else ""


def badge() -> str:
    """When and where this site was measured, for the foot of every page; empty when nothing was."""
    known = current.source().results
    measured = sorted([*known.records.values(), *known.findings.values()], key=lambda each: each.measured_at)
    if not measured:
        return ""
    last = measured[-1]
    links = "、".join(dict.fromkeys(words.LINKS[each.link] for each in measured))
    return f"本站的数字量于 {made(last).rpartition('，')[2]}，{escape(words.machine(last))}，{links}"
