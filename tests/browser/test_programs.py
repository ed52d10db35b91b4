"""A program by itself, as a reader sees and takes it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from scripts.stages import find

PROGRAM = find("threads").snippet.read_text("utf-8")


def test_the_caption_of_a_listing_leads_to_the_program_and_the_program_back(visit):
    page = visit("zh/threads/", "phone", "dark")
    page.get_by_role("link", name="snippets/threads.py").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("snippets/threads.py")
    page.get_by_role("link", name="讲它的那一页").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("多线程")


def test_copying_the_difference_gives_the_new_program(visit):
    page = visit("programs/threads.html")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_text("和 processes.py 比").click()
    difference = page.locator(".language-diff")
    expect(difference.locator("del").first).to_be_visible()
    difference.hover()
    difference.get_by_role("button").first.click()
    page.wait_for_function(
        "text => navigator.clipboard.readText().then(copied => copied === text)", arg=PROGRAM.rstrip()
    )
    assert [
        each["id"] for each in Axe().run(page).response["violations"] if each["impact"] != "moderate"
    ] == []
