"""A reader changes a stage's program and runs it on its page, in Chromium."""

import base64
import gzip
import json
import re
import zlib
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import expect

from scripts.page.runner.exercises import of_stage
from scripts.page.runner.section import CANNOT
from scripts.stages import STAGES, program
from tests.browser.conftest import ADDRESS, QUIET, Troubles, arrive, page_opened, stop_the_clock, until
from tests.browser.runner import ENDLESS, open_runner, output, own_player, press_run, run, status, write
from tests.browser.test_pages import SCREENSHOTS, WIDER_THAN_THE_SCREEN
from tests.browser.test_player import MARKS
from tests.conftest import ROOT

BOTH = pytest.mark.browsers("chromium", "firefox")
RUNNABLE = [stage for stage in STAGES if stage.name not in CANNOT]
LARGEST = 4096
"""Bytes, compressed, by which a page may grow before anybody asks for its runner."""
ASSETS = ROOT / "docs" / "assets"
EXPERIMENT = re.compile(r'data-experiment="([^"]*)"')


@pytest.fixture(scope="module")
def reader(browser):
    """A page that stays from one test to the next, and with it its Python; and the troubles that it made."""
    troubles = Troubles()
    with page_opened(browser, troubles) as page:
        arrive(page, QUIET)
        page.evaluate("window.stays = true")
        yield page, troubles


@pytest.fixture
def arrived(reader):
    """A function that leads that page to a stage, by way of a page without a runner and as it was published."""
    page, troubles = reader

    def arrived(stage):
        page.locator(f".md-nav--primary a[href$='/{QUIET.removeprefix('zh/')}']").click()
        page.wait_for_url(f"**/{QUIET}")
        expect(page.locator(".runner")).to_have_count(0)
        page.locator(f".md-nav--primary a[href$='/{stage}/']").click()
        page.wait_for_url(f"**/zh/{stage}/")
        return page

    yield arrived
    assert page.evaluate("window.stays") is True
    assert troubles == []


@pytest.fixture
def opened(arrived):
    """A function that goes there and opens the runner."""

    def opened(stage):
        page = arrived(stage)
        open_runner(page)
        return page

    return opened


@pytest.mark.parametrize("stage", RUNNABLE, ids=lambda stage: stage.name)
def test_every_stage_brings_its_ten_pages_in_the_exact_virtual_time(opened, stage):
    page = opened(stage.name)
    wall = 0.45 * (10 if stage.sequential else 1)
    assert f"10 个连接，虚拟时间里墙钟 {wall:g} 秒，" in run(page)
    expect(output(page)).to_have_text(f"10 pages in {wall:.3f} s\n")
    expect(
        page.locator(".runner .picture svg text", has_text=re.compile("浏览器里模拟|构建时实测"))
    ).to_have_count(2)
    expect(page.get_by_role("alert")).to_be_empty()
    own_player(page).get_by_role("slider").press("End")
    expect(own_player(page).locator(f"{MARKS}.done")).to_have_count(10)


@pytest.mark.parametrize("stage", CANNOT)
def test_a_stage_that_cannot_run_there_says_why(arrived, stage):
    page = arrived(stage)
    expect(page.locator(".runner")).to_contain_text(CANNOT[stage])
    expect(page.get_by_role("button", name="打开")).to_have_count(0)


STOPPED = "performance.now = () => 0;\n"
"""For a worker: no browser tells CPU from time, so where others take the core, that would count as the program's work."""


