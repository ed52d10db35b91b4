"""The place of a site, and the folder beside it in which MkDocs builds the next one; see `swap`."""

import logging
import tempfile
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from scripts.page import current
from scripts.site.outputs import SCHEMA
from scripts.site.swap import Replacement, sweep_previews

REFUSE = "A build with LAB_LINK=emulated refuses to go on like that."

log = logging.getLogger(__name__)  # not one of MkDocs' own, since those count


class Place:
    """The place of the site that is about to be built; a `serving` build takes it as soon as it is whole.

    What `before` has put there stands until then.  Raises PluginError where nothing can be built.
    """

    def __init__(self, config: MkDocsConfig, before: "Place | None", *, serving: bool) -> None:
        self._config = config
        self._serving = serving
        self._whole = False
        self._shown = before._shown if before else None
        """What stands there since an earlier build."""
        if serving and not self._shown:
            sweep_previews(Path(tempfile.gettempdir()), SCHEMA)
        try:
            self._replacement = Replacement(Path(config.site_dir))
        except OSError as error:
            raise PluginError(f"there is no place for a new site: {error}") from error
        config.site_dir = str(self._replacement.new)

    def complete(self) -> None:
        """Note that the new site is whole; raises PluginError."""
        self._whole = True
        if self._serving:
            self._put()

    def fail(self) -> None:
        """Remove what there is of the new site, unless it has its place."""
        if self._shown is not self._replacement:
            self._replacement.drop()
        self._whole = False

    def end(self) -> None:
        """Put the site in its place if it is whole, and else remove it; raises PluginError."""
        self._config.site_dir = str(self._replacement.site)  # where gh-deploy looks for it
        if self._whole and not self._serving:
            self._put()
            if why := current.fell_back():
                log.warning("The numbers of this site are not of the lab's link: %s.  %s", why, REFUSE)
        elif self._shown is not self._replacement:
            self.fail()

    def _put(self) -> None:
        try:
            self._replacement.put()
        except OSError as error:
            site = self._replacement.site
            raise PluginError(f"the new site cannot take the place of {site}: {error}") from error
        if self._shown:
            self._shown.release()
        self._shown = self._replacement
