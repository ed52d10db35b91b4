"""The project's Markdown extension, with page and line before what it complains about."""

from scripts.markup import Around, MarkupError, MarkupExtension
from scripts.site.failures import PageFailed
from scripts.site.scan import PageScan


def page_markup(page: PageScan, around: Around) -> MarkupExtension:
    """The extension for that page: it raises PageFailed, or shows it where the page is lenient."""

    def tell(error: MarkupError) -> str:
        place = f"{error.file}:{error.line}" if error.file else f"{page.name}:{page.first - 1 + error.line}"
        return page.fail(PageFailed(f"{place}: {error}"))

    return MarkupExtension(tell, around)
