"""A build whose site may stand where others read it: it has measured all that it shows, over the link."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.config import load_config

from scripts.files import ROOT

PLACEHOLDER = ".example"
"""The end of a host name that nobody has (RFC 2606)."""
PENDING = 'class="pending"'


class Refused(Exception):
    """This site is not to be published; the message says why, and what to do."""


def publish() -> None:
    """Measure, and build `site/`; raises Refused."""
    if reason := hindrance():
        raise Refused(reason)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    if subprocess.run(command, cwd=ROOT, env=os.environ | {"LAB_LINK": "emulated"}).returncode:
        raise Refused("the build has failed, and the site is the one before")
    if odd := [*pending(ROOT / "site")]:
        raise Refused(f"a result is pending in {', '.join(odd)}: report that, a build measures everything")


def hindrance() -> str | None:
    """Why there is no sense in measuring; None if there is."""
    if records := os.environ.get("RECORDS"):
        return f"RECORDS={records} is set, and what is published measures by itself: unset it"
    address = load_config(str(ROOT / "mkdocs.yml")).site_url or ""
    if (urlsplit(address).hostname or PLACEHOLDER).endswith(PLACEHOLDER):
        return f"the site does not know where it will stand ({address or 'no site_url'}): set SITE_URL"
    return None


def pending(site: Path) -> Iterator[str]:
    """The pages of that site in which a result is missing."""
    for page in sorted(site.rglob("*.html")):
        if PENDING in page.read_text("utf-8"):
            yield page.relative_to(site).as_posix()
