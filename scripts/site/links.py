"""Links in what blocks print: MkDocs follows those in a page only, and takes this for raw HTML."""

import re

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

# Not public, but it alone knows all that MkDocs means by a link, and warns of those that lead nowhere.
from mkdocs.structure.pages import _RelativePathTreeprocessor

TO_A_FILE = re.compile(r'(?<=<a href=")[^":]+\.md(?:#[^"]*)?(?=")')


class Links(Extension):
    """Makes links to other pages' files, as in ``threads.md#races``, lead to the pages."""

    def __init__(self, file: File, files: Files, config: MkDocsConfig) -> None:
        super().__init__()
        self._arguments = file, files, config

    def extendMarkdown(self, md: Markdown) -> None:
        processor = _RelativePathTreeprocessor(*self._arguments)
        processor._register(md)
        md.postprocessors.register(LinksInHtml(processor), "links in HTML", 10)


class LinksInHtml(Postprocessor):
    """Does so in what was HTML from the start, and no Markdown: the vocabulary's tables and numbers."""

    def __init__(self, processor: _RelativePathTreeprocessor) -> None:
        super().__init__()
        self._processor = processor

    def run(self, text: str) -> str:
        return TO_A_FILE.sub(lambda link: self._processor.path_to_url(link[0]), text)