def test_a_thousand_pages_take_hardly_longer_and_what_they_cost_was_measured(visit, site):
    page = visit("zh/callbacks/")
    [worker] = site.glob("assets/runner/*/worker.js")
    script = STOPPED + worker.read_text("utf-8")
    page.route("**/worker.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    open_runner(page)
    page.get_by_role("spinbutton", name="页数").fill("1000")
    told = run(page)
    wall, cpu = map(float, re.search("1,000 个连接，虚拟时间里墙钟 (.+?) 秒，CPU (.+?) 秒", told).groups())
    assert 0 < cpu < wall
    assert 0.45 < wall < 2 * 0.45
    assert "单价是构建时量到的" in told
    expect(output(page)).to_have_text(re.compile(r"^1000 pages in 0\.[4-8]\d\d s"))


def test_the_distances_are_those_that_the_reader_sets(opened):
    page = opened("tasks")
    page.get_by_label("往返").fill("500")
    page.get_by_label("服务").fill("250")
    assert "墙钟 1.25 秒，" in run(page)


@BOTH
def test_a_race_that_a_page_tells_shows_and_a_lock_ends_it(opened):
    page = opened("threads")
    write(page, program("crawl_queue").read_text("utf-8").replace("range(2000)", "range(20)"))
    run(page)
    expect(output(page)).to_have_text(
        "addresses: 20\ndownloads, look first: 200\ndownloads, claim first: 20\ndownloads, queue: 20\n"
    )


@BOTH
def test_an_edited_program_shows_where_its_pages_stand_from_wait_to_wait(opened):
    page = opened("threads")
    write(page, program("threads").read_text("utf-8").replace("max_workers=len(paths)", "max_workers=3"))
    assert "墙钟 1.8 秒，" in run(page)
    player = own_player(page)
    expect(player.locator(f"{MARKS}.connect")).to_have_count(3)  # in the middle of the wait of all the pool
    player.get_by_role("button", name="到下一次等待").click()
    expect(player.locator(f"{MARKS}.stack")).to_have_count(3)
    expect(player.locator(f"{MARKS}.not-begun")).to_have_count(7)
    player.get_by_role("slider").press("End")
    expect(player.locator(".player__meters b").first).to_have_text("1.800 秒")


def test_a_thousand_pages_are_not_pictured_and_it_says_so(opened):
    page = opened("callbacks")
    page.get_by_role("spinbutton", name="页数").fill("1000")
    run(page)
    expect(page.locator(".runner .player")).to_contain_text("30 页以内才画得出来")


def test_a_second_run_has_its_own_player_and_the_recorded_one_stays(opened):
    page = opened("callbacks")
    for pages in "35":
        page.get_by_role("spinbutton", name="页数").fill(pages)
        run(page)
        expect(own_player(page).locator(f"{MARKS}")).to_have_count(int(pages))
    expect(page.locator(f".player {MARKS}.callback")).to_have_count(15)


def test_a_fault_is_the_programs_error(opened):
    page = opened("callbacks")
    page.locator("select[name=fault]").select_option("refuse")
    page.get_by_label("第几个连接").fill("4")
    run(page)
    expect(page.get_by_role("alert")).to_contain_text("ConnectionRefusedError")


def test_an_edited_program_runs_and_then_another(opened):
    page = opened("tasks")
    write(page, "import time\ntime.sleep(2)\nprint(6 * 7)")
    assert "墙钟 2 秒，" in run(page)
    expect(output(page)).to_have_text("42\n")
    write(page, "print(__name__)")
    assert "墙钟 0 秒，" in run(page)
    expect(output(page)).to_have_text("__main__\n")


@pytest.mark.parametrize(
    "program", ["x = 1\nx ==== 2", "def f():\n    1 / 0\n\nf()"], ids=["syntax", "raised"]
)
def test_an_error_is_told_and_its_line_marked_until_it_is_mended(opened, program):
    page = opened("tasks")
    write(page, program)
    assert ("没有运行" in run(page)) == ("====" in program)
    expect(page.get_by_role("alert")).to_contain_text("第 2 行：")
    expect(page.locator(".runner__bad-line")).to_have_text(program.split("\n")[1])
    page.get_by_role("textbox", name="程序").click()
    page.keyboard.insert_text("#")
    expect(page.locator(".runner__bad-line")).to_have_count(0)


@BOTH
def test_output_comes_before_the_end_and_a_loop_without_end_can_be_stopped(opened):
    page = opened("tasks")
    write(page, ENDLESS)
    press_run(page)
    expect(output(page)).to_have_text("begun\n")
    page.get_by_role("button", name="停止").click()
    expect(status(page)).to_contain_text("停下了")
    page.get_by_role("button", name="复原").click()
    run(page)
    expect(output(page)).to_have_text("10 pages in 0.450 s\n")


HEAR = """() => {
    window.heard = [];
    const status = document.querySelector(".runner__status");
    new MutationObserver(() => heard.push(status.textContent)).observe(status, { childList: true });
}"""


def test_who_runs_again_hears_nothing_of_a_download(opened):
    page = opened("tasks")
    run(page)
    page.evaluate(HEAR)
    press_run(page)
    until(page, "heard.length === 2")
    assert page.evaluate("heard") == ["正在运行……", status(page).inner_text()]


def test_output_without_end_does_not_fill_the_page(opened):
    page = opened("tasks")
    write(page, "for _ in range(50_000):\n    print('as much as it can')")
    run(page)
    expect(output(page)).to_contain_text("只显示前 100,000 个字符；程序照样跑到底。\n")
    assert 100_000 <= len(output(page).inner_text()) <= 100_050


def test_an_experiment_is_in_the_address_and_comes_back_from_it(opened, visit):
    page = opened("polling")
    page.get_by_role("spinbutton", name="页数").fill("12")
    write(page, "print('一份实验')")
    page.wait_for_url(re.compile("#run=polling&pages=12&program="))
    again = visit(page.url.removeprefix(ADDRESS))
    expect(again.get_by_role("spinbutton", name="页数")).to_have_value("12")
    expect(again.locator(".cm-content")).to_have_text("print('一份实验')")
    again.get_by_role("button", name="复原").click()
    expect(again).to_have_url(f"{ADDRESS}zh/polling/")
    expect(again.get_by_role("textbox", name="程序")).to_contain_text("Ten pages at once")


def test_a_link_to_the_page_at_hand_brings_its_experiment(visit):
    page = visit("zh/polling/")
    page.evaluate("location.hash = 'run=polling&pages=12'")
    expect(page.get_by_role("spinbutton", name="页数")).to_have_value("12")


def test_a_link_with_numbers_that_cannot_be_says_so_and_has_the_usual_ones(visit):
    page = visit("zh/polling/#run=polling&pages=999999&rtt=-1&service=20")
    expect(status(page)).to_have_text("链接里有数目不能用，换回了原来的：pages=999999、rtt=-1。")
    expect(page.get_by_role("spinbutton", name="页数")).to_have_value("10")
    expect(page.get_by_label("服务")).to_have_value("20")


def test_a_link_leads_to_the_runner_below_the_header(visit):
    page = visit("zh/polling/#run=polling&pages=12")
    expect(page.get_by_role("spinbutton", name="页数")).to_be_focused()
    box = "document.querySelector('{}').getBoundingClientRect()".format
    until(page, f"{box('.runner')}.top >= {box('.md-header')}.bottom")


def test_a_new_run_and_a_stop_leave_no_old_picture(opened):
    page = opened("tasks")
    run(page)
    expect(page.locator(".runner .picture")).to_have_count(1)
    write(page, ENDLESS)
    press_run(page)
    expect(output(page)).to_have_text("begun\n")
    expect(page.locator(".runner .picture")).to_have_count(0)
    page.get_by_role("button", name="停止").click()
    expect(status(page)).to_contain_text("停下了")
    expect(page.locator(".runner .picture")).to_have_count(0)


def test_a_program_that_waits_for_ever_is_told_so_in_chinese(opened):
    page = opened("callbacks")
    page.locator("select[name=fault]").select_option("silent")
    assert "此后会一直等下去" in run(page)
    expect(page.get_by_role("alert").locator("p")).to_have_text(
        re.compile("第 .* 行：死锁：select\\(\\) 会一直等下去")
    )


def test_links_within_the_page_and_back_leave_the_experiment_as_it_is(visit):
    page = visit("zh/polling/")
    open_runner(page)
    write(page, "print('kept')")
    page.wait_for_url(re.compile("#run=polling&program="))
    page.locator("h2 .headerlink").first.click()
    page.wait_for_url(re.compile("#%"))
    page.wait_for_load_state("networkidle")
    expect(page.locator(".cm-content")).to_have_text("print('kept')")
    page.go_back()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".cm-content")).to_have_text("print('kept')")


