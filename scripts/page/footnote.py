"""Where a number comes from: what every number of a page carries with it."""

import re

from scripts.measure import Finding, Record
from scripts.page import current, words
from scripts.page.benchmark import Benchmark
from scripts.page.html import Html, element
from scripts.stages import find

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
    """What a reader may ask of a median: what was measured, how often, where, on what and when."""
    samples = f"{words.runs(record)}，n = {len(record.samples)}（{words.spread(record, metric)}）"
    subject = f"{find(record.stage).title}，{words.METRICS[metric]}"
    return [f"{subject}：{samples}", words.distances(record), words.machine(record), made(record)]


def of_finding(finding: Finding) -> list[str]:
    """How, on what, where and when a demonstration found that."""
    build = [words.build(finding)] if finding.compiler else []
    return [words.LINKS[finding.link], words.machine(finding), *build, made(finding)]


def made(result: Record | Finding | Benchmark) -> str:
    """Of which commit (shortened; marked where files differed from it) and when the result was measured."""
    commit = f"提交 {result.commit[:7]}{result.commit[40:]}" if result.commit else "不在 git 里"
    return f"{commit}，{when(result)}"


def when(result: Record | Finding | Benchmark) -> str:
    """When the result was measured."""
    return f"{result.measured_at:%Y-%m-%d %H:%M} UTC"


def badge() -> Html:
    """When and where this site was measured, for the foot of every page; empty when nothing was."""
    measured = measurements()
    if not measured:
        return Html()
    last = measured[-1]
    links = "、".join(dict.fromkeys(words.LINKS[each.link] for each in measured))
    return Html.escape(f"本站的数字量于 {when(last)}，{words.machine(last)}，{links}")


def measurements() -> list[Record | Finding]:
    """All that this build has asked for so far, the latest last."""
    known = current.source().results
    return sorted([*known.records.values(), *known.findings.values()], key=lambda each: each.measured_at)
