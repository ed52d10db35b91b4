"""What was measured: one number, a card about one program, a table of several."""

from scripts.measure import Record
from scripts.page import current, footnote, words
from scripts.page.html import Html, element
from scripts.page.tables import circumstances, comparison
from scripts.page.vocabulary import block, inline
from scripts.stages import CASES, Case, find

COLUMNS = ("程序", "墙钟 / 秒", "CPU / 秒", "CPU / 墙钟", "× 理想", "× 阻塞", "切换", "内存", "2017")


@inline
def figure(name: str, metric: str) -> Html:
    """The median of that metric with its unit, to stand in a sentence, as in 4.52 秒.

    Metrics are wall, cpu, user, system (of CPU), voluntary, involuntary (switches) and memory.  Raises
    ValueError for any other, and what `current.get` raises.
    """
    record = current.get(name)
    value = words.amount(metric, record.median(metric))
    return footnote.number(value, footnote.facts(record, metric), record.stage)


@block
def result(name: str) -> Html:
    """The card about one case: its two meters, what else was metered, and the circumstances."""
    case, record = find(name), current.get(name)
    program = element("code", f"snippets/{case.snippet.name}")
    return element(
        "section",
        element("p", f"{case.title} ", program, class_="result__title"),
        element("dl", *meters(case, record), class_="result__meters"),
        *(element("p", warning, class_="result__warning") for warning in warnings(record)),
        circumstances(made_in([record])),
        class_="result",
        aria_label=f"{case.title}：测量结果",
        data_search_exclude="",
    )


def meters(case: Case, record: Record) -> list[Html]:
    """The entries of a card: what was metered, each with its name and what it is compared with."""
    wall, cpu = record.median("wall"), record.median("cpu")
    in_turn, in_2017 = one_by_one(record), case.stage.seconds_2017
    entries = [
        meter("墙钟", words.seconds(wall), words.spread(record, "wall"), wall / in_turn),
        meter("CPU", words.seconds(cpu), f"墙钟的 {words.percent(cpu / wall)}", cpu / in_turn),
        meter("比理想", f"{times(record)} 倍", f"理想 {record.ideal:.6g} 秒"),
        meter("上下文切换", switches(record), "主动让出 + 被抢走"),
        meter("内存峰值", words.amount("memory", record.median("memory")), "最大的那个进程"),
    ]
    if in_2017:
        entries.append(meter("2017 年", f"{in_2017:g} 秒", "原文，真实的互联网"))
    return entries


def meter(name: str, value: str, about: str, part: float | None = None) -> Html:
    """One entry of a card; with a part of a whole, also a bar of that length."""
    entry = element("dt", name), element("dd", element("strong", value), element("small", about))
    return element("div", *entry, **({} if part is None else {"class_": f"result__meter {bar(part)}"}))


def bar(part: float) -> str:
    """The class for which the style sheet draws a bar of that part of the whole, in hundredths."""
    return f"part-{min(part, 1) * 100:.0f}"


def one_by_one(record: Record) -> float:
    """Seconds for the same pages one after another: every bar is a part of these, whatever the stage."""
    return (2 * record.rtt + record.service_time) * record.samples[0].pages or record.median("wall")


def times(record: Record) -> str:
    """The wall time as a multiple of the ideal."""
    return words.digits(record.median("wall") / record.ideal) if record.ideal else words.UNTOLD


def switches(record: Record) -> str:
    """The medians of voluntary and involuntary context switches."""
    return words.switches(record.median("voluntary"), record.median("involuntary"))


def warnings(record: Record) -> list[str | Html]:
    """Sentences that a reader of these numbers should know, if there are any."""
    odd = [f"各次散得太开（{words.spread(record, 'wall')}），只宜看个大概。"] if record.unstable() else []
    return [*odd, *(element("span", note, lang="en") for note in record.notes)]


def made_in(shown: list[Record]) -> list[str]:
    """How, where, on what and when these records were measured; for machine and time the latest speaks."""
    last = max(shown, key=lambda record: record.measured_at)
    return [
        words.runs(*shown),
        *dict.fromkeys(f"{words.distances(each)}，每页 {each.body_size:,} 字节" for each in shown),
        words.machine(last),
        footnote.made(last),
    ]


@block
def table(*names: str) -> Html:
    """These cases side by side, all of them without a name; each leads to its page."""
    shown = [(case, current.get(case.name)) for case in (map(find, names) if names else CASES)]
    rows = [row(case, record) for case, record in shown]
    return comparison(
        COLUMNS, rows, made_in([record for _, record in shown]), caption="并排看：两只表，和它们的比"
    )


def link(case: Case) -> Html:
    """The case's title, which leads to its page."""
    return element("a", case.title, href=f"{case.stage.name}.md")


def row(case: Case, record: Record) -> list[str | Html]:
    """The cells of one case in the table of several."""
    wall, cpu = record.median("wall"), record.median("cpu")
    in_turn, in_2017 = one_by_one(record), case.stage.seconds_2017
    return [
        link(case),
        *(element("span", words.cell(each), class_=f"bar {bar(each / in_turn)}") for each in (wall, cpu)),
        words.percent(cpu / wall),
        times(record),
        words.digits(wall / current.get("blocking").median("wall")),
        switches(record),
        words.amount("memory", record.median("memory")),
        f"{in_2017:g}" if in_2017 else "",
    ]
