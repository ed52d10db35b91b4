"""A real Chromium, headless, in front of the built site."""

import sys
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect, sync_playwright

from scripts.test import NO_BROWSER
from scripts.test import browser as installed
from tests.browser.looks import LOOKS
from tests.lacking import lacking

ADDRESS = "http://site.localhost/"
"""Without a port, since the theme's instant navigation takes a page on another port for another site."""

QUIET = "zh/why/"
"""Path of a page on which nothing moves: the race on the home page takes half a core while it is shown."""

ARGUMENTS = [
    "--no-sandbox",  # as root, in a container
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WITHOUT = ",".join(
    [
        "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",  # two pages behind each window's bar of addresses
        "SpareRendererForSitePerProcess",  # a process for a next page
        # This list takes the place of Playwright's own, of which these concern a page that asks no other host.
        "AvoidUnnecessaryBeforeUnloadCheckSync", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable",
        "PaintHolding", "ThirdPartyStoragePartitioning", "AimEnabled",
    ]
)  # fmt: skip
"""What Chromium starts beside each page takes as much CPU as the page."""
COMPILE_ONCE = "--js-flags=--liftoff-only"
"""Without the faster WebAssembly that Chromium makes of Python meanwhile: half of what a start takes of the CPU."""


expect.set_options(
    timeout=30_000
)  # milliseconds, as long as for all else: no test here judges how fast a page is


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Say nothing of a browser that leaves in the middle of an answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(folder):
    """Serve that folder on a free port of 127.0.0.1, and give the port."""
    with Server(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="package")
def launch():
    """A function that starts Chromium with these arguments; where there is none, a skip, or in CI a failure."""
    executable = installed()  # before there is a Playwright, of which a process can have but one
    if executable is None:
        lacking(NO_BROWSER)
    with sync_playwright() as playwright:
        yield partial(playwright.chromium.launch, executable_path=executable)


@contextmanager
def chromium(launch, folder, *arguments):
    """Chromium with these arguments, for which ADDRESS is that folder and no other host exists."""
    with serving(folder) as port:
        hosts = f"--host-resolver-rules=MAP site.localhost 127.0.0.1:{port}, MAP * ~NOTFOUND"
        browser = launch(args=[*ARGUMENTS, f"--disable-features={WITHOUT}", *arguments, hosts])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def browser(launch, site):
    """Chromium before the site."""
    with chromium(launch, site, COMPILE_ONCE) as browser:
        yield browser


class Troubles(list):
    """What a page did that it should not: errors, and requests to any other host."""

    def watch(self, page):
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.append(str(error)))
        page.on("request", lambda request: self.request(request.url))

    def console(self, message):
        if message.type == "error":
            self.append(f"{message.text} {message.location['url']}")

    def request(self, url):
        if not url.startswith((ADDRESS, "data:", "blob:")):
            self.append(f"asked {url}")


def arrive(page, path):
    """Go there, and stay until the theme has read the site map: before that, a link loads its page anew."""
    with page.expect_response("**/sitemap.xml") as answer:
        page.goto(ADDRESS + path)
    answer.value.finished()
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


@contextmanager
def page_opened(browser, troubles, look="desktop", scheme="light"):
    """A page of a reader's own, on a screen of LOOKS, light or dark, that tells its troubles."""
    context = browser.new_context(locale="zh-CN", color_scheme=scheme, **LOOKS[look])
    page = context.new_page()
    troubles.watch(page)
    yield page
    context.close()


@pytest.fixture
def visit(browser):
    """A function that opens a path of the site for a new reader; no page may make any trouble.

    With `clock`, a test can let the page's time fly: from the start, since the theme complains of a timer that
    one clock has begun and another shall end.
    """
    troubles = Troubles()
    with ExitStack() as readers:

        def visit(path, look="desktop", scheme="light", clock=False):
            page = readers.enter_context(page_opened(browser, troubles, look, scheme))
            if clock:
                page.clock.install()
            arrive(page, path)
            return page

        yield visit
    assert troubles == []
