"""`mkdocs serve` goes on whatever an author saves: what fails is told, and shown on every page there is.

MkDocs by itself leaves every request waiting until a build succeeds, says some errors once only, and others
with all the frames of a traceback.
"""

import logging
import re
import traceback
from collections.abc import Callable
from pathlib import Path

from mkdocs.exceptions import Abort, MkDocsException
from mkdocs.livereload import LiveReloadServer

from scripts.site.failures import box
from scripts.site.shims import rebuild_by

log = logging.getLogger(__name__)  # not one of MkDocs' own, which say nothing twice
HEAD = re.compile(r"<body[^>]*>(?:.*?<article[^>]*>)?|\A", re.DOTALL)
FAILED = re.compile(r"<div data-build-failed>.*?</div><!-- -->", re.DOTALL)
TITLE = "这一次没有构建成，下面还是上一次的页面"


def survive(server: LiveReloadServer) -> None:
    """Have that server go on with the site before where a build fails."""
    site = Path(server.root)

    def rebuild(build: Callable[[], None]) -> None:
        try:
            build()
        except (Exception, SystemExit) as error:
            told = cause(error)
            log.error("%s", told)
            show(told, site)

    rebuild_by(server, rebuild)


def cause(error: BaseException) -> str:
    """What to say of it: what MkDocs has to say, or where in which file what was raised."""
    while isinstance(error, Abort) and error.__context__ is not None:
        error = error.__context__
    if isinstance(error, MkDocsException):
        return str(error).strip()
    said = "".join(traceback.format_exception_only(error)).strip()
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {type(error).__name__}: {error.msg}"
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}: {said}" if frames else said


def show(told: str, site: Path) -> None:
    """Put that at the head of every page of the site, in the place of what was told before."""
    shown = f"<div data-build-failed>{box(TITLE, told)}</div><!-- -->"
    for page in site.rglob("*.html"):
        page.write_text(FAILED.sub("", page.read_text("utf-8")), "utf-8")
        add_to(page, shown)


def add_to(page: Path, shown: str) -> None:
    """Put that HTML at the head of what a built page says."""
    page.write_text(HEAD.sub(lambda head: head[0] + shown, page.read_text("utf-8"), count=1), "utf-8")
