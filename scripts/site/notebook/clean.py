"""Notebooks as git keeps them: ``python -m scripts.site.notebook.clean`` takes out what executing left."""

import nbformat

from scripts.files import ROOT

ABOUT = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""What Jupyter writes in words of its own, and of its own version."""
OWN = {"title", "description", "search"}
OF_CELLS = {"jupyter"}
"""Whether a cell is folded."""


def clean(text: str) -> str:
    """A notebook without what its cells showed, and without traces of who saved it."""
    notebook = nbformat.reads(text, as_version=4)
    own = {key: value for key, value in notebook.metadata.items() if key in OWN}
    notebook.metadata = nbformat.from_dict(ABOUT | own)
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in OF_CELLS}
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nbformat.writes(notebook) + "\n"


def main() -> None:
    """Clean every notebook of the pages."""
    for path in (ROOT / "docs").rglob("[!.]*.ipynb"):
        path.write_text(clean(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
