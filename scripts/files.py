"""What several rooms need of the file system: the project's root, locks, digests, writing all or nothing."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder."""
CACHE = ROOT / ".cache"
"""For what can be made again."""


def digest(parts: Iterable[bytes]) -> str:
    """A name of 16 hexadecimal digits for that content; where one part ends and the next begins counts."""
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:16]


def write_atomically(path: Path, content: str | bytes, *, sync: bool = True) -> None:
    """Put `content` in the place of `path`: who reads it finds the old content or the new, never a part.

    A rename within one folder is atomic (rename(2)), whoever else writes the same file.  With `sync` that
    holds for a power failure as well: a file system may write the new name before the content (ext4(5)).
    Raises OSError, and leaves the old content; also where a folder or a device has that name.
    """
    path = path.resolve()  # a link goes on leading there
    if path.exists() and not path.is_file():
        raise OSError(f"{path} is not a file")
    data = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            if sync:
                os.fsync(handle)
        os.chmod(temporary, 0o644)  # mkstemp(3) lets nobody else read, but a web server shall
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Have what is called `path` alone, whether it is there or not; raises OSError.

    The kernel gives a lock back when its holder ends, however it ends (flock(2)).  Where there is no such
    lock (Windows), nobody waits: processes may do the same work at the same time.
    """
    if sys.platform == "win32":
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_name(f".{path.name}.lock")
    while True:
        with open(lock, "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not _is_at(file.fileno(), lock):
                continue  # who had it before has removed it, and somebody else may lock the next
            try:
                yield
            finally:
                lock.unlink(missing_ok=True)
            return


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
