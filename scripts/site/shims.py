"""What is changed of the insides of MkDocs, Material and jieba, and why; all of it stands here.

Nothing else of this project replaces what is not its own.  When a newer version has something elsewhere,
`Moved` says what, instead of an AttributeError in the middle of a build, or a site that is slower or poorer.
"""

import os
import re
from collections.abc import Callable
from typing import Any

import jieba
from jinja2 import Environment, FileSystemLoader
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.theme import Theme

from scripts.site.search.dictionary import cut

FOLLOW = "pin the version before, or follow it in scripts/site/shims.py"


class Moved(PluginError):
    """Something is not where this project looks for it; the message says what."""


def member(owner: Any, name: str) -> Any:
    """What `owner` has by that name; raises Moved."""
    try:
        return getattr(owner, name)
    except AttributeError:
        kind = getattr(owner, "__name__", None) or f"{type(owner).__module__}.{type(owner).__qualname__}"
        raise Moved(f"{kind} has no {name!r} in this version: {FOLLOW}") from None


class Visible(FileSystemLoader):
    """Lists no file in a hidden folder; what is asked for by its name is found there all the same."""

    def list_templates(self) -> list[str]:
        """The names of the files, with / between folders."""
        found = set()
        for place in self.searchpath:
            for folder, folders, files in os.walk(place):
                folders[:] = [name for name in folders if not name.startswith(".")]
                found.update(os.path.relpath(os.path.join(folder, name), place) for name in files)
        return sorted(name.replace(os.sep, "/") for name in found)


def list_visible(theme: Theme) -> None:
    """Have MkDocs list the theme's files without its twelve thousand icons, which it would drop again."""
    get_env = member(theme, "get_env")

    def get_quicker_env() -> Environment:
        env = get_env()
        env.loader = Visible(theme.dirs)
        return env

    theme.get_env = get_quicker_env


def cut_quickly() -> None:
    """Have Material's search cut Chinese by jieba's own rules, with a dictionary that is ready sooner."""
    member(jieba, "cut")
    jieba.cut = cut


class SearchIndex:
    """The index of Material's search, what goes into it and by whom it is made."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self.add: Callable[[Page], None] = member(index, "add_entry_from_context")
        """Reads a page."""
        self.cut: Callable[[str], str] = member(index, "_segment_chinese")
        """Puts a sign between the words of a text."""
        self._generate: Callable[[Any], str] = member(index, "generate_search_index")
        member(index, "entries")

    @property
    def entries(self) -> list[dict[str, Any]]:
        """What was read so far: an entry for each section."""
        return self._index.entries

    def add_by(self, add: Callable[[Page], None]) -> None:
        """Have pages read by that function."""
        self._index.add_entry_from_context = add

    def cut_by(self, cut: Callable[[str], str]) -> None:
        """Have texts cut by that function."""
        self._index._segment_chinese = cut

    def fill_at_last(self, entries: Callable[[], list[dict[str, Any]]]) -> None:
        """Have these entries in it when it is written."""

        def generate(before: Any) -> str:
            self._index.entries = entries()
            return self._generate(before)

        self._index.generate_search_index = generate


SEGMENT = re.compile(r"\b\w+(?=\((\w),this\.index\.invertedIndex\))")


def cut_by_ours(worker: str) -> str:
    """The theme's search worker, which cuts Chinese by `segment` of ours in docs/assets/javascripts/workers.

    By itself it never looks at a text's last character: for 线程 it would search for 线.  Raises Moved.
    """
    ours, found = SEGMENT.subn("self.segment", worker)
    if found != 1:
        raise Moved(f"the theme's search worker cuts Chinese in {found} places: {FOLLOW}")
    return ours


def render_by(page: Page, render: Callable[[Files], None]) -> None:
    """Have MkDocs render a page by that function."""
    member(page, "render")

    def rendered(config: MkDocsConfig, files: Files) -> None:
        render(files)

    page.render = rendered


def rebuild_by(server: LiveReloadServer, rebuild: Callable[[Callable[[], None]], None]) -> None:
    """Have `mkdocs serve` build by that function, which is given what it built by."""
    build = member(server, "builder")
    server.builder = lambda: rebuild(build)
