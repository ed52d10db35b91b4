"""The pages as plain Markdown with HTML: so that the words outlive the engine, numbers and programs in place.

What a page calls is there as it was shown, a box that folds is a <details>, and the story keeps its order.
Any reader of CommonMark renders that; tags such as <Alert> are elements without a meaning to it, around
their words.
"""

import re
import shutil
from pathlib import Path
from textwrap import dedent, indent

from mkdocs.utils.meta import YAML_RE

from scripts.files import ROOT
from scripts.markup import fences
from scripts.page import vocabulary
from scripts.site import calls, navigation
from scripts.site.scan import CALL, PageScan, check

DOCS = ROOT / "docs"
SENTENCE = re.compile(rf"{calls.ESCAPED}|{calls.CODE}|{CALL}")
FOLDED = re.compile(r'(?m)^\?\?\? \w+ "(?P<title>.*)"\n(?P<inside>(?:(?: {4}.*)?\n)+)')
"""A box that folds, with all that is indented below it."""
TO_NOTEBOOK = re.compile(r"\]\(notebook\.md\b")


def export(folder: Path) -> list[Path]:
    """Write every page into that folder, which must not be there; their files, in the order of the story.

    Raises PageFailed or OSError.
    """
    folder.mkdir(parents=True)
    written = []
    for uri, _ in navigation.places(ROOT / "mkdocs.yml"):
        page = folder / uri
        page.parent.mkdir(parents=True, exist_ok=True)
        if (notebook := (DOCS / uri).with_suffix(".ipynb")).exists():
            page = page.with_suffix(".ipynb")
            shutil.copy(notebook, page)
        else:
            page.write_text(exported((DOCS / uri).read_text("utf-8"), f"docs/{uri}"), "utf-8")
        written.append(page)
    return written


def exported(text: str, name: str) -> str:
    """The text of a page, with what it calls in the place of its calls; raises PageFailed, with that name."""
    about = YAML_RE.match(text)
    above = about[0] if about else ""
    page = PageScan(name, 1 + above.count("\n"))
    text = text[len(above) :]
    page.prepare(text)
    lines, at, shown = text.split("\n"), 0, list[str]()
    for block, header in fences(text):
        shown += [sentence(line, page) for line in lines[at : block.start]]
        fence = lines[block.start : block.stop]
        runs = check(header.language, header.options)
        shown.append(called(fence, page, block.start) if runs else "\n".join(fence))
        at = block.stop
    shown += [sentence(line, page) for line in lines[at:]]
    return TO_NOTEBOOK.sub("](notebook.ipynb", above + unfolded("\n".join(shown)))


def called(fence: list[str], page: PageScan, at: int) -> str:
    """What the calls of a block show, which begins on that line of the text, from 0; raises PageFailed."""
    margin = fence[0][: len(fence[0]) - len(fence[0].lstrip())]
    shown = calls.block(dedent("\n".join(fence[1:-1])), page, page.first + at)
    return indent("\n\n".join(shown), margin, bool)  # lines of spaces too, of which a difference has some


def sentence(line: str, page: PageScan) -> str:
    """The line with what its calls show; raises PageFailed."""

    def show(found: re.Match[str]) -> str:
        if found["call"] is None:
            return found[0]
        with calls.failing(page, page.line_of_call(found[0])):
            return vocabulary.sentence(found["call"])

    return SENTENCE.sub(show, line)


def unfolded(text: str) -> str:
    """The text with each box that folds as <details>, in which Markdown goes on after a blank line."""

    def unfold(box: re.Match[str]) -> str:
        inside = re.sub("(?m)^ {4}", "", box["inside"])
        return f"<details>\n<summary>\n\n{box['title']}\n\n</summary>\n{inside}\n</details>\n\n"

    return FOLDED.sub(unfold, text)