@pytest.mark.parametrize("settings", ["target=x", "fault=bogus", "fault=bogus&target=x"])
def test_a_link_with_odd_settings_runs(visit, settings):
    page = visit(f"zh/polling/#run=polling&{settings}")
    expect(page.get_by_role("spinbutton", name="页数")).to_be_focused()
    assert "墙钟 0.45 秒，" in run(page)


def test_a_link_that_unpacks_to_more_than_any_program_is_not_read(visit):
    bomb = base64.urlsafe_b64encode(zlib.compress(b"#" * 10_000_000, wbits=-15)).decode().rstrip("=")
    page = visit(f"zh/polling/#run=polling&program={bomb}")
    expect(status(page)).to_have_text("链接里的程序读不出来，这里是原来的那一份。")


LASTING = """
import js
everything = ("caches", "indexedDB", "Worker", "webkitRequestFileSystem"), ("storage", "storageBuckets", "serviceWorker")
print([name for owner, names in zip((js, js.navigator), everything) for name in names if hasattr(owner, name)])
"""


def test_a_program_reaches_nothing_that_outlives_its_worker(opened):
    page = opened("tasks")
    write(page, LASTING)
    run(page)
    expect(output(page)).to_have_text("[]\n")


def test_an_experiment_stays_with_its_page_when_the_reader_goes_on_at_once(visit):
    page = visit("zh/generators/", clock=True)
    open_runner(page)
    held = []
    page.route("**/zh/yield_from/", lambda route: held.append(route))
    stop_the_clock(page)  # what was changed is written into the address a moment later
    page.get_by_role("spinbutton", name="页数").fill("12")
    with page.expect_request("**/zh/yield_from/"):
        page.locator(".turn__next").click()
    page.wait_for_url("**/zh/yield_from/")
    page.clock.run_for(1_000)
    expect(page).to_have_url(f"{ADDRESS}zh/yield_from/")
    expect(page.locator("h1")).to_contain_text("生成器")
    held[0].continue_()
    expect(page.locator("h1")).to_contain_text("yield from")


