"""What a page may call."""

import re
from functools import partial

import html5lib
import pytest

from scripts import stages
from scripts.files import Cache
from scripts.lab import Settings
from scripts.measure import Cached, Fresh, Preview, RunFailed
from scripts.page import claims, current, programs
from scripts.page.failures import ClaimFailed, NoSuchThing
from scripts.page.measured import cards, ledger
from tests.tiny import record, rows


@pytest.fixture(autouse=True)
def given(records_given):
    """Every test has records of every case."""


def test_figure_is_the_median_with_its_unit_and_its_circumstances():
    text = cards.figure("threads", "wall")
    assert text.startswith('<span class="figure" tabindex="-1">0.460 秒<span class="figure__about"')
    for told in (
        "多线程，墙钟：3 次的中位数，n = 3（0.4500–0.4700 秒）", "模拟链路，往返 150 毫秒",
        "CPython 3.13.1", "&lt;Processor &amp; Co&gt;", "提交 0123456，2026-01-02 03:04 UTC",
        '<a href="records.md#threads">这一条记录</a>',
    ):  # fmt: skip
        assert told in text


def test_the_ledger_has_every_sample_under_the_name_that_figures_link_to(monkeypatch):
    monkeypatch.setattr(ledger, "experiments", list)
    text = ledger.ledger()
    for case in stages.CASES:
        assert f'<a id="{case.name.replace(":", "-")}"></a>' in text
    assert len(re.findall(r">1</th>\s*<td[^>]*>4\.520000</td>", text)) == sum(
        case.stage.sequential for case in stages.CASES
    )
    html5lib.HTMLParser(strict=True).parseFragment(text)


def test_the_ledger_has_a_first_batch_that_was_set_aside_and_marks_it(records_given, monkeypatch):
    monkeypatch.setattr(ledger, "CASES", [])
    monkeypatch.setattr(ledger, "experiments", list)
    unstable = record("threads", [0.4, 0.9])
    records_given(record("threads", [0.45, 0.46], set_aside=unstable.samples))
    current.get("threads")
    heads = [cells[:2] for cells in rows(ledger.ledger())[1:]]
    assert heads == [["1", "0.450000"], ["2", "0.460000"], ["不计 1", "0.400000"], ["不计 2", "0.900000"]]


def test_result_tells_all_that_was_metered():
    text = cards.result("blocking")
    for told in (
        "同步阻塞", "4.52 秒", "4.510–4.530 秒", "2.00 毫秒", "墙钟的 0.044%", "1.00 倍", "30 + 2", "12.0 MiB",
        "4.5 秒", "3 次的中位数", "模拟链路，往返 150 毫秒，服务 150 毫秒", "9,000 字节",
        "CPython 3.13.1", "Linux 6.1 x86_64", "0123456", "2026-01-02 03:04 UTC",
    ):  # fmt: skip
        assert told in text
    html5lib.HTMLParser(strict=True).parseFragment(text)


def test_result_says_what_is_wrong_with_its_numbers(records_given):
    records_given(record("threads", [0.4, 0.9], notes=("fell back to loopback: <no>",), link="loopback"))
    text = cards.result("threads")
    assert "散得太开" in text
    assert "fell back to loopback: &lt;no&gt;" in text
    assert "回环退路" in text


def test_a_card_without_what_this_system_does_not_tell(records_given):
    records_given(record("polling", [0.45], commit=None, untold=("memory", "voluntary")))
    text = cards.result("polling")
    assert text.count("量不到") == 2
    assert "2017" not in text  # the article has no figure for it
    assert "不在 git 里" in text


def test_a_table_has_a_row_for_each_case_that_leads_to_its_page():
    _, *body = rows(cards.table())
    assert len(body) == len(stages.CASES)
    assert body[1][0] == '<a href="processes.md">多进程（fork）</a>'
    named = cards.table("threads", "blocking")
    assert named.index("多线程") < named.index("同步阻塞")
    assert "polling.md" not in named


def test_a_table_has_a_caption_and_no_column_without_anything():
    assert "2017" in cards.table("blocking", "callbacks")
    text = cards.table("callbacks", "event_loop")
    assert "2017" not in text
    head, *body = rows(text)
    assert {len(row) for row in (head, *body)} == {8}
    assert "<table><caption>并排看" in text


