"""From one page to ten thousand: what is drawn, what stands in the tables, and what the link's sentence says."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from scripts.measure import Ordeal
from scripts.measure.ordeal import CROWD
from scripts.page import current
from scripts.page.failures import NoSuchThing
from scripts.page.measured import crowds, fidelity, scale
from scripts.stages import find
from tests.tiny import record, rows

BASE = 12 << 20
"""Bytes of any process."""


def measured(name):
    """A record whose numbers follow from how many pages there are: 1 ms of CPU each, and 2 KiB."""
    pages = find(name).pages
    made = record(name, [0.45 + pages / 10_000], cpu=pages / 1_000, ideal=0.45)
    sample = replace(
        made.samples[0], pages=pages, memory=BASE + 2_048 * pages, link_cpu=pages / 10_000, origin_cpu=0.25,
        connect_late=0.001, connect_late_p99=0.002, answer_late=pages / 1e6, answer_late_p99=None,
    )  # fmt: skip
    return replace(made, samples=(sample,))


def endured(stage, fault):
    case = find(stage)
    delivered = 9_000 if case.stage.name == "tasks" else 10_000
    raised = {"/?page=7": "TimeoutError", "/?page=8": "TimeoutError", "/?page=9": "OSError: odd"}
    return Ordeal(
        case.name, fault, 10_000, delivered, raised if delivered < 10_000 else {}, False, 3.0, 20.0, 30.0,
        "emulated", 0.15, 0.15, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def given(monkeypatch):
    """Records and ordeals of whatever is asked for."""
    monkeypatch.setattr(current, "get", measured)
    monkeypatch.setattr(current, "source", lambda: SimpleNamespace(ordeal=endured))


def test_wall_times_are_measured_ones_and_the_only_computed_line_is_dashed_and_says_so():
    text = scale.growth("wall")
    head, *body = rows(text)
    assert head[-1] == scale.IDEAL
    assert [line[0] for line in body] == ["1", "10", "100", "1,000", "10,000"]
    assert {line[-1] for line in body} == {"0.45"}
    assert text.count("dashed") == 2  # the line, and its stroke in the legend
    last = dict(zip(head, body[-1], strict=True))
    assert last["回调"] == "1.45"
    assert last["多线程"] == "3"  # of the single run that brought every page
    assert last["多进程"] == "–"


def test_who_did_not_bring_every_page_has_no_point(monkeypatch):
    monkeypatch.setattr(scale, "GROWING", scale.GROWING | {"tasks": (10,)})
    monkeypatch.delitem(scale.GROWING, "greenlets")
    head, *_, last = rows(scale.growth("wall"))
    assert dict(zip(head, last, strict=True))["asyncio"] == "–"


def test_cpu_is_that_of_a_page():
    head, *body = rows(scale.growth("cpu"))
    assert {cell for line in body for cell in line[1:]} == {"1", "2", "–"}
    assert dict(zip(head, body[-1], strict=True))["多线程"] == "2"


def test_memory_is_what_each_connection_adds_and_a_pool_of_processes_has_none():
    head, *body = rows(scale.growth("memory"))
    assert "多进程" not in head
    assert {cell for line in body for cell in line[1:]} == {"2", "–"}


def test_what_has_no_picture_is_told():
    with pytest.raises(NoSuchThing, match="no picture of how 'memori' grows: did you mean 'memory'"):
        scale.growth("memori")


def test_ten_thousand_pages_cost_program_link_and_origin():
    head, *body = rows(scale.costs())
    assert [line[0] for line in body] == ["回调", "协议 uvloop", "协议 asyncio"]
    assert body[0][1:] == ["1.450", "3.22", "10.000", "1.000", "0.250", "2.0 KiB"]
    assert len(head) == 7


def test_who_is_sent_once_comes_back_with_pages_or_with_the_kinds_of_errors():
    _, *body = rows(crowds.crowds())
    pages = {line[0]: line[1:3] for line in body}
    assert pages['<a href="tasks.md">asyncio</a>'] == [
        "9,000 / 10,000", "<code>Timeout<wbr>Error</code>、<code>OSError</code>"
    ]  # fmt: skip
    assert pages['<a href="threads.md">多线程</a>'] == ["10,000 / 10,000", "–"]


def test_fidelity_has_a_row_for_each_number_of_connections_and_says_what_nobody_told():
    _, *body = rows(fidelity.fidelity())
    assert [line[0] for line in body] == ["1", "10", "100", "1,000", "10,000"]
    assert body[-1][1:4] == ["1.0 · 2.0", "10.0 · 量不到", "1.000"]


def test_the_link_is_the_bottleneck_from_where_it_is_busy_for_most_of_the_time(monkeypatch):
    assert "到了 10,000 个连接，链路进程有 69% 的时间在忙" in fidelity.bottleneck()
    monkeypatch.setattr(fidelity, "HALF", 0.05)
    assert "到了 1,000 个连接" in fidelity.bottleneck()
    monkeypatch.setattr(fidelity, "HALF", 0.9)
    assert "还不是瓶颈" in fidelity.bottleneck()


def test_the_ordeal_that_is_asked_for_is_one_without_a_fault():
    assert crowds.crowd("threads").name == f"threads@10000 {CROWD}"
