"""A text as the site renders it."""

from html.parser import HTMLParser

import markdown

from scripts.markup import MarkupExtension

EXTENSIONS = [
    "admonition", "attr_list", "md_in_html", "tables", "toc",
    "pymdownx.details", "pymdownx.highlight", "pymdownx.superfences", "pymdownx.tabbed",
]  # fmt: skip
SETTINGS = {"pymdownx.highlight": {"stripnl": False}, "pymdownx.tabbed": {"alternate_style": True}}


def renderer(*extensions):
    """A Markdown, to be reset before each text but the first."""
    extensions = [*EXTENSIONS, *(extensions or [MarkupExtension()])]
    return markdown.Markdown(extensions=extensions, extension_configs=SETTINGS)


def render(text, *extensions):
    return renderer(*extensions).convert(text)


class Codes(HTMLParser):
    """The texts of the code in a piece of HTML, in order: blocks as they are, spans by themselves."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.inside = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag == "code":
            self.inside = True
            self.found.append("")

    def handle_endtag(self, tag):
        if tag == "code":
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.found[-1] += data


def codes(html):
    return Codes(html).found
