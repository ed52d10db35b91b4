"""Measure stages, print a table, and write the records to a file if that is asked for.

python -m scripts.measure blocking threads --runs 5 --json measurements.json
python -m scripts.measure threads --python all
"""

import argparse
import sys
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from scripts import stages
from scripts.files import check_writable
from scripts.lab import LabError, Settings
from scripts.lab.settings import LINKS
from scripts.measure.attempt import RunFailed
from scripts.measure.interpreters import NoInterpreter, here, of
from scripts.measure.measurements import dump
from scripts.measure.record import Record, Results
from scripts.measure.trial import SMALL_BODY, measure

ABOUT = "Measure stages and print a table."
RUNS = 5
ALL = "all"
"""Stands for every Python of this machine."""
COLUMNS = ("stage", "wall", "from", "to", "× ideal", "CPU", "CPU/wall", "switches", "memory")
WIDTH = 72
"""Columns beside the names; a narrower terminal breaks lines, which beats cutting numbers off."""


def main() -> int:
    """Measure what the command line names, and return the exit status."""
    arguments = _parser().parse_args()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # in an ASCII locale, a sign that it lacks costs no table
    problems = Console(stderr=True, highlight=False, soft_wrap=True)
    records: list[Record] = []
    status = 1
    try:
        status = _measure(arguments, records, problems)
    except (LabError, NoInterpreter, stages.UnknownStage, OSError) as error:
        problems.print(f"measure: {error}", markup=False)
    except KeyboardInterrupt:
        status = 130
    if records:
        width = WIDTH + max(len(record.stage) for record in records)
        Console(width=max(Console().width, width)).print(_table(records))
    for warning in _warnings(records):
        problems.print(f"measure: {warning}", markup=False)
    return status


def _measure(arguments: argparse.Namespace, records: list[Record], console: Console) -> int:
    """Add a record of each stage to `records`; write those there are to the file that was asked for.

    Says which fail, and returns the exit status: 1 if any did.
    """
    settings = Settings(arguments.link, arguments.rtt, arguments.service_time)
    named = [stages.find(name) for name in arguments.stages] or list(stages.CASES)
    pythons = _pythons(arguments.python, console)
    cases = [replace(case, python=python or case.python) for case in named for python in pythons]
    status = 0
    if arguments.json:
        check_writable(arguments.json)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    try:
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("", total=len(cases) * arguments.runs)
            for case in cases:
                bar.update(task, description=case.name)
                try:
                    made = measure(
                        case, settings, arguments.runs, lambda done, runs: bar.advance(task),
                        body_size=arguments.body_size,
                    )  # fmt: skip
                    records.append(made)
                except RunFailed as error:
                    status = 1
                    if error.output:
                        console.print(error.output, style="dim", markup=False)
                    console.print(f"measure: {error.reason}", markup=False)
    finally:
        if arguments.json and records:
            dump(Results({record.stage: record for record in records}), arguments.json)
    return status


def _pythons(asked: list[str], console: Console) -> list[str | None]:
    """The names or paths of the interpreters that were asked for, None for this one; says which are broken.

    Raises NoInterpreter.
    """
    if ALL in asked:
        for reason in here().left_out:
            console.print(f"measure: {reason}", markup=False)
        return [*here().names]
    for name in asked:
        of(name)
    return [*asked] or [None]


def _table(records: list[Record]) -> Table:
    table = Table(box=None, pad_edge=False, caption=_circumstances(records), caption_justify="left")
    for column in COLUMNS:
        table.add_column(column, justify="left" if column == "stage" else "right", no_wrap=True)
    for record in records:
        table.add_row(record.stage, *_cells(record))
    return table


def _circumstances(records: list[Record]) -> str:
    record, links = records[0], " and ".join(sorted({record.link for record in records}))
    sizes = " and ".join(f"{size:,}" for size in sorted({record.body_size for record in records}))
    pythons = " and ".join(dict.fromkeys(f"{each.implementation} {each.python}" for each in records))
    return (
        f"medians of {len(record.samples)} runs, {links} link, round trip {record.rtt:g} s, "
        f"service time {record.service_time:g} s, {sizes} bytes a page, "
        f"{pythons}, {record.processor}, {record.cores} cores"
    )


def _cells(record: Record) -> list[str]:
    wall, cpu, memory = (record.median(metric) or 0.0 for metric in ("wall", "cpu", "memory"))
    lowest, highest = record.spread("wall") or (wall, wall)
    switches = [record.median(metric) for metric in ("voluntary", "involuntary")]
    return [
        f"{wall:.3f} s",
        f"{lowest:.3f}",
        f"{highest:.3f}",
        f"{wall / record.ideal:.2f}" if record.ideal else "",
        f"{cpu:.3f} s",
        f"{cpu / wall:.0%}",
        " + ".join("?" if count is None else f"{count:.0f}" for count in switches),
        f"{memory / (1 << 20):.0f} MiB" if memory else "?",
    ]


def _warnings(records: list[Record]) -> list[str]:
    """What a reader of the table should know: unstable samples, and whatever the lab had to do without."""
    unstable = [
        f"{record.stage} is unstable: {reason}; end what else is running, or raise --runs"
        for record in records
        if (reason := record.unstable())
    ]
    return unstable + list(dict.fromkeys(note for record in records for note in record.notes))


def _parser() -> argparse.ArgumentParser:
    default = Settings()
    parser = argparse.ArgumentParser(prog="python -m scripts.measure", description=ABOUT)
    names = ", ".join(case.name for case in stages.CASES)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=f"default: all of {names}")
    parser.add_argument("--runs", type=_positive, default=RUNS, metavar="N", help="default: %(default)s")
    parser.add_argument(
        "--python", action="append", default=[], metavar="PYTHON",
        help="another interpreter to run the programs with, as in 3.14, 3.14t or a path; repeat it for "
        f"several, or say {ALL} for those of this machine",
    )  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the records there, too")
    parser.add_argument("--link", choices=LINKS, default=default.link, help="default: %(default)s")
    parser.add_argument("--rtt", type=float, default=default.rtt, metavar="SECONDS")
    parser.add_argument("--service-time", type=float, default=default.service_time, metavar="SECONDS")
    size = f"default: {default.body_size}, and {SMALL_BODY} where there are not {stages.PAGES} pages"
    parser.add_argument("--body-size", type=int, metavar="BYTES", help=size)
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
