"""Every program as a page of its own, as a file to take, and all of them as one archive, under /programs/.

The caption of a listing leads there: to all of the file, with the lines marked that the stage changed.
"""

import io
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from jinja2 import Environment
from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.nav import Navigation
from mkdocs.utils import get_relative_url, write_file

from scripts import stages
from scripts.measure.demonstration import title
from scripts.page.colours import coloured, listing
from scripts.page.differences import compared, predecessor
from scripts.page.html import Html, element

FOLDER, ARCHIVE, TEMPLATE = "programs", "programs.zip", "program.html"
CAPTION = re.compile(r'<span class="filename">(?P<title>[^<]*)</span>')
PROGRAM = re.compile(r"snippets/(?:\w+/)*(?P<name>\w+)\.py")
TITLE, CONTENT = "<!-- program -->", "<!-- content -->"
"""In the frame of these pages, which is rendered once: what each has of its own."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that an archive can name: it shall not hang on when the files were checked out."""


class ProgramLinks(Extension):
    """Has the captions of the listings of that page lead to their programs."""

    def __init__(self, file: File) -> None:
        super().__init__()
        self._file = file

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processor after the HTML of code is where it belongs (30)."""
        md.postprocessors.register(Captions(self._file.url), "captions", 25)


class Captions(Postprocessor):
    """Makes links of the captions in the page at that address."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def run(self, text: str) -> str:
        """The page's HTML, with these links."""
        return CAPTION.sub(lambda caption: PROGRAM.sub(self._link, caption[0]), text)

    def _link(self, found: re.Match[str]) -> str:
        return f'<a href="{get_relative_url(address(found["name"]), self._url)}">{found[0]}</a>'


def address(name: str) -> str:
    """Where the page of that program is in the site."""
    return f"{FOLDER}/{name}.html"


def publish(folder: Path, env: Environment, config: MkDocsConfig) -> None:
    """Write the pages, the files and the archive into that site, if its theme has such pages."""
    if not any((Path(each) / TEMPLATE).exists() for each in config.theme.dirs):
        return
    context = get_context(Navigation([], []), [], config, base_url="..")
    frame = env.get_template(TEMPLATE).render(context | {"program": TITLE, "content": CONTENT})
    content = env.get_template(f"partials/{TEMPLATE}")
    known = stages.programs()
    for name, path in known.items():
        text = path.read_text("utf-8")
        has = {"program": title(path), "file": path.name, "shown": [*shown(name, text)]}
        shows = content.render(context | has | {"archive": ARCHIVE, "told": told(name)})
        write_file(path.read_bytes(), str(folder / FOLDER / path.name))
        page = frame.replace(TITLE, title(path)).replace(CONTENT, shows)
        write_file(page.encode(), str(folder / address(name)))
    write_file(archive(list(known.values())), str(folder / FOLDER / ARCHIVE))


def told(name: str) -> str:
    """The page of the site that tells of that program, if it is a stage's."""
    return f"zh/{name}/" if name in {stage.name for stage in stages.STAGES} else ""


def shown(name: str, text: str) -> Iterator[tuple[str, Html]]:
    """What the page of a program shows under which name: all of it, and what the stage before it had.

    A stage before it that is listed, and whose program is still to be written, has nothing to compare with.
    """
    stage = next((each for each in stages.STAGES if each.name == name), None)
    before = predecessor(stage) if stage and stage != stages.STAGES[0] else None
    if before is None or not (program := stages.SNIPPETS / before.folder / f"{before.name}.py").exists():
        yield "全文", listing(lines(text, text), title(stages.program(name)), "language-python")
        return
    old = program.read_text("utf-8")
    yield "全文", listing(lines(old, text), title(stages.program(name)), "language-python")
    everything = len(old) + len(text)
    yield f"和 {before.name}.py 比", compared(old, text, f"{before.name}.py → {name}.py", everything)


@lru_cache(maxsize=256)  # a preview shows them again and again
def lines(old: str, new: str) -> Html:
    """The lines of the new program, with those marked that the old one does not have."""
    matcher = SequenceMatcher(None, old.splitlines(), new.splitlines(), autojunk=False)
    kept = {at for _, begin, size in matcher.get_matching_blocks() for at in range(begin, begin + size)}
    ends = (line + Html("\n") for line in coloured(new))
    return Html().join(
        line if number in kept else element("span", line, class_="hll") for number, line in enumerate(ends)
    )


def archive(paths: list[Path]) -> bytes:
    """These programs in a zip that is the same to the byte wherever it is made of them."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        for path in paths:
            entry = ZipInfo(title(path), EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            file.writestr(entry, path.read_bytes())
    return made.getvalue()
