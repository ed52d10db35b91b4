"""What a page may say of findings and ordeals, and that no false sentence passes."""

import re
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from scripts.measure import Finding, Ordeal, Results
from scripts.measure.ordeal import FAULTS
from scripts.page import findings
from scripts.page.failures import ClaimFailed, NoSuchThing
from scripts.page.measured import faults
from scripts.page.measured import faults as shown_ordeals
from scripts.stages import BESIDE, CASES, UnknownStage
from tests.tiny import rows

VALUES = {"slow": 0.3, "quick": 2.5e-7, "hop": 4e-6, "many": 9_368, "text": "a <b>", "lacking": None}
FINDING = Finding(
    "readiness", VALUES, "emulated", "3.13.1", "CPython", "Linux 6.1", "<Processor>", 2, None, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
)  # fmt: skip
LOST = Ordeal(
    "threads",
    "",
    10,
    0,
    {"": "OSError: <no>"},
    False,
    0.1,
    0.05,
    1.0,
    "emulated",
    0.02,
    0.02,
    datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
)


def ordeals(**changes):
    """Of each case under each fault; those that a test names are changed."""
    made = [replace(LOST, stage=case.name, fault=fault) for case in (*CASES, *BESIDE) for fault in FAULTS]
    return {each.name: replace(each, **changes.get(each.stage, {})) for each in made}


@pytest.fixture
def given(begun):
    """A function that gives findings and ordeals to whatever asks."""

    def give(**changes):
        begun(Results({}, ordeals(**changes), {"readiness": FINDING}))

    give()
    return give


@pytest.mark.usefixtures("given")
@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("slow", "0.300 秒"),
        ("quick", "250 纳秒"),
        ("hop", "4.00 微秒"),
        ("many", "9,368"),
        ("text", "a &lt;b&gt;"),
    ],
)
def test_a_finding_has_the_unit_in_which_it_is_easily_read(key, told):
    text = findings.finding("readiness", key)
    assert text.startswith(f'<span class="figure" tabindex="-1">{told}<span')
    assert "CPython 3.13.1" in text
    assert "&lt;Processor&gt;" in text


@pytest.mark.usefixtures("given")
def test_what_was_not_found_is_said_in_the_pages_own_words():
    assert findings.finding("readiness", "lacking", missing="这里没有") == "这里没有"
    with pytest.raises(NoSuchThing, match="found no 'lacking' here"):
        findings.finding("readiness", "lacking")


@pytest.mark.usefixtures("given")
def test_names_that_there_are_not():
    with pytest.raises(NoSuchThing, match="finds no 'slo': did you mean 'slow'"):
        findings.finding("readiness", "slo")
    with pytest.raises(UnknownStage, match="no program 'readines': did you mean 'readiness'"):
        findings.finding("readines", "slow")
    with pytest.raises(NoSuchThing, match="no bound is written '='"):
        findings.holds("readiness", "slow", "=", 1, says="{}")


@pytest.mark.usefixtures("given")
@pytest.mark.parametrize(("key", "of"), [("text", None), ("slow", "text"), ("text", "slow")])
def test_a_text_keeps_to_no_bound(key, of):
    with pytest.raises(NoSuchThing, match="'text' of 'readiness' is 'a <b>' here, and no number"):
        findings.holds("readiness", key, "<=", 1, "{}", of)


@pytest.mark.usefixtures("given")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("hop", ">=", 10, "一程是一步的 {}", "quick"), "一程是一步的 16.0 倍，检验要求不低于 10 倍。"),
        (("many", ">", 2000, "下载了 {} 次"), "下载了 9,368 次，检验要求大于 2,000。"),
        (("many", ">", 0, "`a<b`：{}"), "<code>a&lt;b</code>：9,368，检验要求大于 0。"),
        (("slow", "<", 0.5, "等了 {}"), "等了 0.300 秒，检验要求小于 0.500 秒。"),
        (("many", "==", 9368, "恰好 {}"), "恰好 9,368，检验要求等于 9,368。"),
    ],
)
def test_a_sentence_that_holds(arguments, sentence):
    key, bound, limit, says, *of = arguments
    assert (
        findings.holds("readiness", key, bound, limit, says, *of) == f'<span class="claim">{sentence}</span>'
    )


@pytest.mark.usefixtures("given")
def test_a_sentence_that_does_not_hold():
    with pytest.raises(ClaimFailed, match="'hop' of 'readiness' is 4e-06 / 2.5e-07 = 16: the claim is <= 10"):
        findings.holds("readiness", "hop", "<=", 10, "{}", of="quick")
    with pytest.raises(ClaimFailed, match="'many' of 'readiness' is 9368: the claim is == 2000"):
        findings.holds("readiness", "many", "==", 2000, "{}")


@pytest.mark.usefixtures("given")
@pytest.mark.parametrize(("key", "of"), [("lacking", "slow"), ("slow", "lacking")])
def test_a_sentence_that_nobody_can_check_says_so(key, of):
    text = findings.holds("readiness", key, "<=", 1, "它是 {}", of=of)
    assert "它是 量不到，这一条在这台机器上无从检验。" in text
    assert 'class="claim"' not in text


@pytest.mark.usefixtures("given")
def test_the_matrix_has_a_row_for_each_stage_and_a_cell_for_each_fault():
    _, *body = rows(faults.matrix())
    assert len(body) == len(shown_ordeals.endurers())
    assert {len(row) for row in body} == {1 + len(FAULTS)}
    assert body[0][0] == '<a href="blocking.md">同步阻塞</a>'
    button, details = re.fullmatch(
        "(<button.*</button>)(<div.*</div>)", body[0][1].strip(), re.DOTALL
    ).groups()
    assert "matrix__lost" in button
    assert button.endswith(' part-50">0<small>0.10 秒</small></button>')
    assert "收到 0 / 10 页" in details
    assert "<code>OSError</code>" in details
    assert "CPU 占墙钟的 50%" in details


@pytest.mark.usefixtures("given")
def test_each_cell_of_the_matrix_opens_details_of_its_own():
    text = faults.matrix()
    opened = re.findall('popovertarget="([^"]+)"', text)
    assert len(set(opened)) == len(shown_ordeals.endurers()) * len(FAULTS)
    assert opened == re.findall('popover="" id="([^"]+)"', text)


def test_the_matrix_says_who_had_to_be_ended(given):
    given(blocking={"gave_up": True, "raised": {}})
    assert faults.matrix().count(">停<small>") == faults.matrix().count("报告：没有下文。") == len(FAULTS)


def test_on_loopback_a_pool_of_processes_cannot_be_refused(given):
    given(**{"processes:fork": {"link": "loopback"}})
    assert faults.matrix().count("回环上量不了") == 1


GOOD = {"delivered": 9, "raised": {"/?page=3": "TimeoutError"}}


def test_who_loses_one_page_and_names_it_survives(given):
    given(tasks=GOOD)
    assert "5 种故障之下" in faults.survives("tasks")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"delivered": 8}, "'tasks' under refuse@4: 8 of 10 pages came"),
        ({"raised": {}}, "9 of 10 pages came, {} was reported"),
        ({"raised": {"": "OSError"}}, "was reported"),
        ({"gave_up": True}, "and it had to be ended"),
    ],
)
def test_who_does_not_survive_fails_the_build(given, change, message):
    given(tasks=GOOD | change)
    with pytest.raises(ClaimFailed, match=message):
        faults.survives("tasks")
