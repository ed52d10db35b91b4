"""A site is built beside the one there is, and takes its place once it is whole."""

import shutil
from pathlib import Path


class Places:
    """`site` is where the site shall be, `new` where it is built: both on one file system, so that a
    rename puts it there."""

    def __init__(self, site: Path) -> None:
        self.site = site.resolve()
        self._aside = self.site.with_name(f".{self.site.name}")
        self.new = self._aside / "new"
        self._old = self._aside / "old"

    def prepare(self) -> None:
        """Remove what a build left that was killed."""
        self._bring_back()
        shutil.rmtree(self._aside, ignore_errors=True)

    def swap(self) -> None:
        """Put the new site in the place of the earlier one; raises OSError, and leaves the earlier one."""
        try:
            if self.site.exists():
                self.site.rename(self._old)
            self.new.rename(self.site)
        finally:
            self.prepare()

    def _bring_back(self) -> None:
        if self._old.exists() and not self.site.exists():
            self._old.rename(self.site)
