"""The first view of a page: what it loads, and that nothing on it moves while it does."""

import gzip

import pytest

from tests.browser.conftest import ADDRESS

MOST = 120_000
"""Bytes, compressed, of all that a page loads by itself."""
SHIFTS = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().map(
    ({ value, sources }) => [value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 80))]
))).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => done([]), 500))"""


@pytest.mark.parametrize("path", ["zh/", "zh/callbacks/", "zh/c10k/"])
def test_it_is_small_and_has_one_style_sheet_and_one_script_of_ours(visit, site, path):
    page = visit(path)
    page.reload()
    page.wait_for_load_state("networkidle")
    loaded = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    files = {
        site / name.removeprefix(ADDRESS).partition("#")[0] for name in loaded if name.startswith(ADDRESS)
    }
    size = sum(len(gzip.compress(file.read_bytes())) for file in [site / path / "index.html", *files])
    print(f"{path}: {size / 1000:.1f} KB in {1 + len(files)} files")
    assert size <= MOST
    assert sorted(file.suffix for file in files if file.name.startswith("site.")) == [".css", ".js"]


@pytest.mark.parametrize("look", ["desktop", "phone"])
@pytest.mark.parametrize("path", ["zh/", "zh/callbacks/", "zh/c10k/"])
def test_nothing_moves(visit, path, look):
    page = visit(path, look)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(SHIFTS) == []
