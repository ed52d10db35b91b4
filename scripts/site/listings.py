"""Listings: programs as HTML, each text coloured once, and not again in later builds.

Colouring takes a sixth of a build, and most programs stay as they are.
"""

from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts import markup
from scripts.files import CACHE, Cache, Memo, digest

KEPT = Cache(CACHE / "listings", most=16 << 20)
PACKAGES = ("markdown", "markdown-exec", "markdown-it-py", "pygments", "pymdown-extensions")
OPTIONS = ("pymdownx.highlight", "pymdownx.superfences")
CODE = Path(markup.__file__).parent


def memo(extensions: Iterable[object], options: dict[str, Any]) -> Memo:
    """The HTML of listings, as these extensions of Markdown make it with these options."""
    settings = [str(each) for each in extensions], [options.get(name) for name in OPTIONS]
    packages = [version(name) for name in PACKAGES]
    code = [path.read_bytes() for path in sorted(CODE.rglob("*.py"))]
    return _memo(digest([repr((settings, packages)).encode(), *code]))


@lru_cache(maxsize=1)  # builds of one `mkdocs serve` share it
def _memo(key: str) -> Memo:
    return Memo(KEPT, key)
