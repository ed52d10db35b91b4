"""What a reader's run is told and drawn, and what the page gives to it."""

import json
import re
from html import unescape
from types import SimpleNamespace

import pytest

from scripts.page import current as given
from scripts.page.pictures import lanes, svg
from scripts.page.runner.experiment import AT_COST, TALLEST, beside, exact, has_paths_of_its_own, height, run
from scripts.page.runner.experiment import CANNOT as CANNOT_RUN
from scripts.page.runner.section import CANNOT, costs, runner
from scripts.page.runner.section import COSTS as COST_OF
from scripts.simulator.impossible import REASONS
from scripts.stages import STAGES
from tests.tiny import ROOT, record

ASKED = {
    "program": "import socket\nsocket.create_connection(('example.com', 80)).close()",
    "pages": 10, "rtt": 0.2, "service_time": 0.1, "body_size": 1_000, "faults": [],
    "recorded": {"wall": 0.4, "cpu": 0.1, "busy": [], "connections": [], "about": "一台机器"},
}  # fmt: skip


def outcome(**others):
    printed = []
    told = json.loads(run(json.dumps(ASKED | others), printed.append))
    return told, "".join(printed)


def test_a_run_is_told_to_the_nanosecond_and_drawn():
    told, _ = outcome()
    assert told["summary"] == "1 个连接，虚拟时间里墙钟 0.2 秒，CPU 0 秒"
    assert told["error"] is None
    assert all(words in told["picture"] for words in ("浏览器里模拟", "构建时实测", "一台机器"))


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.0, "0"), (4.500_000_001, "4.500000001"), (86_400.0, "86400")]
)
def test_virtual_time_is_told_to_the_nanosecond(seconds, told):
    assert exact(seconds) == told


def test_a_run_that_takes_no_time_at_all_is_drawn():
    nothing = {"wall": 0.0, "cpu": 0.0, "busy": [], "connections": [], "about": ""}
    told, _ = outcome(rtt=0.0, service_time=0.0, recorded=nothing)
    assert told["summary"] == "1 个连接，虚拟时间里墙钟 0 秒，CPU 0 秒"
    assert "<svg" in told["picture"]


def test_without_a_connection_there_is_nothing_to_draw():
    told, printed = outcome(program="print('一')")
    assert (told["picture"], printed) == ("", "一\n")


def test_an_error_has_its_line():
    told, _ = outcome(program="pass\n1 / 0")
    assert told["error"]["message"] == "ZeroDivisionError: division by zero"
    assert told["error"]["line"] == 2
    assert "program.py" in told["error"]["traceback"]


def test_a_run_that_would_wait_for_ever_says_so():
    told, _ = outcome(program="import socket\nsocket.create_connection(('example.com', 80)).recv(1)")
    assert told["summary"] == "1 个连接，虚拟时间里墙钟 0.2 秒，CPU 0 秒，此后会一直等下去"


@pytest.mark.parametrize("others", [{"rtt": 61}, {"faults": ["reset@3"]}], ids=["distance", "fault"])
def test_settings_that_the_lab_refuses_are_an_error_and_nothing_runs(others):
    told, printed = outcome(program="print(1)", **others)
    assert told["error"]["line"] is None
    assert "61" in told["error"]["message"] or "reset@3" in told["error"]["message"]
    assert (told["picture"], printed) == ("", "")


def strokes(picture, kind):
    """From where to where each stroke of that kind goes."""
    (path,) = re.findall(f'class="{kind}" d="([^"]*)"', picture.split("构建时实测")[0])
    found = [(float(x), float(length)) for x, length in re.findall(r"M([\d.]+) [\d.]+h([\d.]+)", path)]
    return [(x, round(x + length)) for x, length in found]


def test_a_page_that_waits_for_ever_is_drawn_as_far_as_the_axis_goes():
    program = (ROOT / "snippets" / "callbacks.py").read_text("utf-8")
    told, _ = outcome(program=program, faults=["silent@/?page=3"])
    ends = sorted({last for _, last in strokes(told["picture"], "waiting")})
    assert len(ends) == 2
    assert ends[-1] == svg.WIDTH
    assert strokes(told["picture"], "open")[-1][1] < svg.WIDTH


