"""How soon a reader's program has run, beside what bare Pyodide takes to start in the same browser.

    python -m pytest -s tests/browser/test_runner_speed.py

prints the medians.  The bounds are parts of bare Pyodide's start, 2.9 s where they were chosen.
"""

import json
import shutil
from pathlib import Path
from statistics import median

import pytest

from scripts.page import bundle
from scripts.stages import program
from tests.browser.conftest import ADDRESS, chromium
from tests.browser.test_runner import open_runner, run

ROOT = Path(__file__).resolve().parent.parent.parent
BOOTS = 5
COLD, WARM, THOUSAND = 1.15, 0.10, 0.34
LONG = 100
"""Milliseconds for which a page may be deaf."""
FOLDER = "a/folder/"

BARE = 'import { loadPyodide } from "./pyodide.mjs"; await loadPyodide(); postMessage("started");'
STARTED = """() => new Promise(resolve => {
    const begun = performance.now();
    new Worker("bare.js", { type: "module" }).onmessage = () => resolve((performance.now() - begun) / 1000);
})"""
WATCH = """window.long = [];
new PerformanceObserver(list => window.long.push(...list.getEntries().map(each => each.duration)))
    .observe({ type: "longtask", buffered: true })"""
PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>A page</title>
<section class="runner" data-from="{name}" data-experiment='{experiment}'>
<button name="open" hidden>打开</button><p class="runner__note"></p><div class="runner__panel"></div>
</section>
<script>var document$ = {{ subscribe: act => act() }}</script>
<script src="assets/javascripts/runner.js"></script></html>"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Chromium before a plain server, of which a folder deep down has a page with a runner, and bare Pyodide."""
    root = tmp_path_factory.mktemp("served")
    folder = root / FOLDER
    front_end = bundle.Bundle()
    name = front_end.name
    front_end.publish(folder)
    shutil.copytree(ROOT / "docs" / "assets" / "javascripts", folder / "assets" / "javascripts")
    experiment = {
        "stage": "callbacks",
        "program": program("callbacks").read_text("utf-8").replace("'", "&#39;"),
        "settings": {"pages": 10, "rtt": 0.15, "service_time": 0.15, "body_size": 1000},
        "recorded": {"wall": 0.45, "cpu": 0, "busy": [], "connections": [], "about": ""},
    }
    told = json.dumps(experiment).replace("&", "&amp;").replace("&amp;#39;", "&#39;")
    (folder / "index.html").write_text(PAGE.format(name=name, experiment=told), "utf-8")
    [packages] = (bundle.KEPT).glob("packages-*/node_modules/pyodide")
    shutil.copytree(packages, root / "bare")
    (root / "bare" / "bare.js").write_text(BARE, "utf-8")
    (root / "bare" / "index.html").write_text("<!doctype html><title>Bare</title>", "utf-8")
    with chromium(root) as browser:
        yield browser


@pytest.fixture
def page(pages):
    """A function that opens a page of that server, in a browser that has nothing in its cache."""
    contexts = []

    def page(path):
        contexts.append(pages.new_context())
        page = contexts[-1].new_page()
        page.add_init_script(WATCH)
        page.goto(ADDRESS + path)
        return page

    yield page
    for context in contexts:
        context.close()


def seconds(page):
    """What the page itself says of the run that has just ended."""
    return float(run(page).rpartition("真正花去 ")[2].removesuffix(" 秒。"))


def boot(page):
    """Seconds from pressing the button with nothing loaded, again, and with a thousand pages."""
    open_runner(page)
    cold, warm = seconds(page), seconds(page)
    page.get_by_label("页数").fill("1000")
    return cold, warm, seconds(page)


@pytest.mark.benchmark
def test_a_run_starts_as_soon_as_bare_pyodide_and_is_quick_from_then_on(page):
    rounds = [(page("bare/").evaluate(STARTED), *boot(page(FOLDER))) for _ in range(BOOTS)]
    bare, cold, warm, thousand = map(median, zip(*rounds, strict=True))
    print(f"\nbare Pyodide {bare:.2f} s, cold {cold:.2f} s, warm {warm:.2f} s, a thousand pages {thousand:.2f} s")
    assert cold <= COLD * bare
    assert warm <= WARM * bare
    assert thousand <= THOUSAND * bare


@pytest.mark.benchmark
def test_the_page_stays_responsive_while_it_loads_and_runs(page):
    at = page(FOLDER)
    boot(at)
    assert max(at.evaluate("window.long"), default=0) <= LONG
