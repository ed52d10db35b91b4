"""One build of the site: what the hook does at each of MkDocs' events."""

import logging
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from scripts import measure
from scripts.files import ROOT
from scripts.lab import LabError
from scripts.page import colours, current, footnote
from scripts.site import card, changes, memory, navigation, offline, outputs, policy, programs, shims
from scripts.site.memory import Memory
from scripts.site.pages import Pages
from scripts.site.place import Place
from scripts.site.search.index import publish, read_aside
from scripts.site.search.terms import with_terms


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
        self._lenient = lenient
        self._card: bytes | None = None
        self._memory = before._memory if before and same_code else Memory()
        self.pages = Pages(config, self._memory, lenient=lenient)
        if config.strict:
            heed_warnings()
        shims.list_visible(config.theme)
        shims.cut_quickly()
        self._begin(config, since)
        self.place = Place(config, before.place if before else None, serving=serving)

    def _begin(self, config: MkDocsConfig, since: float) -> None:
        """Choose where the numbers come from: from where they came before, while nothing has changed."""
        state = memory.state(config)
        if self._lenient and self._memory.is_still(state):
            return
        try:
            current.begin(serving=self._lenient, since=since)
        except (LabError, measure.BadRecords) as error:
            raise PluginError(str(error)) from error
        self._memory.begin(state if self._lenient else None)

    def speed_up(self, env: Environment, config: MkDocsConfig) -> None:
        """Spare this build what has been done for the one before, and have it do two things at a time."""
        memory.keep_templates(env)
        if not (search := config.plugins.get("material/search")):
            return
        index = shims.SearchIndex(search.search_index)
        pages = self.pages.all()
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
        self.pages.rendered = True
        if measured := footnote.measurements():
            for page in self.pages.all():  # so that the site map does not hang on the day of the build
                page.update_date = f"{measured[-1].measured_at:%Y-%m-%d}"
        config.copyright = "<br>".join(filter(None, [footnote.badge(), config.copyright]))

    def publish(self, config: MkDocsConfig) -> None:
        """Add to the pages what the site holds besides, and have it take its place; raises PluginError."""
        folder = Path(config.site_dir)
        self.pages.add_late(folder)
        outputs.publish(folder, self._card)
        if "material/search" in config.plugins:
            publish(folder)
        if not self._lenient:  # a preview asks only for some listings, and is no server of others'
            self.pages.listings.keep()
            colours.memo().keep()
            policy.publish(folder)
            offline.publish(folder)
        try:
            current.remember()
        except (measure.BadRecords, OSError) as error:
            raise PluginError(f"the history cannot be continued: {error}") from error
        self.place.complete()


def heed_warnings() -> None:
    """Have MkDocs tell of warnings under --quiet, too: those that nobody tells of --strict does not count."""
    mkdocs = logging.getLogger("mkdocs")
    mkdocs.setLevel(min(mkdocs.level, logging.WARNING))
