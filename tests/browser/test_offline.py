"""Pages without a network, from files, without scripts, and on paper."""

import re
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ADDRESS, until

KEPT = """await caches.open("read").then(cache => cache.keys()).then(kept =>
    [location.href, ...[...document.styleSheets].map(({ href }) => href)]
        .every(wanted => !wanted || kept.some(({ url }) => url === wanted)))"""
"""Whether the service worker has kept the page and every style sheet of it."""


@pytest.fixture
def reader(browser):
    """A page of somebody whose browser has service workers."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_what_was_read_stays_and_what_was_not_says_so(reader):
    reader.goto(f"{ADDRESS}zh/threads/")
    until(reader, KEPT)
    reader.context.new_cdp_session(reader).send("Network.clearBrowserCache")
    reader.context.set_offline(True)
    reader.goto(f"{ADDRESS}zh/polling/")
    expect(reader.get_by_role("heading")).to_have_text("这一页还没有读过")
    reader.get_by_role("link", name="多线程").click()
    reader.wait_for_url("**/zh/threads/")
    expect(reader.locator("article h1")).to_contain_text("多线程")
    assert reader.evaluate("getComputedStyle(document.querySelector('.md-header')).position") == "sticky"
    reader.context.set_offline(False)
    reader.goto(f"{ADDRESS}zh/polling/")
    expect(reader.locator("article h1")).to_contain_text("轮询")


@pytest.fixture
def unpacked(site, tmp_path):
    """The folder of the copy to take away."""
    with zipfile.ZipFile(site / "offline.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path / "async-measured"


def test_the_copy_is_read_from_its_files(reader, unpacked):
    reader.goto((unpacked / "index.html").as_uri())
    reader.wait_for_url("**/zh/")
    reader.goto((unpacked / "zh" / "index.html").as_uri())
    reader.locator("article a[href='threads/']").first.evaluate("link => link.click()")
    reader.wait_for_url("**/zh/threads/index.html")
    expect(reader.locator("article h1")).to_contain_text("多线程")
    expect(reader.locator(".runner__note")).to_contain_text("从文件里打开")
    expect(reader.locator(".md-search__input")).to_have_attribute(
        "placeholder", "从文件打开的页面，浏览器不让它搜索"
    )


def test_the_link_says_how_large_the_copy_is(site):
    size = (site / "offline.zip").stat().st_size
    assert size < 5e6
    assert f"offline.zip</a>，{size / 1e6:.1f} MB，" in (site / "zh" / "records" / "index.html").read_text(
        "utf-8"
    )


def test_without_scripts_the_place_of_the_runner_says_why(site):
    """Of the page's text: Chromium told to run no scripts reads it as if it ran them."""
    page = (site / "zh" / "threads" / "index.html").read_text("utf-8")
    [runner] = re.findall(r'<section class="runner".*?</section>', page, re.DOTALL)
    assert "<noscript><p>浏览器里没有开脚本" in runner


def test_on_paper_headings_stay_with_their_text_and_nothing_is_cut(visit):
    page = visit("zh/callbacks/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})  # A4 with its margins
    assert page.evaluate("getComputedStyle(document.querySelector('article h2')).breakAfter") == "avoid"
    wide = """() => [...document.querySelectorAll("article :is(pre > code, figure, svg, table)")]
        .filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1 && box.clientWidth)
        .map(box => box.outerHTML.slice(0, 100))"""
    assert page.evaluate(wide) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
