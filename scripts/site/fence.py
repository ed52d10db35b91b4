"""The fence behind ```` ```python exec="on" ````: a block of calls, which markdown-exec runs and renders."""

from typing import Any

import markdown_exec
from markdown import Markdown

from scripts.files import Memo
from scripts.page.html import Html
from scripts.page.programs import Listing
from scripts.site import calls
from scripts.site.failures import PageFailed
from scripts.site.links import Links
from scripts.site.scan import LANGUAGE, LINE, PageScan


class Fence:
    """What superfences calls while it reads that page."""

    def __init__(self, page: PageScan, links: Links, listings: Memo) -> None:
        self._page = page
        self._links = links
        self._listings = listings

    def validate(
        self,
        language: str,
        inputs: dict[str, str],
        options: dict[str, Any],
        attrs: dict[str, Any],
        md: Markdown,
    ) -> bool:
        """Whether that fence is a block of the page itself, which was told its line."""
        options[LINE] = int(inputs.get(LINE, 0))
        return options[LINE] in self._page.waiting

    def format(
        self, source: str, language: str, css_class: str, options: dict[str, Any], md: Markdown, **rest: Any
    ) -> str:
        """The block's HTML; raises PageFailed, or shows it where the page is lenient."""
        line = options[LINE]
        try:
            with calls.failing(self._page, line):
                return self._format(source, md, line)
        except PageFailed as error:
            return self._page.fail(error)

    def _format(self, source: str, md: Markdown, line: int) -> str:
        def run(code: str, **options: Any) -> str:
            self._page.waiting.discard(line)
            return "\n".join(self._html(shown, md, line) for shown in calls.block(code, self._page, line))

        html = markdown_exec.base_format(language=LANGUAGE, run=run, code=source, md=md, html=True)
        return str(html).replace("{{", "&#123;&#123;")  # or it would look like a call that nobody made

    def _html(self, shown: str, md: Markdown, line: int) -> str:
        """What a call of the block on that line shows, as HTML."""

        def convert(markdown: str) -> str:
            converter = markdown_exec.MarkdownConverter(md, update_toc=False)
            return converter.convert(markdown, id_prefix=f"block-{line}-")  # as unique as those of the page

        match shown:
            case Html():
                return self._links.in_html(shown)
            case Listing():
                return self._listings.made(shown, convert)
            case _:
                return convert(shown)

    @property
    def custom_fence(self) -> dict[str, Any]:
        """As superfences wants it in `custom_fences`."""
        return {"name": LANGUAGE, "class": LANGUAGE, "validator": self.validate, "format": self.format}
