"""Spaces and punctuation of the Chinese pages, as AutoCorrect has them; what is quoted stays as it stood."""

import re
from pathlib import Path

import autocorrect_py

from scripts.files import ROOT

PAGES = ROOT / "docs" / "zh"
QUOTED = re.compile("(?<=“)[^“”]*(?=”)")


def clean() -> bool:
    """Whether all pages are well set; what is not is printed, with page, line and column."""
    pages = (page for page in sorted(PAGES.iterdir()) if page.suffix in (".md", ".ipynb"))
    found = [complaint for page in pages for complaint in complaints(page)]
    print("\n".join(found), end="\n" if found else "")
    return not found


def complaints(page: Path) -> list[str]:
    """Where a page is not well set, and how to write it; raises OSError."""
    text = QUOTED.sub(lambda quoted: "引" * len(quoted[0]), page.read_text("utf-8"))
    found = autocorrect_py.lint_for(text, page.name).lines
    return [f"{page.relative_to(ROOT)}:{each.line}:{each.col}: write {each.new}" for each in found]
