"""Something is amiss with a reader's browser: one sentence says what, and the recorded result stays."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADDRESS, until
from tests.browser.runner import ENDLESS, open_runner, output, press_run, run, status, write


@pytest.fixture
def broken(browser):
    """A function that opens a page with a runner where something is amiss, and gives the page."""
    contexts = []

    def broken(script="", without=None, service_workers="block"):
        contexts.append(browser.new_context(service_workers=service_workers))
        page = contexts[-1].new_page()
        page.add_init_script(script)
        if without:
            page.route(f"**/{without}", lambda route: route.abort())
        page.goto(f"{ADDRESS}zh/tasks/")
        return page

    yield broken
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("script", "told"),
    [("delete window.WebAssembly", "没有 WebAssembly"), ("delete window.Worker", "没有 worker")],
    ids=["WebAssembly", "Worker"],
)
def test_a_browser_that_lacks_what_is_needed_is_told_so(broken, script, told):
    page = broken(script)
    expect(page.locator(".runner__note")).to_contain_text(told)
    expect(page.get_by_role("button", name="打开")).to_be_hidden()
    expect(page.locator(".result").first).to_be_visible()


def test_a_page_from_a_file_says_why_it_has_no_runner(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.goto((site / "zh" / "tasks" / "index.html").as_uri())
    expect(page.locator(".runner__note")).to_contain_text("从文件里打开")
    expect(page.locator(".result").first).to_be_visible()
    context.close()


def test_an_editor_that_does_not_come_is_told(broken):
    page = broken(without="panel.js")
    page.get_by_role("button", name="打开").click()
    expect(page.locator(".runner__note")).to_contain_text("编辑器没有下载下来")


@pytest.mark.parametrize(
    "panel",
    ["throw new TypeError('ours')", "export async function openPanel() { throw new TypeError('ours') }"],
    ids=["loading", "opening"],
)
def test_an_editor_that_has_a_mistake_of_its_own_does_not_blame_the_network(broken, panel):
    page = broken()
    page.route("**/panel.js", lambda route: route.fulfill(body=panel, content_type="text/javascript"))
    with page.expect_event("pageerror") as error:
        page.get_by_role("button", name="打开").click()
    expect(page.locator(".runner__note")).to_contain_text("编辑器出了错（TypeError: ours）")
    assert error.value.message == "ours"


@pytest.mark.parametrize(
    ("script", "without", "told"),
    [
        (
            "window.Worker = function () { throw new DOMException('no', 'SecurityError') }",
            None,
            "不许这一页启动 worker",
        ),
        ("", "worker.js", "worker 没有启动起来"),
        ("", "python_stdlib.zip", "Python 没有下载下来"),
        ("", "pyodide.asm.wasm", "Python 没有下载下来"),
        ("", "project.zip", "Python 没有下载下来"),
    ],
    ids=["blocked", "worker", "library", "wasm", "project"],
)
def test_what_fails_is_one_sentence_and_the_recorded_result_stays(broken, script, without, told):
    page = broken(script, without)
    open_runner(page)
    press_run(page)
    expect(status(page)).to_contain_text(told)
    expect(status(page)).to_contain_text("实测的结果不受影响")
    expect(page.locator(".result").first).to_be_visible()
    expect(page.get_by_role("button", name="运行")).to_be_enabled()


KEPT = """await caches.open("read").then(cache => cache.keys()).then(kept =>
    ["worker.js", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "project.zip"]
        .every(name => kept.some(({ url }) => url.endsWith(name))))"""
"""Whether the service worker has kept every file that the runner needs."""


@pytest.mark.parametrize(
    "broken_off",
    [{"content_type": "text/plain"}, {"body": "\0asm", "content_type": "application/wasm"}],
    ids=["type", "half"],
)
def test_code_that_the_browser_cannot_take_is_told(broken, broken_off):
    page = broken()
    page.route("**/pyodide.asm.wasm", lambda route: route.fulfill(**broken_off))
    open_runner(page)
    press_run(page)
    expect(status(page)).to_contain_text("Python 没有下载下来")


def test_it_runs_without_the_network_once_it_has_run(broken):
    page = broken(service_workers="allow")
    open_runner(page)
    run(page)
    until(page, KEPT)
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.context.set_offline(True)
    write(page, ENDLESS)
    press_run(page)
    expect(output(page)).to_have_text("begun\n")
    page.get_by_role("button", name="停止").click()
    write(page, "print('no network')")
    run(page)
    expect(output(page)).to_have_text("no network\n")


WORKERS = """{
    const workers = window.workers = [];
    window.Worker = class {
        constructor(address) { if (address.pathname?.includes("/runner/")) workers.push(this); }
        postMessage() {}
        terminate() {}
        say(summary) { this.onmessage?.({ data: { kind: "done", outcome: { summary, error: null, picture: "", player: "" } } }); }
    };
}"""
"""The runner's workers say something when a test lets them, as one does whose last message is queued when it ends."""


