"""The notebook in git is clean, needs nothing of this project, and calculates what it says."""

import ast
import re
import sys
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest

from scripts import stages
from scripts.measure import Record, Results, Sample, dump
from scripts.site.notebook.clean import clean

PATH = Path(__file__).resolve().parent.parent / "docs" / "zh" / "notebook.ipynb"
NOTEBOOK = nbformat.read(PATH, as_version=4)
CODE = [cell for cell in NOTEBOOK.cells if cell.cell_type == "code"]


def test_it_is_as_clean_as_its_command_leaves_it():
    assert PATH.read_text("utf-8") == clean(PATH.read_text("utf-8"))
    assert all(cell.id.isalpha() for cell in NOTEBOOK.cells)  # a name, and no random one


def test_cleaning_takes_out_what_executing_left_and_nothing_else():
    executed = deepcopy(NOTEBOOK)
    executed.metadata["kernelspec"]["display_name"] = "Python 3 (ipykernel)"
    executed.metadata["language_info"]["version"] = "3.13.1"
    for cell in executed.cells:
        cell.metadata["execution"] = {"shell.execute_reply": "2026-01-02T03:04:05Z"}
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [nbformat.v4.new_output("stream", text="5")], 3
    assert clean(nbformat.writes(executed)) == clean(PATH.read_text("utf-8"))
    assert nbformat.reads(clean(nbformat.writes(executed)), as_version=4) == NOTEBOOK


def test_it_imports_what_every_jupyter_has():
    nodes = [node for cell in CODE for node in ast.walk(ast.parse(cell.source))]
    assert not [
        node
        for node in nodes
        if isinstance(node, ast.Import) and node.names[0].name not in sys.stdlib_module_names
    ]
    modules = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    assert modules - sys.stdlib_module_names == {"IPython.display"}


def test_its_code_fits_a_page():
    assert [line for cell in CODE for line in cell.source.splitlines() if len(line) > 79] == []


def connection(start):
    """One that begins then, waits for 0.15 s and for 0.3 s, and receives for 0.01 s."""
    moments = {
        "syn": 0.0,
        "established": 0.15,
        "request": 0.15,
        "first_byte": 0.45,
        "last_byte": 0.46,
        "closed": 0.5,
    }
    return {moment: start + at for moment, at in moments.items()}


LAB = 0.0, 0.0, None, None, None, None
"""What is not told of the lab itself: CPU of link and origin, lateness of connections and answers."""


def record(name, *walls, cpu=0.002, pages=10, body_size=9_000, connections=()):
    samples = tuple(
        Sample(
            wall, cpu * 0.75, cpu * 0.25, 0.0, 30, 2, 12 << 20, pages, 90_000, tuple(connections), (), *LAB
        )
        for wall in walls
    )
    circumstances = {
        "ideal": 0.45, "link": "emulated", "rtt": 0.15, "service_time": 0.15, "body_size": body_size, "faults": (),
        "python": "3.13.1", "implementation": "CPython", "system": "Linux 6.1 x86_64", "processor": "Processor",
        "cores": 2, "commit": None, "snippet_hash": "a" * 64, "inputs_hash": "b" * 64,
        "measured_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "notes": (),
    }  # fmt: skip
    return Record(name, samples, **circumstances)


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """A function that runs every cell beside these records, and gives what they defined, showed and printed."""

    def run(*records):
        dump(Results({each.stage: each for each in records}), tmp_path / "measurements.json")
        monkeypatch.chdir(tmp_path)
        names, shown = {}, []
        for cell in CODE:
            tree = ast.parse(cell.source)
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, cell.id, "exec"), names)
            if last:
                shown.append(eval(compile(ast.Expression(last.value), cell.id, "eval"), names))
        return names, [each.data for each in shown if each], capsys.readouterr().out

    return run


