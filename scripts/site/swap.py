"""A site is built beside the one there is, and takes its place once it is whole.

Every build has a folder of its own, and a lock on it for as long as it lives (flock(2)): so of builds at the
same time each ends whole, and the last to end stands.  A folder that nobody holds is what a build left that
was killed.  The two sites change places by one call where the system has it (renameat2(2): Linux from 3.15
on, by file system), so that there is no moment without a site; elsewhere by two renames.
"""

import ctypes
import errno
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

OLD = ".old"
"""Behind the name of a new site's folder: where the earlier one is between two renames."""
ATTEMPTS = 20
"""How often to try while others put theirs there."""
AT_FDCWD, RENAME_EXCHANGE = -100, 2
"""Of Linux: paths from where the process is; fs.h."""
MOUNTS = Path("/proc/self/mountinfo")


class Replacement:
    """A folder `new` for a site that is to take the place of the one at `site`.

    Raises OSError where it could not, with a reason if that is known beforehand.
    """

    def __init__(self, site: Path) -> None:
        self.site = site.resolve()
        if reason := hindrance(self.site):
            raise OSError(reason)
        self.site.parent.mkdir(parents=True, exist_ok=True)
        sweep(self.site)
        self._held: int | None = None
        while self._held is None:  # or somebody has just taken it for left behind
            self.new = Path(tempfile.mkdtemp(prefix=f".{self.site.name}.", dir=self.site.parent))
            self._held = hold(self.new)

    def put(self) -> None:
        """Put the new site in the place of the earlier one; raises OSError, and leaves the earlier one."""
        open_to_all(self.new)
        old = self.new.with_name(f"{self.new.name}{OLD}")
        try:
            for _ in range(ATTEMPTS):
                if exchange(self.new, self.site):
                    shutil.rmtree(self.new, ignore_errors=True)  # which is the earlier one now
                    return
                if moved(self.new, self.site):
                    shutil.rmtree(old, ignore_errors=True)
                    return
                shutil.rmtree(old, ignore_errors=True)
                with suppress(FileNotFoundError):
                    self.site.rename(old)
            raise OSError(f"others put theirs there {ATTEMPTS} times")
        finally:
            if old.exists() and not self.site.exists():
                moved(old, self.site)

    def drop(self) -> None:
        """Remove what there is of the new site."""
        shutil.rmtree(self.new, ignore_errors=True)
        self.release()

    def release(self) -> None:
        """Let go of the new site, wherever it is now."""
        if self._held is not None:
            os.close(self._held)
            self._held = None


def hold(folder: Path) -> int | None:
    """A descriptor, through which this process has that folder until it is closed; None if another has it."""
    if sys.platform == "win32":
        return os.open(os.devnull, os.O_RDONLY)  # there is no such lock
    import fcntl

    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(descriptor), folder.stat()):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    except OSError as error:
        if error.errno in (errno.EBADF, errno.EOPNOTSUPP, errno.ENOLCK):  # as on some network file systems
            return descriptor
        raise
    os.close(descriptor)
    return None


def hindrance(site: Path) -> str | None:
    """Why nothing can take the place of what is there; None where something can."""
    if site.exists() and not site.is_dir():
        return f"{site} is a file: a site is a folder"
    if site in mount_points():
        told = f"build into a folder in it, with --site-dir {site / 'site'}"
        return f"{site} is a mount point, which nothing can take the place of: {told}"
    return None


def mount_points() -> Iterator[Path]:
    """Where something is mounted, as far as the system tells."""
    with suppress(OSError):
        for line in MOUNTS.read_text("utf-8", "surrogateescape").splitlines():
            yield Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), line.split()[4]))


def sweep(site: Path) -> bool:
    """Remove what killed builds left beside that site, or bring the site back; whether nobody builds now."""
    alone = True
    for folder in site.parent.glob(f".{site.name}.*"):
        if not re.fullmatch(rf"\.{re.escape(site.name)}\.\w{{8}}(?:{re.escape(OLD)})?", folder.name):
            continue
        if sys.platform == "win32" or (held := hold(folder)) is None:
            alone = False
            continue
        if not (folder.name.endswith(OLD) and not site.exists() and moved(folder, site)):
            shutil.rmtree(folder, ignore_errors=True)
        os.close(held)
    return alone


def exchange(one: Path, other: Path) -> bool:
    """Have two folders change places at once; False where the system cannot, or one of them is not there."""
    if sys.platform != "linux" or not (call := getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)):
        return False
    if call(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOENT, errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(number, os.strerror(number), str(other))


def moved(folder: Path, place: Path) -> bool:
    """Rename a folder, unless something is there already; whether that was done."""
    try:
        folder.rename(place)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    return True


def open_to_all(site: Path) -> None:
    """Let a web server read it, whatever the umask is and whatever those files were that were copied."""
    for folder, _, files in os.walk(site):
        for path, mode in [(folder, 0o755), *((os.path.join(folder, file), 0o644) for file in files)]:
            if (has := stat.S_IMODE(os.stat(path).st_mode)) | mode != has:
                os.chmod(path, has | mode)


def sweep_previews(place: Path, marker: str) -> None:
    """Remove what killed previews left in the folder for temporary files: sites that hold that file."""
    roots = {path.parent for path in place.glob(f"mkdocs_*/{marker}")}
    roots |= {path.with_name(path.name[1:].rpartition(".")[0]) for path in place.glob(".mkdocs_*.????????")}
    for root in roots:
        if sweep(root) and (held := hold(root)) is not None:
            shutil.rmtree(root, ignore_errors=True)
            os.close(held)
