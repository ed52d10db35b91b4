"""One build of the site: what the hook does at each of MkDocs' events."""

import logging
import re
import tempfile
from collections.abc import Iterable, MutableMapping
from pathlib import Path
from typing import Any, cast

import markdown_exec
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from scripts import licences, measure
from scripts.files import ROOT, write_atomically
from scripts.lab import LabError
from scripts.markup import MarkupExtension
from scripts.measure.record import to_json
from scripts.page import colours, current, footnote
from scripts.site import (
    assets,
    card,
    changes,
    front_matter,
    glossary,
    listings,
    memory,
    navigation,
    notebook,
    offline,
    policy,
    preview,
    programs,
    shims,
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
from scripts.site.search.index import publish, read_aside
from scripts.site.search.terms import with_terms
from scripts.site.swap import Replacement, sweep_previews
from scripts.site.tags import page_markup

SAMPLES = "measurements.csv"
SCHEMA = "measurements.schema.json"
LICENCES = "licences.txt"
SECONDS = 60.0
"""What a cell of a notebook may take."""
REFUSE = "A build with LAB_LINK=emulated refuses to go on like that."
UNEXECUTED = "pymdownx.snippets"
"""The extension that fails in mkdocs.yml, so that a tool which calls no hook publishes nothing unexecuted."""
TARGET = re.compile(r'<[^<>]* id="([^"]+)"')

log = logging.getLogger(__name__)  # not one of MkDocs' own, since those count: --strict would end a preview


class Build:
    """A build of the site, which begins now; where it is `lenient`, what fails in a page is shown there.

    What the one `before` it has rendered is taken while nothing has changed, if it ran the `same_code`.
    `since` is when MkDocs was started (as `time.time` tells it); a `serving` build puts its site in its
    place by itself, as soon as it is whole.  Raises PluginError.
    """

    def __init__(
        self,
        config: MkDocsConfig,
        since: float,
        *,
        lenient: bool,
        serving: bool,
        before: "Build | None",
        same_code: bool,
    ) -> None:
        self._config = config
        self._root = Path(config.config_file_path).resolve().parent
        self._extensions = [name for name in config.markdown_extensions if name != UNEXECUTED]
        self._options = config.mdx_configs
        self._listings = listings.memo(self._extensions, self._options)
        self._lenient = lenient
        self._serving = serving
        self._files = Files([])
        self._every_page = PageScan("every page", lenient=lenient)
        self._page, self._links = PageScan("a page"), None
        self._recalled = False
        self._notebook: Page | None = None
        self._late: list[tuple[File, str]] = []
        """What is found to be wrong with a page once it is rendered."""
        self._rendered = self._complete = False
        self._card: bytes | None = None
        self._memory = before._memory if before and same_code else Memory()
        self._shown = before._shown if before else None
        """What has the place of the site since an earlier build."""
        Complaints(self._complain).listen()
        if config.strict:
            heed_warnings()
        shims.list_visible(config.theme)
        shims.cut_quickly()
        self._begin(since)
        self._replacement = self._beside(config)

    def _begin(self, since: float) -> None:
        """Choose where the numbers come from: from where they came before, while nothing has changed."""
        state = memory.state(self._config)
        if self._lenient and self._memory.is_still(state):
            return
        try:
            current.begin(serving=self._lenient, since=since)
        except (LabError, measure.BadRecords) as error:
            raise PluginError(str(error)) from error
        self._memory.begin(state if self._lenient else None)

    def _beside(self, config: MkDocsConfig) -> Replacement:
        """Have MkDocs build beside the site."""
        if self._serving and not self._shown:
            sweep_previews(Path(tempfile.gettempdir()), SCHEMA)
        try:
            replacement = Replacement(Path(config.site_dir))
        except OSError as error:
            raise PluginError(f"there is no place for a new site: {error}") from error
        config.site_dir = str(replacement.new)
        return replacement

    def look_at(self, files: Files, config: MkDocsConfig) -> None:
        """Look at the places of the pages, before MkDocs makes the navigation; raises PageFailed."""
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
            made = notebook.markdown(page.file, scan.name, self._measurements, SECONDS)
        except PageFailed as error:
            made = scan.fail(error)
        notebook.become_markdown(page.file, scan.finish(made), about)

    @property
    def _measurements(self) -> str:
        """All that this build has measured so far, as it is published."""
        return to_json(current.source().results)

    def begin_page(self, text: str, page: Page, config: MkDocsConfig, files: Files) -> str:
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
        config.markdown_extensions = [
            *extensions,
            PageCalls(self._page),
            Glossary(terms),
            ProgramLinks(page.file),
        ]
        config.mdx_configs = self._with_fence(Fence(self._page, self._links, self._listings))
        note(self._page, front_matter.problems(page.file.content_string, config.theme), page.meta)
        return self._page.prepare(text)

    def _with_fence(self, fence: Fence) -> dict[str, Any]:
        """The options of the Markdown extensions, with that fence among those of superfences."""
        superfences = self._options.get("pymdownx.superfences", {})
        fences = [*superfences.get("custom_fences", []), fence.custom_fence]
        return self._options | {"pymdownx.superfences": superfences | {"custom_fences": fences}}

    def end_page(self, html: str, page: Page) -> str:
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
        if self._rendered:
            log.error("%s", told)
            self._late.append((file, told))
        else:
            self._page.note(PageFailed(told))
        return None

    def speed_up(self, env: Environment, config: MkDocsConfig, files: Files) -> None:
        """Spare this build what has been done for the one before, and have it do two things at a time."""
        memory.keep_templates(env)
        if not (search := config.plugins.get("material/search")):
            return
        index = shims.SearchIndex(search.search_index)
        pages = [file.page for file in files.documentation_pages() if file.page]
        read = self._memory.speed_up(index) if self._lenient else read_aside(index, pages)
        index.fill_at_last(lambda: with_terms(read(), pages))

    def introduce(self, env: Environment) -> None:
        """Have the templates know how long a page takes, what others are shown of it, and what is new."""
        self._card = None if self._lenient else card.picture(current.source().results.records)
        last = footnote.measurements()[-1:]
        changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
        env.globals.update(
            minutes=navigation.minutes,
            card=card.PATH if self._card else None,
            card_says=card.SAYS,
            releases=[*changes.releases(changelog, last[0].measured_at.date() if last else None)],
        )

    def show_programs(self, env: Environment, config: MkDocsConfig) -> None:
        """Have a page for each program in the new site, which MkDocs has emptied by now."""
        programs.publish(Path(config.site_dir), env, config)

    def sign(self, config: MkDocsConfig) -> None:
        """Say at the foot of every page when and where the site was measured, now that everything was."""
        self._rendered = True
        if measured := footnote.measurements():
            for file in self._files.documentation_pages():
                if file.page:  # so that the site map does not hang on the day on which records are rendered
                    file.page.update_date = f"{measured[-1].measured_at:%Y-%m-%d}"
        config.copyright = "<br>".join(filter(None, [footnote.badge(), config.copyright]))

    def publish(self, config: MkDocsConfig) -> None:
        """Add the records of this build, for programs and spreadsheets, their schema, and the runner."""
        folder = Path(config.site_dir)
        for file, told in self._late:
            preview.add_to(folder / file.dest_uri, box(*told.split(": ", 1)))
        write_atomically(folder / notebook.MEASUREMENTS, self._measurements)
        measure.dump_samples(current.source().results, folder / SAMPLES)
        write_atomically(folder / SCHEMA, measure.schema())
        write_atomically(folder / LICENCES, licences.shipped())
        if self._card:
            write_atomically(folder / card.PATH, self._card)
        current.runner().publish(folder)
        if "material/search" in config.plugins:
            publish(folder)
        if not self._lenient:  # a preview asks only for some listings, and is no server of others'
            self._listings.keep()
            colours.memo().keep()
            policy.publish(folder)
            offline.publish(folder)
        try:
            current.remember()
        except (measure.BadRecords, OSError) as error:
            raise PluginError(f"the history cannot be continued: {error}") from error
        self._complete = True
        if self._serving:
            self._put()

    def fail(self) -> None:
        """Remove what there is of the new site, unless it has its place."""
        if self._shown is not self._replacement:
            self._replacement.drop()
        self._complete = False

    def end(self) -> None:
        """Put the site in its place if it is whole, and else remove it; raises PluginError."""
        self._config.site_dir = str(self._replacement.site)  # where gh-deploy looks for it
        if self._complete and not self._serving:
            self._put()
            if why := current.fell_back():
                log.warning("The numbers of this site are not of the lab's link: %s.  %s", why, REFUSE)
        elif self._shown is not self._replacement:
            self.fail()

    def _put(self) -> None:
        try:
            self._replacement.put()
        except OSError as error:
            raise PluginError(
                f"the new site cannot take the place of {self._replacement.site}: {error}"
            ) from error
        if self._shown:
            self._shown.release()
        self._shown = self._replacement


def heed_warnings() -> None:
    """Have MkDocs tell of warnings under --quiet, too: those that nobody tells of --strict does not count."""
    mkdocs = logging.getLogger("mkdocs")
    mkdocs.setLevel(min(mkdocs.level, logging.WARNING))


def note(scan: PageScan, problems: Iterable[front_matter.Problem], about: MutableMapping[str, Any]) -> None:
    """Note what is wrong with what a page says of itself, and take those values out; raises PageFailed."""
    for problem in list(problems):
        scan.note(PageFailed(f"{scan.name}:{problem.line}: {problem.cause}"))
        about.pop(problem.key or "", None)