def rows(table):
    """The cells of a Markdown table, but for its head, by the first."""
    _, _, *lines = (line for line in table.splitlines() if line.startswith("|"))
    split = ([cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines)
    return {name: cells for name, *cells in split}


def find(shown, heading):
    """The table of them with that in its head."""
    return next(each for each in shown if heading in each.partition("\n| --")[0])


def test_it_tells_spread_waiting_and_the_cpu(run):
    one_by_one = [connection(0.5 * number) for number in range(4)]
    _, shown, printed = run(
        record("blocking", 2.0, 2.02, 1.9, cpu=0.01, connections=one_by_one),
        record("threads", 0.5, connections=[connection(0)] * 4),
    )
    assert "2 条记录" in printed
    assert "5.00%  blocking" in printed  # 1.9 against the median, 2.0
    assert rows(find(shown, "× 理想"))["blocking"] == ["3", "2.0000", "1.9000", "2.0200", "4.444"]
    waits = rows(find(shown, "几个一起等"))
    assert waits["blocking"] == ["150.00", "300.00", "10.00", "90.0", "1.0"]  # of 4 times 0.5 s, 0.45 s
    assert waits["threads"] == ["150.00", "300.00", "10.00", "90.0", "4.0"]
    assert rows(find(shown, "每页 CPU"))["blocking"] == ["10.0", "0.5", "1,000"]


@pytest.mark.parametrize(
    ("spans", "seconds"), [([], 0), ([(0, 1)], 1), ([(0, 1), (0.5, 2), (3, 4)], 3), ([(0, 4), (1, 2)], 4)]
)
def test_it_counts_what_overlaps_once(run, spans, seconds):
    names, _, _ = run(record("threads", 0.5))
    assert names["covered"](spans) == seconds


def test_it_finds_the_lines_that_samples_lie_on(run):
    sizes = (10, 100, 1_000, 10_000)
    names, shown, _ = run(
        record("callbacks", 0.9),  # of other bodies, so on no line
        *(
            record(f"callbacks@{n}", 0.45 + 40e-6 * n, cpu=30e-6 * n, pages=n, body_size=1_000)
            for n in sizes if n > 10
        ),
        record("loops:uvloop@10", 0.46, 0.44, cpu=0.001, body_size=1_000),
        record("loops:uvloop@100", 0.56, 0.54, cpu=0.011, pages=100, body_size=1_000),
    )  # fmt: skip
    [callbacks, uvloop] = names["lines"]
    assert [callbacks[each] for each in "abc"] == pytest.approx([0.45, 40e-6, 30e-6])
    assert callbacks["off"] == pytest.approx([0] * 3, abs=1e-9)
    assert uvloop["off"] == pytest.approx([0.01, -0.01] * 2)
    table = rows(find(shown, "a / b"))
    assert table["callbacks"] == ["1,000", "100–10,000", "0.450", "40.0", "11,250", "0.0", "30.0", "0.0"]
    assert table["loops:uvloop"][5] == "10.0"
    assert all(f"N = {n:,}" in shown[-1] for n in sizes)


def test_it_says_what_is_missing_in_a_readers_own_file(run):
    _, shown, printed = run(record("threads", 0.5), record("threads@1000", 0.6, pages=1_000, body_size=1_000))
    assert "threads，正文 9,000 字节：只有 N = 10，画不出线" in printed
    assert "threads，正文 1,000 字节：只有 N = 1,000，画不出线" in printed
    assert shown.count("*这份记录里没有。*") == 3


def test_a_file_without_records_is_an_error_that_says_so(run):
    with pytest.raises(AssertionError, match="measurements.json 里一条记录也没有"):
        run()


def test_its_pictures_hold_a_point_for_each_sample_and_no_number_that_is_none(run):
    _, shown, _ = run(*(record(case.name, 0.5, 0.6, cpu=0.0) for case in stages.CASES))
    deviations, seconds = (
        each.partition("picture__scroll")[2] for each in shown if each.startswith("<figure")
    )
    assert deviations.count("<circle") == 2 * len(stages.CASES)
    assert seconds.count("<circle") == 2 * len(stages.CASES)  # no CPU time: a logarithm has no place for it
    assert not re.search("nan|inf", deviations + seconds)
