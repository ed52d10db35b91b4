"""What can be wrong with a page."""

from html import escape

from mkdocs.exceptions import PluginError
from pymdownx.superfences import SuperFencesException


class PageFailed(SuperFencesException, PluginError):
    """What is wrong with a page, as ``docs/zh/x.md:LINE: cause``.

    superfences swallows whatever a fence raises but its own exception; MkDocs ends with status 1 and
    without a traceback, strict or not, for its own only.  So this is both.
    """


def box(title: str, text: str) -> str:
    """HTML of a block that says what is wrong."""
    head = f'<p class="admonition-title">{escape(title)}</p>'
    return f'<div class="admonition error">{head}<pre><code>{escape(text)}</code></pre></div>'
