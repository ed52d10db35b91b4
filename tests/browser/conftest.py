"""A real Chromium and a real Firefox, headless, in front of the built site."""

import re
import sys
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect, sync_playwright

from scripts.site import policy
from scripts.test import NO_BROWSER, NO_FIREFOX, firefox
from scripts.test import browser as installed
from tests.browser import firefox as relay
from tests.browser.looks import LOOKS
from tests.lacking import lacking
from tests.patience import PATIENCE

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


expect.set_options(timeout=1000 * PATIENCE)


class Quiet(SimpleHTTPRequestHandler):
    """Sends the policy of the site with everything, as its publisher's server shall."""

    def log_message(self, *arguments):
        pass

    def parse_request(self):
        """Read it, also where Firefox takes this server for the proxy on the way to the site."""
        read = super().parse_request()
        if read:
            self.path = self.path.removeprefix(ADDRESS.removesuffix("/"))
        return read

    def end_headers(self):
        headers = Path(self.directory, policy.NAME)
        if headers.exists():
            told = re.search(r"^  (Content-Security-Policy): (.*)$", headers.read_text("utf-8"), re.MULTILINE)
            self.send_header(*told.groups())
        super().end_headers()


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # of five, others would be asked to come again after a second

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
def playwright():
    """Playwright, of which a process can have but one."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def launch(request):
    """A function that starts Chromium with these arguments; where there is none, a skip, or in CI a failure."""
    executable = installed()  # which may start a Playwright of its own
    if executable is None:
        lacking(NO_BROWSER)
    return partial(request.getfixturevalue("playwright").chromium.launch, executable_path=executable)


def be_patient(context):
    context.set_default_timeout(1000 * PATIENCE)


@contextmanager
def chromium(launch, folder, *arguments):
    """Chromium with these arguments, for which ADDRESS is that folder and no other host exists."""
    with serving(folder) as port:
        hosts = f"--host-resolver-rules=MAP site.localhost 127.0.0.1:{port}, MAP * ~NOTFOUND"
        browser = launch(args=[*ARGUMENTS, f"--disable-features={WITHOUT}", *arguments, hosts])
        browser.on("context", be_patient)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def before_chromium(launch, site):
    """Chromium before the site."""
    with chromium(launch, site, COMPILE_ONCE) as browser:
        yield browser


@pytest.fixture(scope="package")
def before_firefox(site, tmp_path_factory, request):
    """Firefox before the site; where there is none, a skip, or in CI a failure."""
    executable = firefox()
    if executable is None:
        lacking(NO_FIREFOX)
    starter = tmp_path_factory.mktemp("firefox") / "firefox"
    starter.write_text(f'#!/bin/sh\nexec {sys.executable} {relay.__file__} {executable} "$@"\n')
    starter.chmod(0o755)
    launch = request.getfixturevalue("playwright").firefox.launch
    with serving(site) as port:
        proxied = {"type": 1, "http": "127.0.0.1", "http_port": port, "allow_hijacking_localhost": True}
        settings = {f"network.proxy.{name}": value for name, value in proxied.items()}
        browser = launch(channel="moz-firefox", executable_path=starter, firefox_user_prefs=settings)
        browser.on("context", be_patient)
        yield browser
        browser.close()


def pytest_generate_tests(metafunc):
    """A test runs in Chromium, or in those that are named by `@pytest.mark.browsers`."""
    if "browser" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("browsers")
        metafunc.parametrize(
            "browser", marked.args if marked else ["chromium"], indirect=True, scope="package"
        )


@pytest.fixture(scope="package")
def browser(request):
    """The browser of that test before the site."""
    return request.getfixturevalue(f"before_{request.param}")


class Troubles(list):
    """What a page did that it should not: errors, and requests to any other host."""

    def watch(self, page):
        page.on("console", self.console)
        firefox = page.context.browser.browser_type.name == "firefox"
        page.on("pageerror", lambda error: self.error(str(error), firefox))
        page.on("request", lambda request: self.request(request.url))

    def error(self, told, firefox):
        """Firefox calls it an error, `undefined`, that a worker was ended in the midst of a loop."""
        if not firefox or told != "undefined":
            self.append(told)

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


def until(page, condition):
    """Wait for that condition in the page, whose policy forbids Playwright's own way, which evaluates a text.

    It may await something.
    """
    page.evaluate(
        f"""async () => {{
            const tooLate = performance.now() + {1000 * PATIENCE};
            while (!({condition})) {{
                if (performance.now() > tooLate) throw new Error("that has not come");
                await new Promise(done => setTimeout(done, 50));
            }}
        }}"""
    )


def stop_the_clock(page):
    """From here on, that page's time is the test's alone: it was opened with `clock`."""
    page.clock.pause_at(datetime.now() + timedelta(hours=1))


@contextmanager
def page_opened(browser, troubles, look="desktop", scheme="light"):
    """A page of a reader's own, on a screen of LOOKS, light or dark, that tells its troubles."""
    screen = LOOKS[look] if browser.browser_type.name == "chromium" else {"viewport": LOOKS[look]["viewport"]}
    no_workers = {"service_workers": "block"}  # whose requests no test could route
    context = browser.new_context(locale="zh-CN", color_scheme=scheme, **no_workers, **screen)
    page = context.new_page()
    troubles.watch(page)
    yield page
    context.close()


@pytest.fixture
def visit(browser):
    """A function that opens a path of the site for a new reader; no page may make any trouble.

    With `clock`, a test can stop the page's time, and let it fly: the clock is there from the start, since the
    theme complains of a timer that one clock has begun and another shall end.
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
