"""The player: what a reader can do with it, by mouse, by keyboard, and without scripts."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADDRESS, stop_the_clock

pytestmark = pytest.mark.browsers("chromium", "firefox")

MARKS = ".player__marks > g > rect"


@pytest.fixture
def player(visit):
    """A function that gives the player of a stage's page."""

    def player(stage, *look, **more):
        shown = visit(f"zh/{stage}/", *look, **more).locator(".player")
        expect(shown.get_by_role("slider")).to_be_visible()
        return shown

    return player


def at(player):
    return int(player.get_by_role("slider").input_value())


def expect_at(player, step):
    expect(player.get_by_role("slider")).to_have_value(str(step))


def test_it_begins_in_the_middle_of_the_first_wait_where_no_page_has_a_frame(player):
    shown = player("callbacks")
    expect(shown.locator(".player__now")).to_contain_text("0.075 秒　睡着，CPU 闲着：10 页等连接")
    expect(shown.locator(f"{MARKS}.callback")).to_have_count(10)


def test_the_next_wait_finds_every_page_waiting_for_its_answer(player):
    shown = player("callbacks")
    shown.get_by_role("button", name="到下一次等待").click()
    expect(shown.locator(f"{MARKS}.answer")).to_have_count(10)
    expect(shown.locator(".player__now")).to_contain_text("0.300 秒")
    shown.get_by_role("button", name="回到上一次等待").click()
    expect(shown.locator(f"{MARKS}.connect")).to_have_count(10)


def test_a_sentence_sends_its_reader_to_a_step(player):
    shown = player("async_await")
    link = shown.page.locator("a[data-step]").first
    link.click()
    expect(shown.locator(f"{MARKS}.frame.answer")).to_have_count(10)
    expect(shown.locator(".player__now")).to_contain_text(f"{link.inner_text()}　0.300 秒")
    expect(shown.locator(".player__code")).to_be_focused()
    expect(shown.locator(".player__controls")).to_be_in_viewport()
    shown.page.keyboard.press("ArrowRight")
    expect(shown.locator(".player__now")).to_contain_text("0.450 秒")


def test_a_program_without_waits_has_steps_alone(visit):
    shown = visit("zh/generators/").locator("#player-two_tasks")
    shown.page.locator("a[href$='#player-two_tasks']").first.click()
    expect(shown.locator(f"{MARKS}.stack")).to_have_count(2)
    expect(shown.get_by_role("button", name="到下一次等待")).to_be_hidden()
    expect(shown.get_by_role("meter")).to_have_count(0)
    shown.page.keyboard.press("ArrowRight")
    expect(shown.locator(f"{MARKS}.stack")).to_have_count(1)


def test_in_threads_each_page_has_a_stack_of_its_own(player):
    shown = player("threads")
    shown.get_by_role("slider").press("End")
    expect(shown.locator(f"{MARKS}.done")).to_have_count(10)


def test_keys_step_jump_and_play(player):
    shown = player("async_await")
    begin = at(shown)
    shown.locator(".player__code").press("ArrowRight")
    expect_at(shown, begin + 1)
    shown.locator(".player__code").press("ArrowLeft")
    expect_at(shown, begin)
    shown.locator(".player__code").press("Home")
    expect_at(shown, 0)
    shown.locator(".player__code").press("Shift+ArrowRight")
    expect_at(shown, begin)
    expect(shown.locator(".player__now")).to_contain_text("睡着，CPU 闲着：10 页等连接")
    shown.locator(".player__code").press("Space")
    expect(shown.get_by_role("button", name="播放或停下")).to_have_text("停下")
    shown.locator(".player__code").press("Space")
    expect(shown.get_by_role("button", name="播放或停下")).to_have_text("播放")


def test_played_to_its_end_every_page_is_done_and_the_clock_has_run(player):
    shown = player("callbacks", clock=True)
    stop_the_clock(shown.page)
    shown.get_by_role("button", name="播放或停下").click()
    for _ in range(60):
        shown.page.clock.run_for(1_000)
        if shown.get_by_role("button", name="播放或停下").inner_text() == "播放":
            break
    expect(shown.locator(f"{MARKS}.done")).to_have_count(10)
    expect(shown.locator(".player__meters b").first).to_have_text("0.450 秒")


