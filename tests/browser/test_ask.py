"""Predict, then see: a reader chooses an answer, by mouse, by keyboard, and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADDRESS

pytestmark = pytest.mark.browsers("chromium", "firefox")

OPEN = "details[open]"


@pytest.fixture
def question(visit):
    """A function that gives the first question of a page."""
    return lambda page, *look: visit(f"zh/{page}/", *look).get_by_role("group", name="先猜，再看").first


def right(question):
    return question.locator("details:has(.ask__right)")


def test_no_answer_is_told_before_one_is_chosen(question):
    asked = question("callbacks")
    expect(asked.locator("summary")).to_have_count(3)
    expect(asked.locator(OPEN)).to_have_count(0)
    expect(asked.get_by_text("正是。")).to_be_hidden()


def test_a_choice_tells_whether_it_is_right_and_what_was_found(question):
    asked = question("callbacks", "phone")
    right(asked).locator("summary").click()
    expect(asked.locator(OPEN)).to_contain_text("正是。")
    expect(asked.locator(OPEN).locator(".claim")).to_contain_text("最多有 10 页，检验要求等于 10")
    asked.locator("details:not([open]) summary").first.click()
    expect(asked.get_by_text("不是。").first).to_be_visible()
    expect(asked.locator("details[open]:not(:has(.ask__right)) small")).to_contain_text("要真是这样，该")


def test_by_keyboard_alone(question):
    asked = question("threads")
    page, last = asked.page, asked.locator("summary").last
    asked.locator("summary").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(last).to_be_focused()
    page.keyboard.press("Enter")
    expect(asked.locator(OPEN)).to_have_count(1)
    page.keyboard.press("Space")
    expect(asked.locator(OPEN)).to_have_count(0)


@pytest.mark.browsers("chromium")  # Playwright cannot have Firefox do without scripts yet
def test_without_scripts(browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{ADDRESS}zh/blocking/")
    asked = page.locator(".ask")
    right(asked).locator("summary").click()
    expect(asked.locator(OPEN)).to_contain_text("正是。")
    context.close()
