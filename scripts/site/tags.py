"""The project's Markdown extension, with page and line before what it complains about."""

from scripts.markup import MarkupError, MarkupExtension
from scripts.site.failures import PageFailed
from scripts.site.scan import PageScan


def page_markup(page: PageScan) -> MarkupExtension:
    """The extension for that page: it raises PageFailed, or shows it where the page is lenient."""

    def tell(error: MarkupError) -> str:
        return page.fail(PageFailed(f"{page.name}:{page.first - 1 + error.line}: {error}"))

    return MarkupExtension(tell)
