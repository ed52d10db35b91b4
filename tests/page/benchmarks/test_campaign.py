"""The table of what was broken on purpose."""

import pytest

from scripts.page.benchmarks import archive, campaign
from scripts.page.benchmarks.campaign import KINDS, Campaign
from scripts.page.failures import NoSuchThing
from tests.tiny import rows

KEPT = {
    "measured_at": "2026-01-02T03:04:05+00:00", "commit": "0123456789" * 4, "python": "3.13.1",
    "implementation": "CPython", "system": "Linux 6.1 x86_64", "processor": "<Processor & Co>", "cores": 2,
    "link": "emulated", "rtt": 0.01, "service_time": 0.01, "seed": 7, "seconds": 300,
    "kinds": [
        {"kind": "kill_a_build", "faults": 5, "right": 1, "told": 3, "lost": 1, "left": 0, "silent": 0, "hung": 0},
        {"kind": "<new>", "faults": 2, "right": 1, "told": 1, "lost": 0, "left": 0, "silent": 0, "hung": 0},
    ],
}  # fmt: skip


def test_each_kind_has_a_row_and_all_together_have_the_last(keep):
    keep("torture", KEPT)
    shown = campaign.torture()
    head, *found = rows(shown)
    assert head[:2] == ["弄坏什么", "次数"]
    assert found == [
        ["构建途中被杀死、打断，或终端关掉", "5", "1", "3", "1", "0", "0", "0"],
        ["&lt;new&gt;", "2", "1", "1", "0", "0", "0", "0"],
        ["合计", "7", "2", "4", "1", "0", "0", "0"],
    ]
    for told in ("种子 7", "用了 300 秒", "&lt;Processor &amp; Co&gt;", "2026-01-02 03:04 UTC"):
        assert told in shown


@pytest.mark.parametrize("kinds", [[], [{"kind": "x", "faults": -1}], None])
def test_what_is_no_campaign_is_refused_with_how_to_make_one(keep, kinds):
    keep("torture", KEPT | {"kinds": kinds})
    with pytest.raises(NoSuchThing, match="make one by python -m tests.torture --json docs/assets"):
        campaign.torture()


def test_where_there_is_none_it_says_how_to_make_one(keep):
    keep("other", KEPT)
    with pytest.raises(NoSuchThing, match=r"torture\.json holds no benchmark"):
        campaign.torture()


def test_the_campaign_that_is_kept_was_a_whole_one_and_nothing_broke():
    kept = archive.load("torture", Campaign, "tests.torture")
    assert kept.count("faults") >= 1_000
    assert {kind.kind for kind in kept.kinds} == KINDS.keys()
    assert [kept.count(how) for how in ("lost", "left", "silent", "hung")] == [0] * 4
    assert all(kind.faults == kind.right + kind.told > 0 for kind in kept.kinds)
