"""What is replaced of MkDocs, Material and jieba is still where it was, and is used there as it is thought to be."""

import inspect
from pathlib import Path
from types import SimpleNamespace

import jieba
import material
import pytest
from material.plugins.search import plugin
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.theme import Theme

from scripts.site.search.dictionary import cut
from scripts.site.shims import (
    Moved,
    SearchIndex,
    cut_by_ours,
    cut_quickly,
    list_visible,
    rebuild_by,
    render_by,
)


def taken(theme, site):
    """What of the theme goes into the site, and how many files had to be looked at."""
    env, files = theme.get_env(), Files([])
    config = SimpleNamespace(theme=theme, site_dir=str(site), use_directory_urls=True)
    files.add_files_from_theme(env, config)
    return [file.src_uri for file in files], len(env.loader.list_templates())


@pytest.mark.parametrize("name", ["material", "mkdocs"])
def test_the_site_gets_the_same_files(name, tmp_path):
    (tmp_path / ".hidden" / "deep").mkdir(parents=True)
    (tmp_path / ".hidden" / "deep" / "icon.svg").write_text("<svg/>")
    (tmp_path / "shown").mkdir()
    (tmp_path / "shown" / "own.css").write_text("")
    theme = Theme(name, custom_dir=str(tmp_path))
    files, looked_at = taken(theme, tmp_path)
    list_visible(theme)
    quicker, fewer = taken(theme, tmp_path)
    assert quicker == files
    assert "shown/own.css" in files
    assert fewer < looked_at
    assert theme.get_env().get_template(".hidden/deep/icon.svg").render() == "<svg/>"  # as themes do


@pytest.fixture
def index():
    """Material's own, with nothing in it."""
    return plugin.SearchIndex(lang=["en"], separator=r"\s+", pipeline=[], fields={})


def test_pages_of_the_search_are_read_and_cut_by_whom_we_say(index):
    shim = SearchIndex(index)
    read = []
    shim.add_by(read.append)
    index.add_entry_from_context("a page")
    assert read == ["a page"]
    shim.cut_by(str.upper)
    assert index._segment_chinese("中文 x") == "中文 X"
    assert "self._segment_chinese(" in inspect.getsource(plugin.SearchIndex)
    assert "add_entry_from_context(" in inspect.getsource(plugin.SearchPlugin)


def test_what_was_read_elsewhere_is_in_the_index_when_it_is_written(index):
    SearchIndex(index).fill_at_last(lambda: [{"location": "there/", "title": "", "text": ""}])
    assert '"location":"there/"' in index.generate_search_index(None)
    assert "generate_search_index(" in inspect.getsource(plugin.SearchPlugin)


def test_material_cuts_by_what_jieba_has():
    before = jieba.cut
    try:
        cut_quickly()
        assert jieba.cut is cut
    finally:
        jieba.cut = before
    assert "jieba.cut(" in inspect.getsource(plugin)


def test_the_themes_worker_cuts_chinese_by_ours():
    workers = Path(material.__file__).parent / "templates" / "assets" / "javascripts" / "workers"
    [worker] = workers.glob("search.*.min.js")
    theirs = worker.read_text("utf-8")
    ours = cut_by_ours(theirs)
    assert ours.count("self.segment(") == 1
    with pytest.raises(Moved, match="in 0 places"):
        cut_by_ours(ours.replace("invertedIndex", "index"))


def test_a_page_is_rendered_by_whom_we_say():
    page, rendered = SimpleNamespace(render=print), []
    render_by(page, rendered.append)
    page.render("config", "files")
    assert rendered == ["files"]
    assert list(inspect.signature(Page.render).parameters) == ["self", "config", "files"]


def test_a_server_builds_by_whom_we_say(tmp_path):
    built = []
    with LiveReloadServer(lambda: built.append("build"), "127.0.0.1", 0, str(tmp_path)) as server:
        rebuild_by(server, lambda build: (built.append("before"), build()))
        server.builder()
    assert built == ["before", "build"]
    assert "self.builder()" in inspect.getsource(LiveReloadServer._build_loop)


USES = {
    "search": SearchIndex,
    "theme": list_visible,
    "page": lambda it: render_by(it, print),
    "server": lambda it: rebuild_by(it, print),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_what_has_moved_is_told_in_a_sentence(use):
    with pytest.raises(
        Moved, match=r"^types.SimpleNamespace has no '\w+' in this version: .*scripts/site/shims\.py$"
    ):
        use(SimpleNamespace())
