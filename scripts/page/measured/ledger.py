"""All that this build measured, sample by sample."""

from html import escape
from typing import Any

from scripts.measure import Finding, Record
from scripts.page import current, footnote, words
from scripts.page.tables import sheet
from scripts.stages import CASES, experiments, find

COLUMNS = (
    "次", "墙钟 / 秒", "用户态 / 秒", "内核态 / 秒", "孤儿 / 秒", "链路 / 秒", "源站 / 秒",
    "切换", "内存", "页", "字节",
)  # fmt: skip


def ledger() -> str:
    """A table for each record, and one for each finding, whether or not a page has asked for it yet."""
    for case in CASES:
        current.get(case.name)
    for name in experiments():
        current.source().finding(name)
    known = current.source().results
    counts = f"一共 {len(known.records)} 条程序的记录，{len(known.findings)} 个实验。"
    parts = [counts, "## 程序", *map(of_record, known.records.values())]
    return "\n\n".join([*parts, "## 实验", *map(of_finding, known.findings.values())])


def of_record(record: Record) -> str:
    """The samples of one case."""
    rows = [sample_row(number, sample) for number, sample in enumerate(record.samples, 1)]
    size = f"每页 {record.body_size:,} 字节"
    machine = escape(words.machine(record))
    about = " · ".join([words.distances(record), size, machine, footnote.made(record)])
    hashes = f"程序 `{record.snippet_hash[:12]}`，全部条件 `{record.inputs_hash[:12]}`"
    title = f"### {target(record.stage)}{find(record.stage).title}"
    return "\n\n".join([title, f"{about}。{hashes}。", sheet(COLUMNS, rows)])


def target(name: str) -> str:
    """Where links to that name lead: markdown-exec would put a prefix before the identifier of a heading."""
    return f'<a id="{footnote.anchor(name)}"></a>'


def sample_row(number: int, sample: Any) -> list[str]:
    """The cells of one run."""
    switches = (sample.voluntary, sample.involuntary)
    return [
        str(number),
        *(
            f"{getattr(sample, meter):.6f}"
            for meter in ("wall", "user", "system", "orphans", "link_cpu", "origin_cpu")
        ),
        words.UNTOLD if None in switches else " + ".join(f"{count:,}" for count in switches),
        words.amount("memory", sample.memory),
        f"{sample.pages:,}",
        f"{sample.bytes:,}",
    ]


def of_finding(finding: Finding) -> str:
    """What one demonstration found."""
    rows = [[f"<code>{escape(key)}</code>", cell(value)] for key, value in finding.values.items()]
    about = " · ".join([words.LINKS[finding.link], escape(words.machine(finding)), footnote.made(finding)])
    title = f"### {target(finding.name)}`{finding.name}`"
    return "\n\n".join([title, f"{about}。", sheet(("什么", "多少"), rows)])


def cell(value: Any) -> str:
    """A finding, in a table."""
    return words.UNTOLD if value is None else escape(words.found(value))
