"""The project's Markdown extension, with the page's name before what it complains about."""

import re

from markdown import Markdown
from markdown.postprocessors import Postprocessor

from scripts.markup import MarkupError, MarkupExtension, check
from scripts.site.failures import PageFailed
from scripts.site.scan import PageScan


def check_tags(page: PageScan, text: str) -> str:
    """HTML of what is wrong with the page's tags, if it is lenient; raises PageFailed if not."""
    try:
        check(text)
    except MarkupError as error:
        return page.fail(PageFailed(f"{page.name}:{page.first - 1 + (error.line or 1)}: {error}")) + "\n\n"
    return ""


class PageMarkup(MarkupExtension):
    """The extension, for that page."""

    def __init__(self, page: PageScan) -> None:
        super().__init__()
        self._page = page

    def extendMarkdown(self, md: Markdown) -> None:
        super().extendMarkdown(md)
        leftover = Named(md.postprocessors["leftover"], self._page)
        md.postprocessors.register(leftover, "leftover", 0)


class Named(Postprocessor):
    """Names page and line of a tag that is left over."""

    def __init__(self, leftover: Postprocessor, page: PageScan) -> None:
        super().__init__()
        self._leftover = leftover
        self._page = page

    def run(self, text: str) -> str:
        try:
            return self._leftover.run(text)
        except MarkupError as error:
            page = self._page
            return page.fail(PageFailed(f"{page.name}:{page.line_of(tag_in(error))}: {error}")) + text


def tag_in(error: MarkupError) -> str:
    """The tag that a message is about, with which it begins."""
    found = re.match(r"<[^>]*>", str(error))
    return found[0] if found else ""
