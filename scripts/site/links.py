"""Links in what blocks print: MkDocs follows those in a page only, and takes this for raw HTML."""

from markdown import Extension, Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

# Not public, but it alone knows all that MkDocs means by a link, and warns of those that lead nowhere.
from mkdocs.structure.pages import _RelativePathTreeprocessor


class Links(Extension):
    """Makes links to other pages' files, as in ``threads.md#races``, lead to the pages."""

    def __init__(self, file: File, files: Files, config: MkDocsConfig) -> None:
        super().__init__()
        self._arguments = file, files, config

    def extendMarkdown(self, md: Markdown) -> None:
        _RelativePathTreeprocessor(*self._arguments)._register(md)
