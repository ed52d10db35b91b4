"""What a build remembers of the one before: compiled templates and, under `mkdocs serve`, rendered pages.

A page shows nothing but its own text and what follows from the files that MkDocs watches beside the pages.
As long as these are as they were, its blocks need not run again, and only the page that was saved does.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket, bc_magic
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from scripts.files import CACHE, Cache, digest
from scripts.site import glossary
from scripts.site.search.index import bare, cut_once
from scripts.site.search.terms import Entry
from scripts.site.shims import SearchIndex, render_by

RENDERED = ("toc", "_title_from_render", "present_anchor_ids")
"""What `Page.render` leaves behind, beside the content and the links to anchors."""
TEMPLATES = Cache(CACHE / "templates", most=16 << 20)
State = tuple[Any, ...]


class Memory:
    """Pages as they were rendered, by the text of their files, while everything else is in one `state`."""

    def __init__(self) -> None:
        self._state: State | None = None
        self._shared: State = ()
        """What all pages depend on besides: the names of all files, and the texts of glossaries."""
        self._pages: dict[str, Rendered] = {}

    def begin(self, state: State | None) -> None:
        """From now on everything is in that state, and of an earlier one nothing is remembered."""
        self._state = state
        self._pages.clear()

    def is_still(self, state: State) -> bool:
        """Whether everything is as it was in the build before."""
        return state == self._state

    def look_at(self, files: Files) -> None:
        """Forget the pages if there are others now to link to, or other terms to explain."""
        pages = files.documentation_pages()
        terms = [file.content_string for file in pages if file.src_uri.endswith(glossary.NAME)]
        shared = sorted(files.src_uris), terms
        if shared != self._shared:
            self._pages.clear()
        self._shared = shared

    def keep(self, page: Page, html: str) -> None:
        """Remember what has been made of the page."""
        links = {file.src_uri: anchors for file, anchors in (page.links_to_anchors or {}).items()}
        fields = {name: getattr(page, name) for name in RENDERED} | {"content": html}
        self._pages[page.file.src_uri] = Rendered(page.file.content_string, fields, links)

    def _known(self, page: Page) -> "Rendered | None":
        known = self._pages.get(page.file.src_uri)
        return known if known and known.text == page.file.content_string else None

    def recall(self, page: Page) -> bool:
        """Have MkDocs take what was made of the page before, if its text is still the same."""
        known = self._known(page)
        if not known:
            return False

        def render(files: Files) -> None:
            vars(page).update(known.fields)
            page.links_to_anchors = {files.src_uris[uri]: anchors for uri, anchors in known.links.items()}

        render_by(page, render)
        return True

    def speed_up(self, index: SearchIndex) -> Callable[[], list[Entry]]:
        """Have the search read each page once; what is returned gives their entries."""
        index.add_by(partial(self._add_entries, index))
        cut_once(index)
        return lambda: index.entries

    def _add_entries(self, index: SearchIndex, page: Page) -> None:
        known = self._known(page)
        if known and known.entries is not None:
            index.entries.extend(known.entries)
            return
        before = len(index.entries)
        index.add(bare(page))
        if known:
            known.entries = index.entries[before:]


def keep_templates(env: Environment) -> None:
    """Have the theme compile each template once."""
    env.bytecode_cache = Templates()


class Templates(BytecodeCache):
    """Templates as Jinja compiled them, by their names and texts, and by the versions of Jinja and Python."""

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := TEMPLATES.get(self._key(bucket)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        TEMPLATES.put(self._key(bucket), bucket.bytecode_to_string())

    def _key(self, bucket: Bucket) -> str:
        return digest([bucket.key.encode(), bucket.checksum.encode(), bc_magic])


@dataclass
class Rendered:
    """What was made of the text of a page's file; `links` are those to anchors, by the file they lead to."""

    text: str
    fields: dict[str, Any]
    links: dict[str, dict[str, str]]
    entries: list[Entry] | None = None
    """The page's entries in the search index."""


def state(config: MkDocsConfig) -> State:
    """When each file was changed that pages depend on, and how large it is."""
    watched = [config.config_file_path, *config.watch]
    return tuple((file, *stamp(file)) for place in watched for file in sorted(files_in(Path(place))))


def files_in(place: Path) -> Iterable[str]:
    """The files in a folder, without what Python compiles; or the file."""
    return walk(place) if place.is_dir() else [str(place)]


def walk(folder: Path) -> Iterator[str]:
    """The files of a folder and of all folders in it, without what Python compiles."""
    for inner, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (os.path.join(inner, name) for name in files)


def stamp(file: str) -> tuple[int, int] | tuple[()]:
    """When it was changed (nanoseconds), and its size; nothing of a file that has just gone."""
    try:
        status = os.stat(file)
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_size
