"""Every page as a reader sees it: on a desktop and on a phone, in the light and in the dark."""

from pathlib import Path

import pytest

from tests.browser.conftest import ADDRESS, Troubles, page_opened

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = sorted(page.stem for page in (ROOT / "docs" / "zh").iterdir() if page.suffix in (".md", ".ipynb"))
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


@pytest.fixture(scope="module", params=[("desktop", "light"), ("phone", "dark")], ids="-".join)
def reader(request, browser):
    """A page that goes from one address to the next, its looks and its troubles: a new one each time costs twice as much."""
    troubles = Troubles()
    with page_opened(browser, troubles, *request.param) as page:
        yield page, "-".join(request.param), troubles
    assert troubles == []


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_shown_without_trouble_and_fits_the_screen(reader, name):
    page, looks, troubles = reader
    page.goto(ADDRESS + path(name))
    assert page.locator("article h1").count() == 1
    page.screenshot(path=SCREENSHOTS / f"{name}-{looks}.jpeg", full_page=True)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    told, troubles[:] = troubles[:], []  # the next page shall not be blamed
    assert told == []


@pytest.mark.parametrize(("scheme", "palette"), [("light", "default"), ("dark", "slate")])
def test_a_reader_gets_the_light_that_is_preferred(visit, scheme, palette):
    assert visit("zh/", scheme=scheme).locator("body").get_attribute("data-md-color-scheme") == palette
