"""What was measured: one number, a card about one program, a table of several."""

from datetime import datetime
from html import escape

from scripts.measure import Record
from scripts.page import current, footnote, tables, words
from scripts.stages import CASES, Case, find

COLUMNS = ("程序", "墙钟 / 秒", "CPU / 秒", "CPU / 墙钟", "× 理想", "× 阻塞", "切换", "内存", "2017")


def figure(name: str, metric: str) -> str:
    """The median of that metric with its unit, to stand in a sentence, as in 4.52 秒.

    Metrics are wall, cpu, user, system (of CPU), voluntary, involuntary (switches) and memory.  Raises
    ValueError for any other, and what `records.get` raises.
    """
    record = current.get(name)
    value = words.amount(metric, record.median(metric))
    return footnote.number(value, footnote.facts(record, metric), record.stage)


def result(name: str) -> str:
    """The card about one case: its two meters, what else was metered, and the circumstances."""
    case, record = find(name), current.get(name)
    title = f"{escape(case.title)} <code>snippets/{escape(case.snippet.name)}</code>"
    return "\n".join([
        f'<section class="result" aria-label="{escape(case.title)}：测量结果">',
        f'<p class="result__title">{title}</p>',
        '<dl class="result__meters">',
        *meters(case, record),
        "</dl>",
        *(f'<p class="result__warning">{warning}</p>' for warning in warnings(record)),
        tables.circumstances(circumstances([record])),
        "</section>",
    ])  # fmt: skip


def meters(case: Case, record: Record) -> list[str]:
    """The entries of a card's list."""
    wall, cpu, memory = (record.median(metric) for metric in ("wall", "cpu", "memory"))
    history = case.stage.seconds_2017
    entries = [
        meter("墙钟", words.seconds(wall), words.spread(record, "wall"), wall / one_by_one(record)),
        meter("CPU", words.seconds(cpu), f"墙钟的 {words.share(cpu / wall)}", cpu / one_by_one(record)),
        meter("比理想", f"{times(record)} 倍", f"理想 {ideal(record)}"),
        meter("上下文切换", switches(record), "主动让出 + 被抢走"),
        meter("内存峰值", words.amount("memory", memory), "最大的那个进程"),
    ]
    if history:
        entries.append(meter("2017 年", f"{history:g} 秒", "原文，真实的互联网"))
    return entries


def meter(name: str, value: str, about: str, part: float | None = None) -> str:
    """One entry; with a part of a whole, also a bar of that length."""
    line = f"<dt>{name}</dt><dd><strong>{value}</strong><small>{about}</small></dd>"
    return f"<div>{line}</div>" if part is None else f'<div class="result__meter" {bar(part)}>{line}</div>'


def bar(part: float) -> str:
    """The attribute from which the style sheet draws a bar."""
    return f'style="--part: {min(part, 1):.2%}"'


def one_by_one(record: Record) -> float:
    """Seconds for the same pages one after another: every bar is a part of these, whatever the stage."""
    return (2 * record.rtt + record.service_time) * record.samples[0].pages or record.median("wall")


def ideal(record: Record) -> str:
    """The ideal time, which follows from what was chosen: no more digits than it has."""
    return f"{record.ideal:.6g} 秒"


def times(record: Record) -> str:
    """The wall time as a multiple of the ideal."""
    return words.digits(record.median("wall") / record.ideal) if record.ideal else words.UNTOLD


def switches(record: Record) -> str:
    """Voluntary and involuntary context switches."""
    counts = [record.median(metric) for metric in ("voluntary", "involuntary")]
    return words.UNTOLD if None in counts else " + ".join(f"{count:,.0f}" for count in counts)


def warnings(record: Record) -> list[str]:
    """What a reader of these numbers should know."""
    odd = [f"各次散得太开（{words.spread(record, 'wall')}），只宜看个大概。"] if record.unstable() else []
    return odd + [f'<span lang="en">{escape(note)}</span>' for note in record.notes]


def circumstances(shown: list[Record]) -> list[str]:
    """How, where, on what and when these records were measured; for machine and time the latest speaks."""
    last = max(shown, key=lambda record: record.measured_at)
    when = datetime.fromisoformat(last.measured_at)
    return [
        *dict.fromkeys(map(words.runs, shown)),
        *dict.fromkeys(f"{words.distances(each)}，每页 {each.body_size:,} 字节" for each in shown),
        escape(words.machine(last)),
        f"提交 <code>{escape(footnote.commit(last))}</code>" if last.commit else "不在 git 里",
        f'<time datetime="{when.isoformat()}">{when:%Y-%m-%d %H:%M} UTC</time>',
    ]


def table(*names: str) -> str:
    """These cases side by side, all of them without a name; each leads to its page."""
    shown = [(case, current.get(case.name)) for case in (map(find, names) if names else CASES)]
    rows = [row(case, record) for case, record in shown]
    return tables.table(COLUMNS, rows, circumstances([record for _, record in shown]))


def row(case: Case, record: Record) -> list[str]:
    """The cells of one case."""
    wall, cpu = record.median("wall"), record.median("cpu")
    history = case.stage.seconds_2017
    return [
        f"[{case.title}]({case.stage.name}.md)",
        *(f'<span class="bar" {bar(value / one_by_one(record))}>{value:.3f}</span>' for value in (wall, cpu)),
        words.share(cpu / wall),
        times(record),
        words.digits(wall / current.get("blocking").median("wall")),
        switches(record),
        words.amount("memory", record.median("memory")),
        f"{history:g}" if history else "",
    ]