def test_the_busy_loop_runs_up_both_meters(player):
    shown = player("nonblocking")
    shown.get_by_role("slider").press("End")
    expect(shown.locator(".player__meters b")).to_have_text(["4.500 秒", "4.500 秒"])


def test_what_happens_is_read_out_unless_it_plays(player):
    shown = player("callbacks")
    now = shown.locator(".player__now")
    expect(now).to_have_attribute("aria-live", "polite")
    shown.get_by_role("button", name="播放或停下").click()
    expect(now).to_have_attribute("aria-live", "off")
    told = re.compile(r"^第 \d+ 步，共 \d+ 步：")
    expect(shown.get_by_role("slider")).to_have_attribute("aria-valuetext", told)


def test_on_a_phone_the_lanes_stay_and_the_code_scrolls(player):
    shown = player("async_await", "phone")
    code = shown.locator(".player__code")
    assert code.evaluate("code => code.scrollWidth > code.clientWidth")
    assert shown.locator(".player__stage > svg").evaluate(
        "svg => svg.getBoundingClientRect().right < innerWidth / 2"
    )


def test_by_keyboard_alone(player):
    shown = player("callbacks")
    keyboard = shown.page.keyboard
    shown.get_by_role("button", name="播放或停下").focus()
    begin = at(shown)
    for _ in range(3):
        keyboard.press("Tab")
    expect(shown.get_by_role("button", name="进一步")).to_be_focused()
    keyboard.press("Enter")
    expect_at(shown, begin + 1)
    keyboard.press("Tab")
    keyboard.press("Space")
    expect(shown.get_by_role("slider")).not_to_have_value(str(begin + 1))
    for _ in range(2):
        keyboard.press("Tab")
    expect(shown.get_by_label("速度")).to_be_focused()
    shown.locator("summary").focus()
    keyboard.press("Enter")
    expect(shown.get_by_role("table")).to_be_visible()


@pytest.mark.browsers("chromium")  # Playwright cannot have Firefox print yet
def test_on_paper_there_is_the_table_alone(player):
    shown = player("callbacks")
    expect(shown.get_by_role("table")).to_be_hidden()
    shown.page.emulate_media(media="print")
    expect(shown.get_by_role("table")).to_be_visible()
    for part in ".player__stage", ".player__controls", ".player__legend":
        expect(shown.locator(part)).to_be_hidden()


@pytest.mark.browsers("chromium")  # nor do without scripts
def test_without_scripts_there_are_the_first_wait_and_the_table(browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{ADDRESS}zh/callbacks/")
    shown = page.locator(".player")
    expect(shown.locator(".player__marks rect.callback")).to_have_count(10)
    expect(shown.locator(".player__controls")).to_be_hidden()
    shown.locator("summary").click()
    expect(shown.get_by_role("table")).to_be_visible()
    context.close()


def test_the_race_shows_where_each_page_is_and_ends_with_what_was_measured(visit):
    page = visit("zh/", clock=True)
    stop_the_clock(page)
    race = page.locator(".race")
    threads = race.locator("tr:has(a[href*=threads])")
    _, _, pages = json.loads(threads.get_attribute("data-run"))
    race.get_by_role("button", name="再跑一次").click()
    page.clock.run_for((max(begun for begun, *_ in pages) + min(done for *_, done in pages)) // 2)
    expect(threads.locator(".race__waiting")).to_have_count(10)
    page.clock.run_for(20_000)
    expect(race.locator(".race__track i:not(.race__arrived)")).to_have_count(0)


def test_on_paper_the_race_is_over(visit):
    race = visit("zh/").locator(".race")
    race.get_by_role("combobox").select_option("慢二十倍")
    state = """{
        moving: race.getAnimations({ subtree: true }).length,
        arrived: race.querySelectorAll(".race__arrived").length,
    }"""
    begun = race.evaluate(f"race => {{ race.querySelector('button').click(); return {state} }}")
    ended = race.evaluate(f"race => {{ dispatchEvent(new Event('beforeprint')); return {state} }}")
    dots = race.locator(".race__track i").count()
    assert begun == {"moving": dots, "arrived": 0}
    assert ended == {"moving": 0, "arrived": dots}


def test_it_comes_with_the_next_page_as_well(visit):
    page = visit("zh/readiness/")
    page.locator(".turn__next").click()
    page.wait_for_url("**/zh/callbacks/")
    expect(page.locator(f".player {MARKS}.callback")).to_have_count(10)