def test_what_a_stopped_run_still_had_to_say_does_not_reach_the_next(broken):
    page = broken(WORKERS)
    open_runner(page)
    press_run(page)
    page.get_by_role("button", name="停止").click()
    press_run(page)
    page.evaluate("workers[0].say('the first')")
    page.evaluate("workers[1].say('the second')")
    expect(status(page)).to_contain_text("the second。这里真正花去")


HOARD = """() => {
    const hoard = window.hoard = [];
    try { for (;;) hoard.push(new WebAssembly.Memory({ initial: 1, maximum: 65536 })); } catch { return hoard.length; }
}"""


def test_python_that_has_no_memory_to_start_in_starts_once_there_is_some(broken):
    """The browser reserves as many addresses for a program's memory as it may grow to, and has not enough."""
    page = broken()
    open_runner(page)
    assert page.evaluate(HOARD) > 0
    press_run(page)
    expect(status(page)).to_contain_text("内存用完了")
    expect(status(page)).to_contain_text("实测的结果不受影响")
    expect(page.locator(".result").first).to_be_visible()
    page.evaluate("window.hoard = null")
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    assert "墙钟 0.45 秒，" in run(page)
    expect(status(page)).to_have_attribute("title", "")


LITTLE = """{
    const { grow } = WebAssembly.Memory.prototype;
    WebAssembly.Memory.prototype.grow = function (pages) {
        if (this.buffer.byteLength + 65536 * pages > 128 << 20) throw new RangeError("WebAssembly.Memory.grow(): failed");
        return grow.call(this, pages);
    };
}"""
"""For a worker: what a browser does that has no more memory to give."""


def test_a_program_that_takes_all_memory_is_told_so_and_the_next_run_works(broken, site):
    """As an error, in its line unless too little is left to say in which, or as a failure."""
    page = broken()
    [worker] = site.glob("assets/runner/*/worker.js")
    script = LITTLE + worker.read_text("utf-8")
    page.route("**/worker.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    open_runner(page)
    write(page, "taken = []\nwhile True:\n    taken.append(bytearray(1 << 10))")
    press_run(page)
    expect(page.get_by_role("button", name="运行")).to_be_enabled()
    assert "内存用完了" in status(page).inner_text() + page.get_by_role("alert").inner_text()
    page.get_by_role("button", name="复原").click()
    assert "10 个连接，虚拟时间里墙钟 0.45 秒，" in run(page)


def test_memory_that_a_program_has_used_is_given_back(broken):
    """WebAssembly's memory never shrinks: the worker goes, and with it the memory."""
    page = broken()
    open_runner(page)
    write(page, "much = bytearray(1 << 30)\ntoo_much = bytearray(1 << 30)")
    with page.expect_worker() as started:
        press_run(page)
    with started.value.expect_event("close"):
        expect(page.get_by_role("alert")).to_contain_text("第 2 行：MemoryError")
    write(page, "print('afterwards')")
    run(page)
    expect(output(page)).to_have_text("afterwards\n")
