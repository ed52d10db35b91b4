"""The table of what others take."""

import json
from dataclasses import fields

import html5lib
import pytest

from scripts.bench.peers.contest import KINDS
from scripts.page.benchmarks import archive, peers
from scripts.page.failures import NoSuchThing
from tests.tiny import rows

KEPT = {
    "measured_at": "2026-01-02T03:04:05+00:00", "commit": "0123456789" * 4, "python": "3.13.1",
    "implementation": "CPython", "system": "Linux 6.1 x86_64", "processor": "<Processor & Co>", "cores": 2,
    "link": "emulated", "rtt": 0.02, "service_time": 0.02, "programs": ["blocking", "threads"],
    "tools": [
        {"name": "ours", "versions": "mkdocs 1.6.1", "cold": [4.0, 2.0, 3.0], "unchanged": [0.5] * 3, "edited": [1.0] * 3},
        {"name": "other", "versions": "x <2>", "cold": [9.0, 6.0, 1.0], "unchanged": [2.0] * 3, "edited": [0.9] * 3},
    ],
}  # fmt: skip


@pytest.fixture
def benchmark(keep):
    """The file of the benchmark in this test."""
    return keep("peers", KEPT)


@pytest.mark.usefixtures("benchmark")
def test_each_tool_has_a_row_of_medians_and_ratios_to_ours():
    text = peers.peers()
    found = rows(text)[1:]
    assert found[0] == [
        "本站",
        "3.00 秒（1.00 倍）",
        "0.500 秒（1.00 倍）",
        "1.00 秒（1.00 倍）",
        "mkdocs 1.6.1",
    ]
    assert found[1] == [
        "other",
        "6.00 秒（2.00 倍）",
        "2.00 秒（4.00 倍）",
        "0.900 秒（0.900 倍）",
        "x &lt;2&gt;",
    ]
    for told in (
        "2 个程序",
        "3 轮的中位数",
        "模拟链路，往返 20 毫秒",
        "CPython 3.13.1",
        "2026-01-02 03:04 UTC",
        "0123456",
    ):
        assert told in text
    html5lib.HTMLParser(strict=True).parseFragment(text)


@pytest.mark.parametrize("text", [None, "{", "{}", '{"tools": []}', '{"tools": [{"name": "ours"}]}'])
def test_where_no_benchmark_was_kept_the_command_is_named(benchmark, text):
    benchmark.unlink()
    if text:
        benchmark.write_text(text)
    with pytest.raises(
        NoSuchThing, match=r"peers\.json holds no benchmark .* python -m scripts\.bench peers --json"
    ):
        peers.peers()


def test_the_kept_benchmark_has_all_that_is_shown():
    assert {*KINDS} < {field.name for field in fields(peers.Tool)}
    made = json.loads((archive.DATA / "peers.json").read_text("utf-8"))
    assert [tool["name"] for tool in made["tools"]] == ["ours", "MyST-NB", "sphinx-gallery", "mkdocs-jupyter"]
    assert peers.peers().count("秒（1.00 倍）") >= len(KINDS)
