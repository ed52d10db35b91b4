"""What a reader does with a stage's runner."""

from playwright.sync_api import expect

ENDLESS = "print('begun')\nwhile True:\n    pass\n"


def open_runner(page):
    page.get_by_role("button", name="打开").click()
    expect(page.get_by_role("spinbutton", name="页数")).to_be_focused()


def own_player(page):
    """Where each page of the reader's own program stood."""
    return page.get_by_role("region", name="你的程序：每页各在哪一行")


def status(page):
    return page.locator(".runner__status").and_(page.get_by_role("status"))


def output(page):
    return page.get_by_role("log", name="程序的输出")


def write(page, program):
    page.get_by_role("textbox", name="程序").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(program)


def press_run(page):
    page.get_by_role("button", name="运行").click()


def run(page):
    """Press the button, wait for the end, and return what the page says."""
    press_run(page)
    expect(status(page)).to_contain_text("这里真正花去")
    return status(page).inner_text()