def test_a_link_that_was_cut_off_leaves_the_original_program(visit):
    page = visit("zh/polling/#run=polling&program=K85IzSt")
    expect(status(page)).to_contain_text("读不出来")
    expect(page.get_by_role("textbox", name="程序")).to_contain_text("Ten pages at once")


EVIL = "<img src=x onerror='window.caught=1'>"
EVIL_RECORDING = {
    "pages": 1, "steps": [{"stack": 0, "places": [[0, 0]], "watched": [[], [0]]}], "stacks": [[1]], "rows": {"1": 0},
    "places": [["stack", [1, 1], f'"/>{EVIL}']], "items": [[0, "key"]],
    "hands": {"watched": {"key": 0}}, "waits": [0], "names": [EVIL], "bottom": 0, "texts": [EVIL], "text": [0],
    "busy": [], "wall": 1,
}  # fmt: skip
EVIL_PLAYER = (
    "<section class='player' onclick='window.caught=1'><div class='player__controls'></div><p class='player__now'></p>"
    "<svg><g class='player__marks'></g><path class='head'></path></svg><div class='player__code'><span></span></div>"
    f"<template>{EVIL}{json.dumps(EVIL_RECORDING).replace('<', '&lt;')}</template></section>"
)


def test_what_a_program_posts_by_itself_cannot_act_in_the_page(opened, reader):
    """Whoever sends a link chooses the program, and that reaches its worker's postMessage."""
    page = opened("tasks")
    evil = "<img src=x onerror='window.caught=1'><figure onclick='window.caught=1'><svg><script>window.caught=1</script></svg></figure>"
    told = {"summary": "caught", "error": None, "picture": evil, "player": EVIL_PLAYER}
    outcome = {"kind": "done", "outcome": told}
    write(
        page,
        f"from js import JSON, postMessage\npostMessage(JSON.parse({json.dumps(json.dumps(outcome))}))\n",
    )
    run(page)
    expect(page.locator(".runner figure")).to_have_count(1)
    assert status(page).inner_text().startswith("caught")
    page.locator(".runner figure").dispatch_event("click")
    assert page.locator(".runner__picture").inner_html() == "<figure><svg></svg></figure>"
    expect(page.locator(f".runner .player {MARKS}")).to_have_count(1)
    assert page.locator(".runner :is(img, script, [onclick], [onerror])").count() == 0
    assert page.evaluate("window.caught") is None
    _, troubles = reader
    troubles[:] = [
        told for told in troubles if "inline event handler" not in told
    ]  # which the policy forbids


def test_the_runner_goes_on_after_instant_navigation(opened):
    page = opened("generators")
    write(page, ENDLESS)
    press_run(page)
    expect(output(page)).to_have_text("begun\n")
    page.locator(".turn__next").click()
    page.wait_for_url("**/zh/yield_from/")
    open_runner(page)
    assert "墙钟 0.45 秒，" in run(page)


