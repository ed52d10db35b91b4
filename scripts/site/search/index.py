"""What the theme's search reads of a page, how it comes by the words of Chinese texts, what it loads when."""

import copy
import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import jieba
import material
from mkdocs.structure.pages import Page

from scripts.files import CACHE, Cache, Memo, digest
from scripts.site.forked import aside
from scripts.site.search.terms import BETWEEN_WORDS, Entry
from scripts.site.shims import SearchIndex, cut_by_ours

KEPT = Cache(CACHE / "words", most=16 << 20)
EXCLUDED = re.compile(
    r'<(?P<name>\w+) [^>]*(?:data-search-exclude|class="(?:language-diff|example|output|ask|claim)\b)'
)
"""Where begins what the search shall not know: what repeats a program, what folds, what was claimed, too."""
LISTING = re.compile(r"<pre.*?</pre>", re.DOTALL)
COLOURS = re.compile(r"</?(?:span|a)\b[^>]*>")
"""In a listing of a program: a tag for each of its words, and for each of its lines."""


def read_aside(index: SearchIndex, pages: list[Page]) -> Callable[[], list[Entry]]:
    """Have these pages read from now on, beside the rendering; what is returned waits for their entries."""
    words = cut_once(index)

    def read() -> list[Entry]:
        for page in pages:
            index.add(bare(page))
        words.keep()
        return index.entries

    index.add_by(lambda page: None)
    return aside(read)


def bare(page: Page) -> Page:
    """A page without thousands of tags that the search would read only to drop them."""
    found = copy.copy(page)
    content = without_excluded(page.content or "")
    found.content = LISTING.sub(lambda listing: COLOURS.sub("", listing[0]), content)
    return found


def without_excluded(html: str) -> str:
    """The HTML without what the search shall not know.

    Material would go on with it behind the first element of the kind in it, as a span in a span.
    """
    kept, rest = [], html
    while begins := EXCLUDED.search(rest):
        kept.append(rest[: begins.start()])
        depth, end = 0, len(rest)
        for tag in re.finditer(rf"<(/?){begins['name']}\b[^>]*>", rest[begins.start() :]):
            depth += -1 if tag[1] else 1
            if not depth:
                end = begins.start() + tag.end()
                break
        rest = rest[end:]
    return "".join([*kept, rest])


def publish(site: Path) -> None:
    """Split what the theme loads with every page, so that texts and worker come when something is asked.

    The pages begin with a worker of ours, ``docs/assets/javascripts/workers/search.js``, as main.html says.
    """
    path = site / "search" / "search_index.json"
    index = json.loads(path.read_text("utf-8"))
    sign = index["config"]["separator"].removesuffix("+")
    redundant = re.compile(f"{BETWEEN_WORDS}(?={sign}|<)|(?<={sign}|>){BETWEEN_WORDS}")
    texts, index["docs"] = index["docs"], []
    for entry in texts:
        entry["text"] = redundant.sub("", entry["text"])
    for name, content in (("texts.json", texts), (path.name, index)):
        told = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        path.with_name(name).write_text(told, "utf-8")
    workers = site / "assets" / "javascripts" / "workers"
    for worker in workers.glob("search.*.min.js"):
        worker.write_text(cut_by_ours(worker.read_text("utf-8")), "utf-8")


def cut_once(index: SearchIndex) -> Memo:
    """Have each text cut into words once, and, where what is returned is kept, not again in later builds.

    That takes as long as a fifth of a build, and most texts stay as they are.
    """
    words = Memo(KEPT, cutters())
    index.cut_by(partial(words.made, make=index.cut))
    return words


def cutters() -> str:
    """A name for who cuts: Material finds the Chinese in a text, jieba the words in that."""
    return digest(cutter.__version__.encode() for cutter in (material, jieba))
