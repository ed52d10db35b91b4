"""The order of the pages: by `order` in their front matter, or in a notebook's metadata, then by name."""

from math import isnan
from pathlib import Path

from mkdocs.structure.files import File, Files
from mkdocs.utils import meta

from scripts.site import notebook
from scripts.site.failures import PageFailed


def navigation(files: Files, root: Path) -> list[str]:
    """The pages' paths as MkDocs wants them in `nav`; raises PageFailed for an order that is no number."""
    return [file.src_uri for file in sorted(files.documentation_pages(), key=lambda file: place(file, root))]


def place(file: File, root: Path) -> tuple[float, str]:
    """By what that page is sorted."""
    text = file.content_string
    data = notebook.metadata(text) if notebook.is_notebook(file) else meta.get_data(text)[1]
    if text.startswith("---\n") and not data:
        raise PageFailed(f"{name(file, root)}:1: the front matter is not YAML between two lines of ---")
    order = data.get("order", float("inf"))
    if isinstance(order, bool) or not isinstance(order, int | float) or isnan(order):
        lines = enumerate(text.splitlines(), 1)
        line = next((at for at, line in lines if line.lstrip(' "').startswith("order")), 1)
        raise PageFailed(f"{name(file, root)}:{line}: order is {order!r}, but places are numbers: order: 3")
    return order, file.src_uri


def name(file: File, root: Path) -> str:
    """The page's path in the project, as messages name it."""
    path = Path(file.abs_src_path or file.src_uri)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file.src_uri
