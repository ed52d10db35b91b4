"""What is left out for the search is what it would drop, and texts are cut into words once."""

import json
from types import SimpleNamespace

import pytest
from material.plugins.search.plugin import Parser, SearchIndex
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from scripts.files import Cache
from scripts.page.pictures import svg
from scripts.site import shims
from scripts.site.search import index
from scripts.site.search.index import bare, cut_once, publish, read_aside, without_excluded

PROGRAM = """@cache
def fetch(path):  # 取一页
    return f"<{path}>"  if path else None
"""
CONFIG = {"lang": ["zh"], "separator": "[\\s，。]+"}
PICTURE = svg.picture(
    "十页", "从哪到哪", 40, [svg.text("同步阻塞", 0, 0)], ["程序", "秒"], [["同步阻塞", "4.5"]]
)


def read(html):
    """What the search reads: title and text of each section."""
    parser = Parser()
    parser.feed(html)
    parser.close()
    return [(section.id, section.title, "".join(section.text)) for section in parser.data]


@pytest.mark.parametrize("lines", [False, "table", "inline"])
def test_the_search_reads_the_same_in_fewer_tags(lines):
    listing = highlight(
        PROGRAM, PythonLexer(), HtmlFormatter(linenos=lines, lineanchors="line", wrapcode=True)
    )
    html = (
        f'<h1 id="top">标题 <span>一</span></h1><p>见 <a href="#x">这里</a>。</p>{listing}'
        f'<h2 id="x">图</h2>{PICTURE}<p>图下面的 <code>话</code>。</p>{listing}'
    )
    page = SimpleNamespace(content=html)
    fewer = bare(page).content
    assert read(fewer) == read(html)
    assert fewer.count("<") < html.count("<") / 2
    assert "return f" in "".join(text for _, _, text in read(fewer))
    assert page.content == html


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A function that reads what a build of this test has left of words."""
    monkeypatch.setattr(index, "KEPT", Cache(tmp_path / "new", 1 << 20))
    return lambda: (tmp_path / "new" / index.cutters()).read_text("utf-8")


def test_what_is_excluded_is_left_out_to_its_end():
    """Material's parser goes on behind the first span within a span."""
    html = (
        '<p>墙钟 <span class="figure">4.5 秒<span role="note" data-search-exclude=""><span>链路</span>'
        '<span>提交</span></span></span>。</p><details class="example"><p>折着</p><details>的</details></details>'
        '<div class="language-diff highlight"><div>+x</div></div><details class="note">折着的话</details>'
    )
    kept = '<p>墙钟 <span class="figure">4.5 秒</span>。</p><details class="note">折着的话</details>'
    assert without_excluded(html) == kept
    assert without_excluded('<p>a</p><section data-search-exclude="">without an end') == "<p>a</p>"


def test_the_texts_come_apart_from_what_every_page_loads(tmp_path):
    search, workers = tmp_path / "search", tmp_path / "assets" / "javascripts" / "workers"
    search.mkdir()
    workers.mkdir(parents=True)
    docs = [
        {
            "location": "zh/",
            "title": "回\u200b调",
            "text": "<p>\u200b等\u200b一\u200b，\u200b等→\u200b好\u200b</p>",
        }
    ]
    (search / "search_index.json").write_text(json.dumps({"config": CONFIG, "docs": docs}))
    (workers / "search.0a1b.min.js").write_text("x=>[...fe(x,this.index.invertedIndex)]")
    publish(tmp_path)
    assert json.loads((search / "search_index.json").read_text()) == {"config": CONFIG, "docs": []}
    docs[0]["text"] = "<p>等\u200b一，等→\u200b好</p>"
    assert json.loads((search / "texts.json").read_text()) == docs
    assert "回" in (search / "texts.json").read_text()
    assert (workers / "search.0a1b.min.js").read_text() == "x=>[...self.segment(x,this.index.invertedIndex)]"


def cutter(cut):
    """What cuts texts, once each, as `cut` does; and what keeps them for the next build."""
    index = SimpleNamespace(cut=cut)
    index.cut_by = lambda cut: setattr(index, "cut", cut)
    words = cut_once(index)
    return index.cut, words.keep


def test_each_text_is_cut_once_and_not_again_in_the_next_build(kept):
    texts = []

    def divide(text):
        texts.append(text)
        return "\u200b".join(text)

    cut, keep = cutter(divide)
    assert [cut(text) for text in ("事件", "循环", "事件")] == ["事\u200b件", "循\u200b环", "事\u200b件"]
    keep()
    cut, keep = cutter(divide)
    assert [cut(text) for text in ("事件", "回调")] == ["事\u200b件", "回\u200b调"]
    assert texts == ["事件", "循环", "回调"]
    keep()
    assert "循环" not in kept()  # which is no longer in the site


def test_the_index_is_the_same_as_when_pages_are_read_one_by_one(kept):
    def index():
        return SearchIndex(lang=["zh"], separator=" ", pipeline=[], fields={})

    def page(name, **meta):
        html = f'<h1 id="{name}">{name}</h1><p>事件循环</p><h2 id="x">{name}</h2>{PICTURE}<pre>回调</pre>'
        return SimpleNamespace(content=html, url=f"{name}/", toc=[], meta=meta, title=name)

    pages = [
        page("回调"),
        page("协程", search={"exclude": True}),
        page("轮询", search={"boost": 2}, tags=["a"]),
    ]
    plain, aside = index(), index()
    shims.SearchIndex(aside).fill_at_last(read_aside(shims.SearchIndex(aside), pages))
    for each in pages:
        plain.add_entry_from_context(each)
        aside.add_entry_from_context(each)
    assert aside.generate_search_index(None) == plain.generate_search_index(None)
    assert "事件\u200b循环" in kept()


def test_words_that_another_material_cut_are_not_taken(kept, monkeypatch):
    cut, keep = cutter(str.upper)
    cut("abc")
    keep()
    monkeypatch.setattr(index.material, "__version__", "9999")
    assert cutter(str.lower)[0]("abc") == "abc"
