"""What a reader's bench offers: things to try, program and picture side by side, and what can be taken away."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from scripts.stages import program
from tests.browser.conftest import ADDRESS, until
from tests.browser.runner import open_runner, own_player, run, status, write
from tests.browser.test_player import MARKS

BOTH = pytest.mark.browsers("chromium", "firefox")
LAPTOP = {"width": 1280, "height": 720}


@pytest.fixture
def bench(visit):
    """A function that opens the runner of a stage on a laptop, or with another look."""

    def bench(stage, **look):
        page = visit(f"zh/{stage}/", **look)
        if "look" not in look:
            page.set_viewport_size(LAPTOP)
        open_runner(page)
        return page

    return bench


def verdict(page):
    return page.get_by_role("region", name="试试看").get_by_role("status")


def attempt(page, title, answer):
    page.get_by_role("button", name=title, exact=True).click()
    page.get_by_role("button", name=answer, exact=True).click()
    expect(status(page)).to_contain_text("这里真正花去")


@BOTH
def test_who_predicts_wrong_is_told_what_the_run_gave_and_why(bench):
    page = bench("callbacks")
    attempt(page, "睡一小会儿", "0.1 秒")
    expect(verdict(page)).to_contain_text("跑出来不是那样：1 秒。到了 10 页，墙钟 1.45 秒")
    expect(page.locator(".cm-content")).to_contain_text("time.sleep(0.1)")
    page.get_by_role("button", name="1 秒", exact=True).click()
    expect(verdict(page)).to_contain_text("想对了：1 秒。")


def test_one_that_changes_only_settings_shows_them(bench):
    page = bench("threads")
    attempt(page, "一声不吭", "九页都取到，程序却不会结束")
    expect(verdict(page)).to_contain_text("想对了")
    expect(page.locator("select[name=fault]")).to_have_value("silent")
    expect(own_player(page).locator(MARKS)).to_have_count(10)


def test_a_run_of_the_readers_own_leaves_no_old_verdict(bench):
    page = bench("blocking")
    attempt(page, "远十倍", "45 秒")
    expect(verdict(page)).to_contain_text("想对了")
    run(page)
    expect(verdict(page)).to_be_empty()


@BOTH
def test_a_keyboard_is_enough_to_predict_and_see(bench):
    page = bench("tasks")
    page.get_by_role("button", name="漏写一个词").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="整个回答")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("想对了：一个还没开始的协程。")
    expect(page.get_by_role("alert")).to_contain_text("AttributeError")


@BOTH
def test_program_and_picture_are_side_by_side_on_a_laptop(bench):
    page = bench("callbacks")
    run(page)
    page.locator(".runner").evaluate("runner => runner.scrollIntoView()")
    mark = own_player(page).locator(MARKS).first
    for part in (
        page.locator(".cm-line", has_text="def fetch("),
        mark,
        own_player(page).locator("meter").first,
    ):
        box = part.bounding_box()
        assert 0 <= box["y"] <= LAPTOP["height"] - box["height"]
        assert 0 <= box["x"] <= LAPTOP["width"] - box["width"]
    editor, player = (page.locator(f".runner__{part}").bounding_box() for part in ("editor", "player"))
    assert editor["x"] + editor["width"] <= player["x"]


AT_THE_LESSON = """(() => {
    const lesson = [...document.querySelectorAll(".cm-line")].find(line => line.textContent.startsWith("async def fetch("));
    const editor = document.querySelector(".runner__editor").getBoundingClientRect();
    const below = lesson?.getBoundingClientRect().top - editor.top;
    return 0 <= below && below <= editor.height / 4;
})()"""
"""Whether that line is in the upper quarter of the editor: it scrolls there once it knows how high its lines are."""


def test_the_editor_opens_at_the_lesson_with_what_all_share_folded(bench):
    page = bench("async_await")
    until(page, AT_THE_LESSON)
    page.locator(".cm-scroller").evaluate("it => it.scrollTop = 0")
    for name in ("request", "body"):
        expect(
            page.locator(".cm-line", has_text=f"def {name}(").locator(".cm-foldPlaceholder")
        ).to_be_visible()


SLOW = "{ let now = Date.now(); Date.now = () => now += 1000; }"
"""To a parser that asks whether its time is up, it always is."""


def test_what_all_share_folds_however_slowly_the_program_is_parsed(browser):
    context = browser.new_context(service_workers="block", viewport=LAPTOP)
    page = context.new_page()
    page.add_init_script(SLOW)
    page.goto(f"{ADDRESS}zh/async_await/")
    open_runner(page)
    until(page, AT_THE_LESSON)
    page.locator(".cm-scroller").evaluate("it => it.scrollTop = 0")
    expect(page.locator(".cm-foldPlaceholder")).to_have_count(2)
    context.close()


def test_a_line_that_is_folded_unfolds_where_it_goes_wrong(bench):
    page = bench("callbacks")
    text = program("callbacks").read_text("utf-8").replace("encode()\n", "encoded()\n", 1)
    write(page, text)
    run(page)
    expect(page.locator(".runner__bad-line")).to_contain_text("encoded()")


def test_the_player_keeps_in_sight_where_the_pages_are(bench):
    page = bench("async_await")
    run(page)
    for _ in range(2):
        mark = own_player(page).locator(MARKS).nth(5)
        pane, box = page.locator(".runner__player").bounding_box(), mark.bounding_box()
        assert pane["y"] <= box["y"] <= pane["y"] + pane["height"] - box["height"]
        own_player(page).get_by_role("button", name="到下一次等待").click()


def test_it_is_compared_with_the_program_before(bench):
    page = bench("callbacks")
    button = page.get_by_role("button", name="和“轮询”比")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".cm-content")).to_contain_text("selector.register")
    expect(page.locator(".cm-changedLine").first).to_be_visible()
    button.click()
    expect(page.locator(".cm-changedLine")).to_have_count(0)


def test_its_link_is_copied_and_opens_the_experiment_for_another(bench, visit):
    page = bench("polling")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("spinbutton", name="页数").fill("12")
    page.get_by_role("button", name="拷贝链接").click()
    expect(status(page)).to_contain_text("链接拷贝好了")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{ADDRESS}zh/polling/#run=polling&pages=12"
    again = visit(link.removeprefix(ADDRESS))
    expect(again.get_by_role("spinbutton", name="页数")).to_have_value("12")


def test_a_clipboard_that_is_refused_leaves_the_link_to_be_read(bench):
    page = bench("polling")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name="拷贝链接").click()
    expect(status(page)).to_contain_text(f"浏览器不许写剪贴板，链接在这里：{ADDRESS}zh/polling/#run=polling")


@pytest.mark.parametrize("look", [{"scheme": "light"}, {"scheme": "dark"}, {"look": "phone"}], ids=str)
def test_axe_finds_nothing_on_a_bench_that_was_used(bench, look):
    page = bench("callbacks", **look)
    attempt(page, "一声不吭", "只有它前面的三页")
    page.get_by_role("button", name="和“轮询”比").click()
    for summary in page.locator(".runner summary").all():
        summary.click()
    rules = {"resultTypes": ["violations"], "preload": False}
    found = Axe().run(page, {"include": [[".runner"]]}, rules).response["violations"]
    assert [(each["id"], each["impact"], node["target"]) for each in found for node in each["nodes"]] == []


def test_its_file_can_be_taken(bench):
    page = bench("tasks")
    with page.expect_download() as taken:
        page.get_by_role("button", name="存成文件").click()
    assert taken.value.suggested_filename == "tasks.py"
    assert taken.value.path().read_text("utf-8") == program("tasks").read_text("utf-8")


def test_it_fills_the_screen_and_comes_back(bench):
    page = bench("tasks")
    page.get_by_role("button", name="全屏", exact=True).click()
    until(page, "document.fullscreenElement?.matches('.runner')")
    page.get_by_role("button", name="退出全屏").click()
    until(page, "document.fullscreenElement === null")


def test_where_there_is_nothing_to_try_the_rest_works(visit):
    page = visit("zh/tasks/")
    page.route("**/tasks.json", lambda route: route.fulfill(body=""))
    open_runner(page)
    expect(page.get_by_role("region", name="试试看")).to_be_hidden()
    expect(page.get_by_role("button", name="比", exact=False)).to_have_count(0)
    assert "墙钟 0.45 秒，" in run(page)
