"""One build of the site: what the hook does at each of MkDocs' events."""

import re
from collections.abc import Iterable, MutableMapping
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
from scripts.site import front_matter, glossary, memory, navigation, notebook
from scripts.site.beside import Beside
from scripts.site.calls import PageCalls
from scripts.site.failures import PageFailed
from scripts.site.fence import Fence
from scripts.site.glossary import Glossary
from scripts.site.links import Links
from scripts.site.memory import Memory
from scripts.site.navigation import name
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
        self._everywhere = self._above = ""
        self._notebook: Page | None = None
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
        except (LabError, measure.BadRecords) as error:
            raise PluginError(str(error)) from error
        bundle.begin()
        _memory.begin(state if self._lenient else None)

    def order(self, files: Files, config: MkDocsConfig) -> None:
        """Look at the places of the pages, before MkDocs makes the navigation; raises PageFailed."""
        notebook.add_pages(files, config)
        _memory.look_at(files)
        everywhere = PageScan("every page", lenient=self._lenient)
        told = navigation.problems(files, Path(config.config_file_path), self._root)
        self._everywhere = "".join(everywhere.fail(PageFailed(problem)) for problem in told)

    def read(self, page: Page, config: MkDocsConfig) -> None:
        """Make a notebook the Markdown that MkDocs is about to read; raises PageFailed."""
        if not notebook.is_notebook(page.file):
            return
        scan = PageScan(name(page.file, self._root), lenient=self._lenient)
        text, about = page.file.content_string, notebook.metadata(page.file.content_string)
        about = {key: value for key, value in about.items() if key in front_matter.KINDS}
        told = self._tell(scan, front_matter.of_notebook(text, about, config.theme), about)
        try:
            told += notebook.markdown(page.file, scan.name, self._measurements, SECONDS)
        except PageFailed as error:
            told += scan.fail(error)
        notebook.become_markdown(page.file, told, about)
        self._notebook = page

    @cached_property
    def _measurements(self) -> str:
        """All that this build measured, as it is published: to be asked for once every page has asked."""
        return to_json(current.source().results)

    def begin_page(self, text: str, page: Page, config: MkDocsConfig, files: Files) -> str:
        """The page's text as the fence needs it; raises PageFailed."""
        self._recalled = self._lenient and _memory.recall(page)
        if self._recalled:
            return text
        above = page.file.content_string.count("\n") - text.count("\n")
        self._page, self._above = PageScan(name(page.file, self._root), above + 1, self._lenient), ""
        # What a block shows is rendered without what would look for blocks and calls in it.
        shown = [*self._extensions, MarkupExtension(), Links(page.file, files, config)]
        markdown_exec.markdown_config.save(shown, self._options)
        markdown_exec.MarkdownConverter.counter = 0  # the identifiers of one page do not hang on the others
        beside = Beside(page.file, files, config, self._page)
        extensions = [*self._extensions, page_markup(self._page, beside)]
        if page is self._notebook:
            config.markdown_extensions, config.mdx_configs = extensions, self._options
            return text
        terms = glossary.beside(Path(page.file.abs_src_path or page.file.src_uri))
        config.markdown_extensions = [*extensions, PageCalls(self._page), Glossary(terms)]
        config.mdx_configs = self._with_fence(Fence(self._page))
        problems = front_matter.problems(page.file.content_string, config.theme)
        self._above = self._tell(self._page, problems, page.meta)
        return self._page.prepare(text)

    def _tell(
        self, scan: PageScan, problems: Iterable[front_matter.Problem], about: MutableMapping[str, Any]
    ) -> str:
        """HTML of what is wrong, whose values are taken out, if the page is lenient; raises PageFailed."""
        told = ""
        for problem in list(problems):
            told += f"{scan.fail(PageFailed(f'{scan.name}:{problem.line}: {problem.cause}'))}\n"
            about.pop(problem.key or "", None)
        return told

    def _with_fence(self, fence: Fence) -> dict[str, Any]:
        """The options of the Markdown extensions, with that fence among those of superfences."""
        superfences = self._options.get("pymdownx.superfences", {})
        fences = [*superfences.get("custom_fences", []), fence.custom_fence]
        return self._options | {"pymdownx.superfences": superfences | {"custom_fences": fences}}

    def end_page(self, html: str, page: Page) -> str:
        """The page's HTML; raises PageFailed if a block or a call was overlooked."""
        if self._recalled:
            return self._everywhere + html
        html = self._above + self._page.finish(html)
        # MkDocs knows the targets in a page's own text, but not those in what its blocks show.
        page.present_anchor_ids = (page.present_anchor_ids or set()) | set(TARGET.findall(html))
        if self._lenient and self._page.alone and not self._page.failed:
            _memory.keep(page, html)
        return self._everywhere + html

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
