"""What stands in docs beside a page: pictures that it shows, and texts that it embeds."""

import posixpath
import re
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.utils.meta import YAML_RE

from scripts.markup import Around, Embedded, MarkupError, fences
from scripts.site.navigation import name
from scripts.site.scan import PageScan

LINES = re.compile(r"L(?P<first>[1-9]\d*)(?:-L(?P<last>[1-9]\d*))?")


class Beside(Around):
    """The files of docs around a text that the page shows: its own, or one that it embeds."""

    def __init__(
        self, file: File, files: Files, config: MkDocsConfig, page: PageScan, above: tuple[File, ...] = ()
    ) -> None:
        self._file = file
        self._files = files
        self._config = config
        self._page = page
        self._above = (*above, file)
        """The page's file, that of the text which it embeds, and so on to this one."""

    def picture(self, address: str) -> str:
        """The address as it is from the page's place in the site; raises MarkupError for no file of docs."""
        url = urlsplit(address)
        if url.scheme or url.netloc or not url.path or url.path.startswith("/"):
            return address
        rest = address.removeprefix(url.path)
        tag = f'<img src="{address}">'
        file = self._find(url.path, tag)
        if file.inclusion.is_excluded():
            raise MarkupError(f"{tag}: mkdocs.yml excludes {file.src_uri} from the site")
        return file.url_relative_to(self._above[0]) + rest

    def embedded(self, address: str) -> Embedded:
        """The file of docs that the address names, or lines of it; raises MarkupError."""
        tag = f'<embed src="{address}">'
        path, _, part = address.partition("#")
        if urlsplit(path).scheme or path.startswith("/") or not path.endswith(".md"):
            raise MarkupError(
                f"{tag}: what is embedded is Markdown beside the page, as in part.md or ../part.md"
            )
        file = self._find(path, tag)
        if file in self._above:
            chain = " → ".join(each.src_uri for each in (*self._above, file))
            raise MarkupError(f"{tag}: a text embeds itself: {chain}")
        self._page.alone = False
        where = name(file, Path(self._config.config_file_path).resolve().parent)
        text, first = _part(file.content_string, part, tag)
        for lines, header in fences(text):
            if "exec" in header.options:
                raise MarkupError(
                    "a block stands in the page itself, not in what it embeds", first + lines.start, where
                )
        folder = posixpath.relpath(
            posixpath.dirname(file.src_uri) or ".", posixpath.dirname(self._file.src_uri) or "."
        )
        return Embedded(
            text, where, first, folder, Beside(file, self._files, self._config, self._page, self._above)
        )

    def _find(self, path: str, tag: str) -> File:
        """The file to which that path leads from this one; raises MarkupError."""
        uri = posixpath.normpath(posixpath.join(posixpath.dirname(self._file.src_uri), unquote(path)))
        file = self._files.src_uris.get(uri)
        if file is None:
            near = get_close_matches(uri, self._files.src_uris, n=1)
            hint = (
                f", did you mean {posixpath.relpath(near[0], posixpath.dirname(self._file.src_uri) or '.')}?"
                if near
                else ""
            )
            raise MarkupError(f"{tag}: docs has no {uri}{hint}")
        docs = Path(self._config.docs_dir).resolve()
        if file.abs_src_path and not Path(file.abs_src_path).resolve().is_relative_to(docs):
            raise MarkupError(f"{tag}: this leads out of docs")
        return file


def _part(text: str, part: str, tag: str) -> tuple[str, int]:
    """The lines that `part` names, as in L1-L10, or all behind the front matter, and the number of the first.

    Raises MarkupError.
    """
    lines = text.split("\n")
    front_matter = YAML_RE.match(text)
    begin = text.count("\n", 0, front_matter.end()) + 1 if front_matter else 1
    if not part:
        return "\n".join(lines[begin - 1 :]), begin
    found = LINES.fullmatch(part)
    if not found:
        raise MarkupError(f"{tag}: lines are named as in #L1 or #L1-L10, not as #{part}")
    first, last = int(found["first"]), int(found["last"] or found["first"])
    if not first <= last <= len(lines):
        raise MarkupError(f"{tag}: there are lines 1 to {len(lines)}")
    first = max(first, begin)
    return "\n".join(lines[first - 1 : last]), first
