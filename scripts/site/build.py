"""One build of the site: what the hook does at each of MkDocs' events."""

import re
from functools import cached_property
from pathlib import Path
from typing import Any

import markdown_exec
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from scripts import measure
from scripts.files import write_atomically
from scripts.lab import LabError
from scripts.markup import MarkupExtension
from scripts.measure.record import to_json
from scripts.page import current, footnote
from scripts.page.runner import bundle
from scripts.site import memory, notebook
from scripts.site.calls import PageCalls
from scripts.site.failures import PageFailed
from scripts.site.fence import Fence
from scripts.site.links import Links
from scripts.site.memory import Memory
from scripts.site.navigation import name, navigation
from scripts.site.scan import PageScan
from scripts.site.search.index import read_aside
from scripts.site.shims import list_visible
from scripts.site.tags import page_markup

SAMPLES = "measurements.csv"
SCHEMA = "measurements.schema.json"
SECONDS = 60.0
"""What a cell of a notebook may take."""
TARGET = re.compile(r'<[^<>]* id="([^"]+)"')

_memory = Memory()  # of one build to the next, under `mkdocs serve`


class Site:
    """A build that begins now; where it is `lenient`, what fails in a page is shown there."""

    def __init__(self, config: MkDocsConfig, lenient: bool) -> None:
        self._root = Path(config.config_file_path).resolve().parent
        self._lenient = lenient
        self._page = PageScan("a page")
        self._recalled = False
        self._extensions, self._options = config.markdown_extensions, config.mdx_configs
        self._begin(config)
        list_visible(config.theme)

    def _begin(self, config: MkDocsConfig) -> None:
        """Choose where the numbers come from: from where they came before, while nothing has changed."""
        state = memory.state(config)
        if self._lenient and _memory.is_still(state):
            return
        try:
            current.begin(serving=self._lenient)
        except LabError as error:
            raise PluginError(str(error)) from error
        bundle.begin()
        _memory.begin(state if self._lenient else None)

    def order(self, files: Files, config: MkDocsConfig) -> None:
        """Put the pages in order, before MkDocs makes the navigation of them."""
        notebook.add_pages(files, config)
        _memory.look_at(files)
        config.nav = navigation(files, self._root)

    def read(self, page: Page) -> None:
        """Make a notebook the Markdown that MkDocs is about to read; raises PageFailed."""
        if not notebook.is_notebook(page.file):
            return
        told = PageScan(name(page.file, self._root), lenient=self._lenient)
        try:
            text = notebook.markdown(page.file, told.name, self._measurements, SECONDS)
        except PageFailed as error:
            text = told.fail(error)
        notebook.become_markdown(page.file, text)

    @cached_property
    def _measurements(self) -> str:
        """All that this build measured, as it is published: to be asked for once every page has asked."""
        return to_json(current.source().results)

    def begin_page(self, text: str, page: Page, config: MkDocsConfig, files: Files) -> str:
        """The page's text as the fence needs it; raises PageFailed."""
        self._recalled = self._lenient and _memory.recall(page)
        if self._recalled:
            return text
        front_matter = page.file.content_string.count("\n") - text.count("\n")
        self._page = PageScan(name(page.file, self._root), front_matter + 1, self._lenient)
        # What a block shows is rendered without what would look for blocks and calls in it.
        shown = [*self._extensions, MarkupExtension(), Links(page.file, files, config)]
        markdown_exec.markdown_config.save(shown, self._options)
        markdown_exec.MarkdownConverter.counter = 0  # the identifiers of one page do not hang on the others
        extensions = [*self._extensions, page_markup(self._page)]
        if notebook.is_notebook(page.file):
            config.markdown_extensions, config.mdx_configs = extensions, self._options
            return text
        config.markdown_extensions = [*extensions, PageCalls(self._page)]
        config.mdx_configs = self._with_fence(Fence(self._page))
        return self._page.prepare(text)

    def _with_fence(self, fence: Fence) -> dict[str, Any]:
        """The options of the Markdown extensions, with that fence among those of superfences."""
        superfences = self._options.get("pymdownx.superfences", {})
        fences = [*superfences.get("custom_fences", []), fence.custom_fence]
        return self._options | {"pymdownx.superfences": superfences | {"custom_fences": fences}}

    def end_page(self, html: str, page: Page) -> str:
        """The page's HTML; raises PageFailed if a block or a call was overlooked."""
        if self._recalled:
            return html
        html = self._page.finish(html)
        # MkDocs knows the targets in a page's own text, but not those in what its blocks show.
        page.present_anchor_ids = (page.present_anchor_ids or set()) | set(TARGET.findall(html))
        if self._lenient and not self._page.failed:
            _memory.keep(page, html)
        return html

    def speed_up(self, env: Environment, config: MkDocsConfig, files: Files) -> None:
        """Spare this build what has been done for the one before, and have it do two things at a time."""
        memory.keep_templates(env)
        search = config.plugins.get("material/search")
        if search and self._lenient:
            _memory.speed_up(search.search_index)
        elif search:
            read_aside(search.search_index, [file.page for file in files.documentation_pages() if file.page])

    def sign(self, config: MkDocsConfig) -> None:
        """Say at the foot of every page when and where the site was measured, now that everything was."""
        config.copyright = "<br>".join(filter(None, [footnote.badge(), config.copyright]))

    def end(self, config: MkDocsConfig) -> None:
        """Publish the records of this build, for programs and spreadsheets, their schema, and the runner."""
        folder = Path(config.site_dir)
        write_atomically(folder / notebook.MEASUREMENTS, self._measurements)
        measure.dump_samples(current.source().results, folder / SAMPLES)
        write_atomically(folder / SCHEMA, measure.schema())
        bundle.current.publish(folder)
        try:
            current.remember()
        except (measure.BadRecords, OSError) as error:
            raise PluginError(f"the history cannot be continued: {error}") from error
