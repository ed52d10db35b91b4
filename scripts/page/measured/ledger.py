"""All that this build measured, sample by sample."""

from collections.abc import Iterable
from contextlib import suppress

from scripts.measure import Finding, Pending, Record, Sample
from scripts.page import current, footnote, words
from scripts.page.html import Html, element, prose
from scripts.page.measured import elsewhere, pythons
from scripts.page.tables import comparison
from scripts.page.vocabulary import block
from scripts.stages import CASES, experiments, find

COLUMNS = (
    "次", "墙钟 / 秒", "用户态 / 秒", "内核态 / 秒", "孤儿 / 秒", "链路 / 秒", "源站 / 秒",
    "切换", "内存", "页", "字节",
)  # fmt: skip
METERS = ("wall", "user", "system", "orphans", "link_cpu", "origin_cpu")


@block
def ledger() -> str:
    """A table for each record, and one for each finding, whether or not a page has asked for it yet.

    Without what is pending: links lead to all that is there.
    """
    for case in CASES:
        current.get(case.name)
    for name in experiments():
        with suppress(Pending):
            current.source().finding(name)
    with suppress(Pending):
        pythons.found()
    with suppress(Pending):
        for name in elsewhere.names():
            current.source().finding(name)
    known = current.source().results
    counts = f"一共 {len(known.records)} 条程序的记录，{len(known.findings)} 个实验。"
    parts = [counts, "## 程序", *map(of_record, known.records.values())]
    return "\n\n".join([*parts, "## 实验", *map(of_finding, known.findings.values())])


def of_record(record: Record) -> str:
    """The section about one case: all samples, and those that were set aside."""
    rows = [sample_row(str(number), sample) for number, sample in enumerate(record.samples, 1)]
    rows += [sample_row(f"不计 {number}", sample) for number, sample in enumerate(record.set_aside, 1)]
    size, machine = f"每页 {record.body_size:,} 字节", words.machine(record)
    facts = " · ".join([words.distances(record), size, machine, footnote.made(record)])
    hashes = prose("程序 `{}`，全部条件 `{}`", record.snippet_hash[:12], record.inputs_hash[:12])
    return section(record.stage, find(record.stage).title, [facts, hashes], comparison(COLUMNS, rows))


def section(name: str, title: str | Html, about: Iterable[str | Html], sheet: Html) -> str:
    """Markdown: a heading, to which links to that name lead, sentences about the table, and the table.

    The target is no identifier of the heading itself, before which markdown-exec would put a prefix.
    """
    sentences = element("p", *(Html("{}。").format(sentence) for sentence in about))
    return f"### {element('a', id=footnote.anchor(name))}{Html.escape(title)}\n\n{sentences}\n\n{sheet}"


def sample_row(number: str, sample: Sample) -> list[str]:
    """The cells of one run."""
    return [
        number,
        *(f"{getattr(sample, meter):.6f}" for meter in METERS),
        words.switches(sample.voluntary, sample.involuntary),
        words.amount("memory", sample.memory),
        f"{sample.pages:,}",
        f"{sample.bytes:,}",
    ]


def of_finding(finding: Finding) -> str:
    """The section about one demonstration: all that it found."""
    rows = [[element("code", key), words.found(value)] for key, value in finding.values.items()]
    facts, title = " · ".join(footnote.of_finding(finding)), element("code", finding.name)
    return section(finding.name, title, [facts], comparison(("什么", "多少"), rows))
