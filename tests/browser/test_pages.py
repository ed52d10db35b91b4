"""Every page as a reader sees it: on a desktop and on a phone, in the light and in the dark."""

from contextlib import ExitStack
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import ADDRESS, QUIET, Troubles, page_opened
from tests.browser.looks import LOOKS

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = sorted(page.stem for page in (ROOT / "docs" / "zh").iterdir() if page.suffix in (".md", ".ipynb"))
SCREENS = [("desktop", "light"), ("phone", "dark")]
NARROW = {"width": 360, "height": 740}
"""The phones that most readers of Chinese hold."""
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

CUT = """selector => [...document.querySelectorAll(selector)]
    .filter(box => box.scrollWidth > box.clientWidth + 1)
    .map(box => box.textContent.slice(0, 60))"""


def path(name):
    return "zh/" if name == "index" else f"zh/{name}/"


@pytest.fixture(scope="module")
def readers(browser):
    """A page on each screen that goes from one address to the next, with its troubles: a new one each time costs more."""
    with ExitStack() as stack:
        found = {each: Troubles() for each in SCREENS}
        yield {
            each: (stack.enter_context(page_opened(browser, troubles, *each)), troubles)
            for each, troubles in found.items()
        }
    assert not any(found.values())


@pytest.fixture(
    scope="module", params=product(SCREENS, NAMES), ids=lambda param: "-".join([*param[0], param[1]])
)
def shown(request, readers):
    """A page of the site on a screen, loaded once for all that is asked of it; its name, and its troubles."""
    screen, name = request.param
    page, troubles = readers[screen]
    page.goto(ADDRESS + path(name))
    return page, "-".join([name, *screen]), troubles


def test_the_page_is_shown_without_trouble_and_fits_the_screen(shown):
    page, name, troubles = shown
    assert page.locator("article h1").count() == 1
    page.screenshot(path=SCREENSHOTS / f"{name}.jpeg", full_page=True)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    told, troubles[:] = troubles[:], []  # the next page shall not be blamed
    assert told == []


def test_nothing_on_the_page_keeps_anyone_from_reading_it(shown):
    found = Axe().run(shown[0], LOOKED_AT, AXE).response["violations"]
    told = [
        (each["id"], node["target"], node["failureSummary"])
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
    assert told == []


def test_no_picture_and_no_table_is_cut_or_moves_aside(shown):
    page, name, _ = shown
    page.evaluate("document.querySelectorAll('article details').forEach(each => each.open = true)")
    boxes = "article .md-typeset__scrollwrap, article table, article .picture > svg"
    assert page.evaluate(CUT, boxes) == []
    if "phone" in name:
        page.set_viewport_size(NARROW)
        assert page.evaluate(CUT, boxes) == []
        page.set_viewport_size(LOOKS["phone"]["viewport"])


@pytest.mark.parametrize(("scheme", "palette"), [("light", "default"), ("dark", "slate")])
def test_a_reader_gets_the_light_that_is_preferred(visit, scheme, palette):
    expect(visit(QUIET, scheme=scheme).locator("body")).to_have_attribute("data-md-color-scheme", palette)