def test_below_a_table_stands_how_often_each_was_measured(records_given):
    records_given(record("blocking", [4.5, 4.6]), record("threads", [0.45, 0.46, 0.47], body_size=1_000))
    told = cards.table("blocking", "threads")
    for each in ("2 到 3 次的中位数", "每页 9,000 字节", "每页 1,000 字节"):
        assert told.count(f">{each}<") + told.count(f"，{each}<") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("blocking", "wall", "<=", 1.02), "同步阻塞的墙钟是理想时间的 1.00 倍，检验要求不超过 1.02 倍。"),
        (
            ("threads", "wall", "<", 0.15, "blocking"),
            "多线程的墙钟是同步阻塞的 0.102 倍，检验要求小于 0.15 倍。",
        ),
        (("blocking", "cpu", "<=", 0.02, "wall"), "同步阻塞的 CPU 是墙钟的 0.044%，检验要求不超过 2%。"),
        (
            ("threads", "memory", ">=", 1, "blocking"),
            "多线程的内存峰值是同步阻塞的 1.00 倍，检验要求不低于 1 倍。",
        ),
        (
            ("processes:spawn", "wall", ">", 0.9, "processes"),
            "多进程（spawn）的墙钟是多进程（fork）的 1.00 倍",
        ),
    ],
)
def test_a_claim_that_holds_is_a_sentence(arguments, sentence):
    assert sentence in claims.claim(*arguments)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("threads", "wall", ">=", 2), ClaimFailed, "1.022: the claim is >= 2"),
        (
            ("threads", "wall", "<", 0.1, "blocking"),
            ClaimFailed,
            "wall of 'threads' by 'blocking' is 0.46 / 4.52",
        ),
        (("threads", "wall", "=", 1), NoSuchThing, "no bound is written '='"),
        (("threads", "walls", "<=", 1), ValueError, "no metric is called 'walls'"),
        (("threads", "memory", "<=", 1), NoSuchThing, "memory is no time"),
        (("threads", "wall", "<=", 1, "thread"), stages.UnknownStage, "did you mean 'threads'"),
    ],
)
def test_a_claim_that_does_not_hold_or_is_none(arguments, error, message):
    with pytest.raises(error, match=message):
        claims.claim(*arguments)


CLOSE = [0.40, 0.42, 0.44, 0.46, 0.50], [0.41, 0.43, 0.45, 0.47, 0.49]


def test_a_claim_that_may_hold_by_chance_does_not(records_given):
    records_given(record("threads", CLOSE[0]), record("polling", CLOSE[1]))
    with pytest.raises(
        ClaimFailed, match=r"<= 1 of 'polling' by chance \(p = 0\.42\): threads had 0\.4, 0\.42"
    ):
        claims.claim("threads", "wall", "<=", 1, of="polling")
    assert "倍" in claims.claim("threads", "wall", "<=", 1.2, of="polling")


def test_a_claim_that_fails_shows_its_samples(records_given):
    records_given(record("threads", CLOSE[0]))
    with pytest.raises(ClaimFailed, match="threads had 0.4, 0.42, 0.44, 0.46, 0.5$"):
        claims.claim("threads", "wall", "<=", 0.9)


def test_a_claim_about_what_this_system_does_not_tell_says_so(records_given):
    records_given(record("polling", [0.45], untold=("voluntary",)), record("threads", [0.45]))
    assert "无从检验" in claims.claim("polling", "voluntary", "<=", 1, of="threads")


def test_in_a_preview_one_run_refutes_no_claim(tmp_path, monkeypatch):
    class Instruments:
        def measure(self, case, settings, runs):
            return record(case.name, [0.9] * runs)

    def begin(kind, **options):
        current.use(kind(Settings(), instruments=Instruments(), **options))

    cache = Cache(tmp_path, 1 << 20)
    begin(Preview, cache=cache, since=0.0)
    said = claims.claim("threads", "wall", "<=", 1.1)
    assert said.startswith(
        '<span class="claim claim--untold">多线程的墙钟是理想时间的 2.00 倍，检验要求不超过 1.1 倍：只量了一次'
    )
    begin(Cached, runs=3, cache=cache)
    with pytest.raises(ClaimFailed):
        claims.claim("threads", "wall", "<=", 1.1)
    begin(Preview, cache=cache, since=0.0)  # which finds those three runs
    with pytest.raises(ClaimFailed):
        claims.claim("threads", "wall", "<=", 1.1)
    begin(Fresh, runs=1)
    with pytest.raises(ClaimFailed):
        claims.claim("threads", "wall", "<=", 1.1)


