"""What can be wrong with a page."""

from html import escape

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from pymdownx.superfences import SuperFencesException


class PageFailed(SuperFencesException, PluginError):
    """What is wrong with a page, as ``docs/zh/x.md:LINE: cause``.

    superfences swallows whatever a fence raises but its own exception; MkDocs ends with status 1 and
    without a traceback, strict or not, for its own only.  So this is both.
    """


def check_encoding(file: File, name: str) -> None:
    """Raise PageFailed for a page that is no UTF-8: MkDocs tells of that with a traceback, and no line."""
    try:
        file.content_bytes.decode()
    except UnicodeDecodeError as error:
        line = 1 + error.object.count(b"\n", 0, error.start)
        raise PageFailed(f"{name}:{line}: byte 0x{error.object[error.start]:02x} is no UTF-8") from error


def box(title: str, text: str) -> str:
    """HTML of a block that says what is wrong."""
    head = f'<p class="admonition-title">{escape(title)}</p>'
    return f'<div class="admonition error">{head}<pre><code>{escape(text)}</code></pre></div>'
