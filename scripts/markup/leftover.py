"""The last look at a page: a tag that is still a tag was understood by nobody."""

from markdown.postprocessors import Postprocessor

from scripts.markup.tags import COMMENT, TAG, MarkupError


class LeftoverProcessor(Postprocessor):
    """Lets no raw tag pass; in code it is escaped by now."""

    def run(self, text: str) -> str:
        """Return the page's HTML as it is; raises MarkupError."""
        if left := TAG.search(COMMENT.sub("", text)):
            raise MarkupError(
                f"{left[0]}: nothing was made of this tag;"
                " an Alert begins a line, a Badge or Font stays within one paragraph"
            )
        return text