def test_source_is_the_program_as_it_stands():
    text = (stages.SNIPPETS / "threads.py").read_text("utf-8")
    assert text.rstrip() in programs.source("threads")
    assert 'title="snippets/threads.py"' in programs.source("threads")


@pytest.fixture
def snippets(tmp_path, monkeypatch):
    """A folder of programs of this test's own."""
    folder = tmp_path / "snippets"
    folder.mkdir()
    monkeypatch.setattr(stages, "SNIPPETS", folder)
    return folder


PROGRAM = """
import functools

@functools.cache
def first():
    return 1

class Download:
    def step(self):
        return 2

async def last(): ...
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("first", "@functools.cache\ndef first():\n    return 1\n"),
        ("Download", "class Download:\n    def step(self):\n        return 2\n"),
        ("Download.step", "def step(self):\n    return 2\n"),
        ("last", "async def last(): ...\n"),
    ],
)
def test_source_of_one_definition(snippets, name, text):
    (snippets / "threads.py").write_text(PROGRAM)
    assert programs.source("threads", name) == f'```python title="snippets/threads.py"\n{text}```\n'


def test_nothing_that_a_program_prints_closes_its_fence(snippets):
    (snippets / "threads.py").write_text(f"# {'`' * 12} x")
    fence, code, end, _ = programs.source("threads").split("\n")
    assert code == f"# {'`' * 12} x"
    assert fence.startswith(f"{'`' * 13}python")
    assert end == "`" * 13


def test_what_there_is_not(snippets):
    (snippets / "threads.py").write_text(PROGRAM)
    with pytest.raises(NoSuchThing, match="defines no 'Download.stop': did you mean 'step'"):
        programs.source("threads", "Download.stop")
    with pytest.raises(stages.UnknownStage, match="no program 'blocking': there are threads"):
        programs.source("blocking")


@pytest.fixture
def loopback(monkeypatch):
    """A lab without namespaces: it starts sooner, and any machine has it."""
    monkeypatch.delenv("RECORDS")
    monkeypatch.setenv("LAB_LINK", "loopback")
    current.begin(serving=False)
    assert current.settings() == Settings(link="loopback")


@pytest.mark.usefixtures("loopback")
def test_output_is_what_the_program_prints(snippets):
    (snippets / "echo.py").write_text("print('a|b'); print()")
    shown = '<div class="language-text highlight"><pre><span></span><code>a&#124;b&#10;</code></pre></div>\n'
    assert programs.output("echo") == shown


@pytest.mark.usefixtures("loopback")
def test_a_line_is_printed_or_it_is_not(snippets):
    (snippets / "echo.py").write_text("print('a|b'); print('c')")
    assert "打印这一行：<code>a&#124;b</code>。" in programs.prints("echo", "a|b")
    with pytest.raises(ClaimFailed, match=r"'echo' prints no line 'a': \['a\|b', 'c'\]"):
        programs.prints("echo", "a")


@pytest.mark.usefixtures("loopback")
def test_output_of_a_program_that_fails(snippets):
    (snippets / "echo.py").write_text("print('x'); {}['y']")
    with pytest.raises(
        RunFailed, match=r"(?s)snippets/echo.py: exit status 1: KeyError: 'y' \(echo.py:1\)\n.*KeyError: 'y'"
    ):
        programs.output("echo")


@pytest.mark.usefixtures("loopback")
def test_output_of_a_program_that_never_ends(snippets, monkeypatch):
    printed = current.INSTRUMENTS.printed
    monkeypatch.setattr(current.INSTRUMENTS, "printed", partial(printed, seconds=0.5))
    current.begin(serving=False)
    (snippets / "echo.py").write_text("import threading; threading.Event().wait()")
    with pytest.raises(RunFailed, match=r"snippets/echo.py: no end after 0.5 s"):
        programs.output("echo")