def test_a_keyboard_is_enough(arrived):
    page = arrived("tasks")
    page.get_by_role("button", name="打开").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("spinbutton", name="页数")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    for _ in range(4):  # round trip, service time, fault, and so to the editor
        page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="程序")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type("print('typed')")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="运行")).to_be_focused()
    page.keyboard.press("Enter")
    expect(output(page)).to_have_text("3 pages in 0.450 s\ntyped\n")
    expect(status(page)).to_contain_text("这里真正花去")
    expect(page.get_by_role("button", name="运行")).to_be_focused()
    page.evaluate(HEAR)
    page.get_by_role("textbox", name="程序").focus()
    page.keyboard.press("Control+Enter")
    until(page, "heard.length === 2")
    page.get_by_role("spinbutton", name="页数").focus()
    page.keyboard.press("Enter")
    until(page, "heard.length === 4")


TRIED = [exercise.title for exercise in of_stage("tasks")]


def test_everything_that_can_be_used_has_a_name(opened):
    page = opened("tasks")
    page.locator("select[name=fault]").select_option("drip")
    expect(page.get_by_role("region", name="asyncio：在浏览器里运行")).to_be_visible()
    expect(page.get_by_role("form", name="实验的设置")).to_be_visible()
    for role, names in {
        "spinbutton": ["页数", "往返", "服务", "哪一页"],
        "combobox": ["故障"],
        "textbox": ["程序"],
        "button": [*TRIED, "和“async/await”比", "拷贝链接", "存成文件", "全屏", "运行", "停止", "复原"],
    }.items():
        found = page.locator(".runner").get_by_role(role)
        expect(found).to_have_count(len(names))
        for name in names:
            expect(page.locator(".runner").get_by_role(role, name=name)).to_have_count(1)


def test_an_open_runner_fits_a_desktop(opened):
    page = opened("callbacks")
    expect(page.get_by_text("Ctrl + Enter")).to_be_visible()
    fill(page, "desktop")


def test_an_open_runner_fits_a_phone(visit):
    page = visit("zh/callbacks/", "phone")
    open_runner(page)
    expect(page.get_by_text("Ctrl + Enter")).to_be_hidden()  # a phone has no such keys
    fill(page, "phone")


def fill(page, look):
    """Have it show all it can, and look at it in the dark and in the light."""
    page.locator("select[name=fault]").select_option("reset")
    page.get_by_role("textbox", name="程序").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("# a line that is longer than any screen is wide, " * 5)
    run(page)
    page.get_by_text("完整的回溯").click()
    for palette in ("slate", "default"):
        page.evaluate("palette => document.body.dataset.mdColorScheme = palette", palette)
        page.locator(".runner").screenshot(path=SCREENSHOTS / f"runner-{look}-{palette}.png")
        assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
        assert (
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        )


def test_nothing_of_it_is_loaded_before_the_reader_asks(browser):
    context = browser.new_context(service_workers="block")
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(f"{ADDRESS}zh/tasks/")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/assets/runner/" in url] == []
    page.get_by_role("button", name="打开").click()
    expect(page.get_by_role("spinbutton", name="页数")).to_be_focused()
    assert [url.rpartition("/")[2] for url in asked if "/assets/runner/" in url] == ["panel.js", "tasks.json"]
    context.close()


@pytest.mark.parametrize("stage", RUNNABLE, ids=lambda stage: stage.name)
def test_a_page_hardly_grows_for_it(site, stage):
    html = (site / "zh" / stage.name / "index.html").read_bytes()
    without = re.sub(rb'<section class="runner".*?</section>', b"", html, flags=re.DOTALL)
    assert len(html) > len(without)
    parts = (ASSETS / "javascripts" / "runner.js", ASSETS / "stylesheets" / "runner.css")
    grown = len(gzip.compress(html)) - len(gzip.compress(without))
    assert grown + sum(len(gzip.compress(part.read_bytes())) for part in parts) <= LARGEST


def test_all_of_it_is_seven_megabytes_at_most(site):
    [folder] = (site / "assets" / "runner").iterdir()
    assert sum(len(gzip.compress(file.read_bytes())) for file in folder.iterdir()) <= 7_000_000


def test_the_program_on_the_page_is_the_file(site):
    html = (site / "zh" / "tasks" / "index.html").read_text("utf-8")
    given = json.loads(unescape(EXPERIMENT.search(html)[1]))
    assert given["program"] == Path("snippets/tasks.py").read_text("utf-8")
