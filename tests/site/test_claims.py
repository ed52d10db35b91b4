"""Claims on rendered pages, and that whoever reads them again would see a wrong one."""

import pytest

from scripts.measure.measurements import load
from scripts.stages import CASES
from tests.site.claims import claims, problems
from tests.tiny import record

RECORDS = {"threads": record("threads", [0.46]), "blocking": record("blocking", [4.6], cpu=0.023)}
TRUE = [
    "多线程的墙钟是理想时间的 1.02 倍，检验要求不超过 1.1 倍。",
    "多线程的墙钟是同步阻塞的 0.100 倍，检验要求小于 0.15 倍。",
    "同步阻塞的 CPU 是墙钟的 0.50%，检验要求不超过 2%。",
    "守着 9,000 个，poll 问一次的时间是守着 10 个时的 708 倍，检验要求不低于 50 倍。",
    "把错误交出来时，还有 9 个任务在跑，检验要求等于 9。",
    "到 3.11，恢复一次生成器的 CPU 是上一版的 0.666 倍（3.11 比 3.10），检验要求不超过 0.85 倍。",
    "一趟跨城往返的用时是一次切换的 77,754 倍，检验要求大于 1000 倍。",
]


@pytest.mark.parametrize("claim", TRUE)
def test_a_claim_as_it_should_be(claim):
    assert list(problems([claim], RECORDS)) == []


@pytest.mark.parametrize(
    ("claim", "problem"),
    [
        ("多线程的墙钟是理想时间的，检验要求不超过 1.1 倍。", "no number"),
        ("守着 9,000 个，poll 问一次的时间是守着 10 个时的，检验要求不低于 5 倍。", "not within its bound"),
        ("10 页的墙钟。", "no number"),
        ("恢复一次的 CPU 是上一版的（3.11 比 3.10），检验要求不超过 3.2 倍。", "no number"),
        (
            "恢复一次的 CPU 是上一版的 0.9 倍（3.11 比 0.80），检验要求不超过 0.85 倍。",
            "not within its bound",
        ),
        ("多线程的墙钟是理想时间的 1.04 倍，检验要求不超过 1.03 倍。", "not within its bound"),
        ("多线程的墙钟是理想时间的 1.02%，检验要求不超过 1.1 倍。", "not within its bound"),
        ("多线程的墙钟是理想时间的 0.90 倍，检验要求不超过 1.1 倍。", "the records say 1.02"),
        ("多线程的墙钟是同步阻塞的 0.09 倍，检验要求小于 0.15 倍。", "the records say 0.1"),
        ("同步阻塞的 CPU 是墙钟的 0.40%，检验要求不超过 2%。", "the records say 0.005"),
    ],
)
def test_a_claim_with_a_wrong_ratio_or_none_is_seen(claim, problem):
    assert problem in next(problems([claim], RECORDS))


def test_the_claims_of_a_site_are_those_that_its_records_bear_out(site):
    told = [claim for page in site.rglob("index.html") for claim in claims(page.read_text("utf-8"))]
    assert len(told) >= len(CASES)
    assert list(problems(told, load(site / "measurements.json").records)) == []
