"""Every page as a reader sees it: on a desktop, on a phone, in the dark."""

from pathlib import Path

import pytest

from tests.browser.looks import LOOKS

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = sorted(page.stem for page in (ROOT / "docs" / "zh").glob("*.md"))
SCREENSHOTS = ROOT / "test-output" / "browser"

WIDER_THAN_THE_SCREEN = """() => [...document.querySelectorAll("article *, header, footer, main")]
    .filter(element => {
        for (let box = element.parentElement; box; box = box.parentElement)
            if (getComputedStyle(box).overflowX !== "visible") return false;
        return element.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
    })
    .map(element => element.outerHTML.slice(0, 120))"""


def path(name):
    return "zh/" if name == "index" else f"zh/{name}/"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_shown_without_trouble_and_fits_the_screen(visit, name, look):
    page = visit(path(name), look)
    assert page.locator("article h1").count() == 1
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png", full_page=True)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_a_reader_who_prefers_the_dark_gets_it(visit):
    assert visit("zh/", "dark").locator("body").get_attribute("data-md-color-scheme") == "slate"
    assert visit("zh/", "desktop").locator("body").get_attribute("data-md-color-scheme") == "default"
