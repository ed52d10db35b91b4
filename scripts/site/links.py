"""Links: those in what blocks show lead to pages, too, and what MkDocs says of a link names file and line."""

import logging
import re
from collections.abc import Callable

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

# Not public, but it alone knows all that MkDocs means by a link, and warns of those that lead nowhere.
from mkdocs.structure.pages import _RelativePathTreeprocessor

TO_A_FILE = re.compile(r'(?<=<a href=")[^":]+\.md(?:#[^"]*)?(?=")')
SAID = re.compile(r"Doc file '(?P<uri>[^']+)' (?P<what>contains an?[^']* '(?P<link>[^']*)'.*)", re.DOTALL)
log = logging.getLogger(_RelativePathTreeprocessor.__module__)


class Links(Extension):
    """Makes links to other pages' files, as in ``threads.md#races``, lead to the pages.

    MkDocs follows those in a page, but takes what a block shows for raw HTML.
    """

    def __init__(self, file: File, files: Files, config: MkDocsConfig) -> None:
        super().__init__()
        self._processor = _RelativePathTreeprocessor(file, files, config)

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors."""
        self._processor._register(md)
        md.postprocessors.register(LinksInHtml(self), "links in HTML", 10)

    def in_html(self, html: str) -> str:
        """What was HTML from the start, such as the vocabulary's tables, with links that lead to pages."""
        return TO_A_FILE.sub(lambda link: self._processor.path_to_url(link[0]), html)

    @property
    def to_anchors(self) -> dict[File, dict[str, str]]:
        """Links to anchors: by file and anchor, as they are written."""
        return self._processor.links_to_anchors


class LinksInHtml(Postprocessor):
    """Sees to the HTML within Markdown."""

    def __init__(self, links: Links) -> None:
        super().__init__()
        self._links = links

    def run(self, text: str) -> str:
        """The HTML with links that lead to pages."""
        return self._links.in_html(text)


class Complaints(logging.Filter):
    """Hands on what MkDocs says of a link: `tell` gets the page's uri, what is wrong, and the link.

    It returns what to say instead; or None, if it has been said.
    """

    def __init__(self, tell: Callable[[str, str, str], str | None]) -> None:
        super().__init__()
        self._tell = tell

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the message is still to be said; it is another one then."""
        said = SAID.match(record.getMessage())
        if record.levelno < logging.WARNING or not said:
            return True
        told = self._tell(said["uri"], said["what"], said["link"])
        if told is not None:
            record.msg, record.args = told, ()
        return told is not None

    def listen(self) -> None:
        """Hear of links from now on, in the place of whoever did before."""
        for other in [each for each in log.filters if type(each).__name__ == type(self).__name__]:
            log.removeFilter(other)
        log.addFilter(self)


def line_of(link: str, text: str) -> int:
    """The line on which that link is written, else the first one."""
    for pattern in (r"(?<=\]\(){}|(?<=\]\(<){}|(?<=\]: ){}", "{}"):
        if found := re.search(pattern.replace("{}", re.escape(link)), text):
            return 1 + text.count("\n", 0, found.start())
    return 1
