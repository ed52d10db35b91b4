"""One build of the site: what the hook does at each of MkDocs' events."""

import shutil
from pathlib import Path

import jieba
import markdown_exec
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from scripts import measure
from scripts.lab import LabError
from scripts.page import fence, records
from scripts.page.links import Links
from scripts.page.markup import PageMarkup, check_tags
from scripts.page.navigation import name, navigation

MEASUREMENTS = "measurements.json"
SECONDS = 60.0
"""What a block may take, measurements not counted."""

jieba.setLogLevel("WARNING")  # or it reports on its dictionary, each time


class Site:
    """A build that begins now; where it is `lenient`, what fails in a page is shown there."""

    def __init__(self, config: MkDocsConfig, lenient: bool) -> None:
        self._root = Path(config.config_file_path).resolve().parent
        self._lenient = lenient
        self._fence = fence.Fence()
        try:
            records.begin(serving=lenient)
        except LabError as error:
            raise PluginError(str(error)) from error
        superfences = config.mdx_configs.setdefault("pymdownx.superfences", {})
        superfences.setdefault("custom_fences", []).append(self._fence.custom_fence)
        config.markdown_extensions.append(PageMarkup(self._fence))

    def order(self, files: Files, config: MkDocsConfig) -> None:
        """Put the pages in order, before MkDocs makes the navigation of them."""
        config.nav = navigation(files, self._root)

    def begin_page(self, text: str, page: Page, config: MkDocsConfig, files: Files) -> str:
        """The page's text as the fence needs it; raises PageFailed."""
        extensions = [*config.markdown_extensions, Links(page.file, files, config)]
        markdown_exec.markdown_config.save(extensions, config.mdx_configs)
        markdown_exec.MarkdownConverter.counter = 0  # the identifiers of one page do not hang on the others
        front_matter = page.file.content_string.count("\n") - text.count("\n")
        path = name(page.file, self._root)
        self._fence.page = fence.Page(path, front_matter + 1, self._lenient, SECONDS)
        return check_tags(self._fence.page, text) + self._fence.page.prepare(text)

    def end_page(self, html: str) -> str:
        """The page's HTML; raises PageFailed if a block was overlooked."""
        return self._fence.page.finish(html)

    def end(self, config: MkDocsConfig) -> None:
        """Publish the records of this build, and their schema."""
        folder = Path(config.site_dir)
        source = records.source()
        measure.dump(source.records, folder / MEASUREMENTS, source.outputs)
        shutil.copy(measure.SCHEMA, folder)