def test_a_page_that_was_given_up_is_drawn_until_then():
    program = (ROOT / "snippets" / "tasks.py").read_text("utf-8")
    told, _ = outcome(program=program, faults=["silent@/?page=3"])
    ends = {kind: max(last for _, last in strokes(told["picture"], kind)) for kind in ("waiting", "open")}
    assert ends["waiting"] == ends["open"]


@pytest.mark.parametrize("program", ["x ==== 2", "\0", "return"])
def test_a_program_that_python_cannot_read_was_not_run(program):
    told, _ = outcome(program=program)
    assert told["summary"] == "没有运行"
    assert "SyntaxError" in told["error"]["message"] or "ValueError" in told["error"]["message"]


def a_run(wall, number):
    connection = dict.fromkeys(lanes.MOMENTS, 0.0) | {"closed": wall, "last_byte": wall}
    return SimpleNamespace(wall=wall, cpu=0.0, busy=(), connections=[connection] * number, about="")


@pytest.mark.parametrize(
    ("program", "line", "words"),
    [
        ("pass\ninput()", 2, "没有键盘"),
        ("await asyncio.sleep(1)", 1, "asyncio.run(main())"),
        ("async with lock: pass", 1, "asyncio.run(main())"),
        ("import threading\nthreading.Event().wait()", 2, "死锁：acquire() 会一直等下去"),
        ("from threading import *\nThread(target=Event().wait, name='甲').start()\nEvent().wait()", 3, "还有 甲 in acquire()"),
        ("raise OSError(29, 'I/O error')", 1, "没有键盘"),
        ("raise MemoryError", 1, "MemoryError：浏览器给这一页的内存用完了"),
    ],
)  # fmt: skip
def test_what_a_reader_could_only_guess_is_told_in_a_sentence(program, line, words):
    error = outcome(program=program)[0]["error"]
    assert words in error["message"]
    assert error["line"] == line


@pytest.mark.parametrize("what", REASONS)
def test_whatever_cannot_run_has_its_sentence(what):
    assert set(CANNOT_RUN) == set(REASONS)
    assert CANNOT_RUN[what].endswith("。")


PATHS = 'PATHS = [f"/?page={number}" for number in range(10)]\n'
NAP = f"import time\n{PATHS}def nap(path):\n    time.sleep(1)\nnap(PATHS[0])"


def test_a_run_comes_with_its_player():
    told, _ = outcome(program=NAP, pages=3)
    shown = json.loads(re.search("<template>(.*)</template>", told["player"])[1])
    assert shown["texts"] == ["睡 1 秒", "睡着，CPU 闲着：1 页占着线程睡，2 页还没开始", "程序跑完了"]
    assert "程序是你刚才跑的这一份" in told["player"]


def test_a_player_ends_with_what_the_reader_is_told():
    told, _ = outcome(program=NAP + "\nimport threading\nthreading.Event().wait()")
    texts = json.loads(re.search("<template>(.*)</template>", told["player"])[1])["texts"]
    assert f"程序到此为止：{told['error']['message']}" in texts


@pytest.mark.parametrize(
    ("asked", "why"), [({"pages": 31}, "30 页以内"), ({"program": "print(1)"}, "PATHS 里要有页")]
)
def test_a_run_that_cannot_be_pictured_says_why_and_is_told_all_the_same(asked, why):
    told, _ = outcome(**{"program": NAP} | asked)
    assert why in told["player"]
    assert told["summary"].startswith("0 个连接，虚拟时间里墙钟 ")
    assert told["error"] is None


@pytest.mark.parametrize(
    ("paths", "number"), [(PATHS, 3), ("PATHS = ['/?page=7', '/?page=8']\n", 2), ("PATHS: list = []\n", 0)]
)
def test_paths_that_a_reader_writes_are_not_overridden_in_silence(paths, number):
    told, printed = outcome(program=f"{paths}print(len(PATHS))", pages=3)
    assert printed == f"{number}\n"
    assert ("PATHS 是你自己写的" in told["summary"]) == (paths != PATHS)


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES if stage.name not in CANNOT])
def test_in_the_programs_of_the_stages_the_field_counts(stage):
    assert not has_paths_of_its_own((ROOT / "snippets" / f"{stage}.py").read_text("utf-8"))


