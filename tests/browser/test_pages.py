"""Every page as a reader sees it: on a desktop and on a phone, in the light and in the dark."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import ADDRESS, QUIET, Troubles, page_opened

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = sorted(page.stem for page in (ROOT / "docs" / "zh").iterdir() if page.suffix in (".md", ".ipynb"))
SCREENSHOTS = ROOT / "test-output" / "browser"

LOOKED_AT = {"exclude": [[".comparison tbody tr:nth-child(n+4)"]]}
"""All of the page, but of our own tables the first rows: the others are made alike, by the thousand."""
AXE = {"resultTypes": ["violations"], "preload": False}
"""Without asking for the style sheets once more, which axe would do to look at media queries."""

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


@pytest.mark.parametrize("name", NAMES)
def test_nothing_on_the_page_keeps_anyone_from_reading_it(reader, name):
    page, _, _ = reader
    page.goto(ADDRESS + path(name))
    found = Axe().run(page, LOOKED_AT, AXE).response["violations"]
    told = [
        (each["id"], node["target"], node["failureSummary"])
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
    assert told == []


@pytest.mark.parametrize(("scheme", "palette"), [("light", "default"), ("dark", "slate")])
def test_a_reader_gets_the_light_that_is_preferred(visit, scheme, palette):
    assert visit(QUIET, scheme=scheme).locator("body").get_attribute("data-md-color-scheme") == palette
