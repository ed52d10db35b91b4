"""Pages that are notebooks: executed beside the records of this build, as by a reader who downloads both.

To MkDocs ``notebook.ipynb`` is a page ``notebook.md``, by which name others link to it, and a file to
download.  Once executed it is made Markdown (see worker.py), which MkDocs renders as it does any other page.

Executing takes two seconds.  What came of it is kept until anything changes from which it follows: notebook,
records, interpreter, packages, or the code that executes.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from scripts.files import CACHE, ROOT, Cache, digest
from scripts.markup.reading import FORBIDDEN
from scripts.site.failures import PageFailed

MEASUREMENTS = "measurements.json"
"""What the records are called where they are published, and where a notebook reads them: beside itself."""
KEPT = Cache(CACHE / "notebooks", most=32 << 20)
WORKER = Path(__file__).with_name("worker.py")
CODE = (WORKER, *sorted(WORKER.parent.rglob("*.j2")), ROOT / "requirements.txt")


def add_pages(files: Files, config: MkDocsConfig) -> None:
    """Add a page for each notebook, behind all others: when its turn comes, everything is measured."""
    for file in list(files):
        if (path := path_of(file)) and not file.inclusion.is_excluded():
            name = PurePosixPath(file.src_uri).with_suffix(".md")
            files.append(File.generated(config, str(name), abs_src_path=path))


def path_of(file: File) -> str | None:
    """Where the notebook is, if the file is one, or the page of one that is not yet Markdown."""
    path = file.abs_src_path or ""
    return path if path.endswith(".ipynb") else None


def metadata(text: str) -> dict[str, Any]:
    """What a notebook says of itself, and Jupyter of it; nothing where it is broken."""
    try:
        return dict(json.loads(text)["metadata"])
    except (ValueError, LookupError, TypeError):
        return {}  # executing it will tell


def become_markdown(file: File, text: str, about: dict[str, Any]) -> None:
    """Have MkDocs find that text in the page's file, and before it what the notebook says of itself."""
    file.content_string = f"---\n{json.dumps(about, ensure_ascii=False)}\n---\n\n{text}"


def markdown(file: File, page: str, measurements: str, seconds: float) -> str:
    """The notebook with all that its cells show of those measurements, each of them within so many seconds.

    Raises PageFailed, with the page's name.
    """
    inputs = [file.content_bytes, measurements.encode(), sys.version.encode()]
    key = digest([*inputs, *(each.read_bytes() for each in CODE)])
    return KEPT.made(key, lambda: executed(file, page, measurements, seconds).encode()).decode()


def executed(file: File, page: str, measurements: str, seconds: float) -> str:
    """The Markdown of a notebook, executed now in a folder that holds nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        notebook = Path(folder, Path(file.abs_src_path or "").name)
        notebook.write_bytes(file.content_bytes)
        notebook.with_name(MEASUREMENTS).write_text(measurements, "utf-8")
        ran = subprocess.run(
            [sys.executable, "-P", "-X", "utf8", WORKER, notebook, page, str(seconds)],
            env=os.environ | surroundings(folder),
            capture_output=True, text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
        if ran.returncode == 0:
            return FORBIDDEN.sub("\ufffd", notebook.with_suffix(".md").read_text("utf-8"))
    raise PageFailed(ran.stdout.strip() or f"{page}: it cannot be executed\n{ran.stderr.strip()}")


def surroundings(folder: str) -> dict[str, str]:
    """Variables that keep Jupyter from the user's settings, and what it writes in that folder."""
    places = dict.fromkeys(["IPYTHONDIR", "JUPYTER_DATA_DIR", "TMPDIR"], folder)
    return places | {"JUPYTER_NO_CONFIG": "1"}