def test_a_program_may_be_nested_deeply():
    told, _ = outcome(program=f"{NAP}\nassert {'+'.join(['1'] * 900)} == 900")
    assert told["error"] is None
    assert "<svg" in told["player"]


def test_all_that_is_drawn_is_let_into_the_page():
    script = (ROOT / "runner" / "src" / "picture.js").read_text("utf-8")
    words = {word for text in re.findall('"([a-zA-Z -]+)"', script) for word in text.split()}
    told, _ = outcome(program=(ROOT / "snippets" / "tasks.py").read_text("utf-8"))
    drawn = told["picture"] + re.sub("<template>.*</template>", "<template></template>", told["player"])
    assert set(re.findall("<([a-z]+)", drawn)) <= words
    without_effect = {"data-search-exclude", "xmlns"}
    assert set(re.findall(' ([a-zA-Z-]+)="', drawn)) <= words | without_effect


MANY = {"program": (ROOT / "snippets" / "callbacks.py").read_text("utf-8"), "pages": 100}
COSTS = {"page": 100e-6, "thread": 400e-6, "protocol": 200e-6}


def test_of_many_pages_work_takes_the_time_that_it_took_the_build():
    free, priced = (outcome(**MANY | asked)[0] for asked in ({}, {"costs": COSTS}))
    assert free["summary"] == "100 个连接，虚拟时间里墙钟 0.5 秒，CPU 0 秒"
    cpu = float(re.search("CPU ([0-9.]+) 秒", priced["summary"])[1])
    assert cpu == pytest.approx(100 * COSTS["page"], rel=0.3)
    assert AT_COST in priced["summary"]
    assert priced["player"] == free["player"]


def test_few_pages_and_exercises_are_exact_whatever_work_costs():
    few = outcome(**MANY | {"pages": 10, "costs": COSTS})[0]["summary"]
    asked = outcome(**MANY | {"costs": COSTS, "exercise": ["callbacks", 0]})[0]["summary"]
    assert "CPU 0 秒" in few
    assert "CPU 0 秒" in asked


def test_both_runs_lie_on_one_axis():
    drawn = beside(a_run(4.0, 1), a_run(1.0, 1))
    ends = [float(width) for width in re.findall(r'class="open" d="M0 [\d.]+h([\d.]+)"', drawn)]
    assert ends == pytest.approx([svg.WIDTH, svg.WIDTH / 4], abs=0.1)


def test_a_picture_does_not_grow_with_every_connection():
    assert [height(a_run(1.0, number)) for number in (0, 1, 10, 1_000)] == [16, 16, 160, TALLEST]


@pytest.fixture
def ready(records, monkeypatch):
    """Records of every case, and a front end that need not be built."""
    records()
    given.begin(serving=False)
    monkeypatch.setattr(given, "runner", lambda: SimpleNamespace(name="front-end"))


@pytest.mark.usefixtures("ready")
def test_a_runner_carries_the_program_the_settings_and_what_was_recorded():
    html = runner("threads")
    experiment = json.loads(unescape(re.search('data-experiment="([^"]*)"', html)[1]))
    assert experiment["program"] == (ROOT / "snippets" / "threads.py").read_text("utf-8")
    assert experiment["settings"] == {"pages": 10, "rtt": 0.15, "service_time": 0.15, "body_size": 9_000}
    assert experiment["recorded"]["wall"] == 0.46
    assert "CPython 3.13.1" in experiment["recorded"]["about"]
    assert 'data-from="front-end"' in html


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("stage", CANNOT)
def test_a_stage_that_cannot_run_says_why_and_offers_nothing(stage):
    assert CANNOT[stage] in runner(stage)
    assert "<button" not in runner(stage)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_the_page_of_every_stage_has_its_runner(stage):
    page = (ROOT / "docs" / "zh" / f"{stage.name}.md").read_text("utf-8")
    assert re.search(rf'^runner\("{stage.name}[:"]', page, re.MULTILINE)


@pytest.mark.usefixtures("ready")
def test_what_work_costs_is_what_a_page_took_the_build(records):
    assert costs() is None  # of a thousand pages nothing is known
    records(*(record(case, [1.0], cpu=1_000 * cost) for cost, case in enumerate(COST_OF.values(), 1)))
    given.begin(serving=False)
    assert costs() == pytest.approx({"page": 1, "thread": 2, "protocol": 3})
