"""The pages of a build, from the text of their files to their HTML."""

import logging
import re
from collections.abc import Iterable, MutableMapping
from pathlib import Path
from typing import Any, cast

import markdown_exec
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from scripts.markup import MarkupExtension
from scripts.site import (
    assets,
    front_matter,
    glossary,
    listings,
    navigation,
    notebook,
    offline,
    outputs,
    preview,
)
from scripts.site.beside import Beside
from scripts.site.calls import PageCalls
from scripts.site.failures import PageFailed, box, check_encoding
from scripts.site.fence import Fence
from scripts.site.glossary import Glossary
from scripts.site.links import Complaints, Links, line_of
from scripts.site.memory import Memory
from scripts.site.navigation import name
from scripts.site.programs import ProgramLinks
from scripts.site.scan import PageScan
from scripts.site.tags import page_markup

SECONDS = 60.0
"""What a cell of a notebook may take."""
UNEXECUTED = "pymdownx.snippets"
"""The extension that fails in mkdocs.yml, so that a tool which calls no hook publishes nothing unexecuted."""
TARGET = re.compile(r'<[^<>]* id="([^"]+)"')

log = logging.getLogger(__name__)  # not one of MkDocs' own, since those count: --strict would end a preview


class Pages:
    """Renders them one after another; where it is `lenient`, what fails in a page is shown there.

    What the memory has of a page is taken while that is as it was.
    """

    def __init__(self, config: MkDocsConfig, memory: Memory, *, lenient: bool) -> None:
        self._root = Path(config.config_file_path).resolve().parent
        self._extensions = [name for name in config.markdown_extensions if name != UNEXECUTED]
        self._options = config.mdx_configs
        self._memory = memory
        self._lenient = lenient
        self._files = Files([])
        self._every_page = PageScan("every page", lenient=lenient)
        self._page, self._links = PageScan("a page"), None
        self._recalled = False
        self._notebook: Page | None = None
        self._late: list[tuple[File, str]] = []
        """What is found to be wrong with a page once it is rendered."""
        self.listings = listings.memo(self._extensions, self._options)
        self.rendered = False
        """Whether MkDocs has rendered every page."""
        Complaints(self._complain).listen()

    def all(self) -> list[Page]:
        """The pages that MkDocs has made so far."""
        return [file.page for file in self._files.documentation_pages() if file.page]

    def look_at(self, files: Files, config: MkDocsConfig) -> None:
        """Look at their places, before MkDocs makes the navigation; raises PageFailed."""
        self._files = files
        for file in files.documentation_pages():
            check_encoding(file, name(file, self._root))
        notebook.add_pages(files, config)
        assets.bundle(files, config)
        self._memory.look_at(files)
        for problem in navigation.problems(files, Path(config.config_file_path), self._root):
            self._every_page.note(PageFailed(problem))

    def read(self, page: Page, config: MkDocsConfig) -> None:
        """Make a notebook the Markdown that MkDocs is about to read; raises PageFailed."""
        if not notebook.path_of(page.file):
            return
        self._notebook, text = page, page.file.content_string
        scan = PageScan(name(page.file, self._root), lenient=self._lenient)
        about = {key: value for key, value in notebook.metadata(text).items() if key in front_matter.KINDS}
        note(scan, front_matter.of_notebook(text, about, config.theme), about)
        try:
            made = notebook.markdown(page.file, scan.name, outputs.measurements(), SECONDS)
        except PageFailed as error:
            made = scan.fail(error)
        notebook.become_markdown(page.file, scan.finish(made), about)

    def begin(self, text: str, page: Page, config: MkDocsConfig, files: Files) -> str:
        """The page's text as its fences and calls need it; raises PageFailed."""
        self._recalled = self._lenient and self._memory.recall(page)
        if self._recalled:
            return text
        above = page.file.content_string.count("\n") - text.count("\n")
        self._page = PageScan(name(page.file, self._root), above + 1, self._lenient)
        self._links = Links(page.file, files, config)
        # What a block shows is rendered without what would look for blocks and calls in it.
        shown = [*self._extensions, MarkupExtension(), self._links]
        markdown_exec.markdown_config.save(cast("list[str]", shown), self._options)
        beside = Beside(page.file, files, config, self._page)
        extensions = [*self._extensions, page_markup(self._page, beside)]
        if page is self._notebook:
            config.markdown_extensions, config.mdx_configs = extensions, self._options
            return text
        terms = glossary.beside(Path(page.file.abs_src_path or page.file.src_uri))
        calls = PageCalls(self._page)
        config.markdown_extensions = [*extensions, calls, Glossary(terms), ProgramLinks(page.file)]
        config.mdx_configs = self._with_fence(Fence(self._page, self._links, self.listings))
        note(self._page, front_matter.problems(page.file.content_string, config.theme), page.meta)
        return self._page.prepare(text)

    def _with_fence(self, fence: Fence) -> dict[str, Any]:
        """The options of the Markdown extensions, with that fence among those of superfences."""
        superfences = self._options.get("pymdownx.superfences", {})
        fences = [*superfences.get("custom_fences", []), fence.custom_fence]
        return self._options | {"pymdownx.superfences": superfences | {"custom_fences": fences}}

    def end(self, html: str, page: Page) -> str:
        """The page's HTML; raises PageFailed if a block or a call was overlooked."""
        if not self._recalled:
            html = self._page.finish(html)
            self._know(page, html)
            if self._lenient and self._page.alone and not self._page.failed:
                self._memory.keep(page, html)
        return self._every_page.finish(offline.left_out(html) if self._lenient else html)

    def _know(self, page: Page, html: str) -> None:
        """Have MkDocs know of targets and links in what blocks show, as of those in a page's own text."""
        page.present_anchor_ids = (page.present_anchor_ids or set()) | set(TARGET.findall(html))
        page.links_to_anchors = page.links_to_anchors or {}
        for file, links in self._links.to_anchors.items() if self._links else ():
            page.links_to_anchors.setdefault(file, {}).update(links)

    def _complain(self, uri: str, what: str, link: str) -> str | None:
        """What is wrong with a link, by file and line; None where the page itself shows it."""
        file = self._files.get_file_from_path(uri)
        if file is None:
            return f"{uri}: {what}"
        told = f"{name(file, self._root)}:{line_of(link, file.content_string)}: {what}"
        if not self._lenient:
            return told
        if self.rendered:
            log.error("%s", told)
            self._late.append((file, told))
        else:
            self._page.note(PageFailed(told))
        return None

    def add_late(self, site: Path) -> None:
        """Show in the pages of that site what was found once they were rendered."""
        for file, told in self._late:
            preview.add_to(site / file.dest_uri, box(*told.split(": ", 1)))


def note(scan: PageScan, problems: Iterable[front_matter.Problem], about: MutableMapping[str, Any]) -> None:
    """Note what is wrong with what a page says of itself, and take those values out; raises PageFailed."""
    for problem in list(problems):
        scan.note(PageFailed(f"{scan.name}:{problem.line}: {problem.cause}"))
        about.pop(problem.key or "", None)
