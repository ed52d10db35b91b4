"""What several rooms need of the file system: root, locks, digests, writing all or nothing, and the cache."""

import errno
import hashlib
import json
import logging
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder."""
CACHE = ROOT / ".cache"
"""For what can be made again."""
ABANDONED = 3600.0
"""Seconds after which nobody will finish what somebody began to write."""

log = logging.getLogger(__name__)  # not one of MkDocs' own: without a cache a strict build shall not end


def digest(parts: Iterable[bytes]) -> str:
    """A name of 16 hexadecimal digits for that content; where one part ends and the next begins counts."""
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:16]


def write_atomically(path: Path, content: str | bytes, *, sync: bool = True) -> None:
    """Put `content` in the place of `path`: who reads it finds the old content or the new, never a part.

    A rename within one folder is atomic (rename(2)), whoever else writes the same file.  With `sync` that
    holds for a power failure as well: a file system may write the new name before the content (ext4(5)).
    Raises OSError, and leaves the old content; also where a folder or a device has that name.
    """
    data = content.encode() if isinstance(content, str) else content
    path = _target(path)
    with _beside(path) as new:
        with open(new, "wb") as file:
            file.write(data)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        new.chmod(0o644)  # mkstemp(3) lets nobody else read, but a web server shall
        new.replace(path)


def say(text: str) -> None:
    """Print that, to whoever still reads it: after `| head` nobody does, which is no failure."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # where Python's own end flushes it


def check_writable(path: Path) -> None:
    """Raise the OSError that `write_atomically` would, as far as that can be known before."""
    with _beside(_target(path)) as new:
        new.unlink()


def _target(path: Path) -> Path:
    """Where the links of that path lead, which go on leading there; raises OSError."""
    circle = OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    try:
        target = path.resolve()
    except RuntimeError as error:  # before Python 3.13, when they lead in a circle
        raise circle from error
    if target.is_symlink():  # from Python 3.13 on, then
        raise circle
    return target


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A new file in the folder of `path`, which goes if anything goes wrong; raises OSError."""
    if path.exists() and not path.is_file():
        raise OSError(f"{path} is not a file")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        yield Path(name)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
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
    import fcntl

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


class Cache:
    """A folder of what can be made again: a file for each entry, whose first line seals its key and the rest.

    A key says all that an entry follows from (see `digest`), so that an entry is never out of date.  Content
    that is not what was put there is named in a warning, and not given out.  Beyond `most` bytes those
    entries go that nobody has asked for the longest.

    Nothing depends on it: where the folder cannot be written, that is said once, and the work goes on.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self._folder = folder
        self._most = most

    def get(self, key: str) -> bytes | None:
        """What was put there under that key; None where there is nothing, or something else."""
        path = self._folder / key
        try:
            stored = path.read_bytes()
        except OSError:
            return None
        _, _, content = stored.partition(b"\n")
        if _sealed(key, content) != stored:
            log.warning("%s is damaged, and is made again", path)
            return None
        with suppress(OSError):
            os.utime(path)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Have `get` find that content from now on."""
        path = self._folder / key
        try:
            if path.is_symlink() or path.is_dir():
                _remove(path)  # which is no entry, whoever put it there
            # Without `sync`: a loss that is noticed is none.
            write_atomically(path, _sealed(key, content), sync=False)
            self._prune()
        except OSError as error:
            self._complain(error)

    def made(self, key: str, make: Callable[[], bytes]) -> bytes:
        """What is there under that key, or else what `make` makes, while others who want it wait."""
        if (content := self.get(key)) is None:
            with self.alone(key):
                if (content := self.get(key)) is None:
                    content = make()
                    self.put(key, content)
        return content

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """Have that entry alone."""
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self._folder / key))
            except OSError as error:
                self._complain(error)
            yield

    @contextmanager
    def workshop(self, key: str) -> Iterator[Path]:
        """An empty folder for who makes that entry, and has it alone; what a killed one left is gone."""
        folder = self._folder / f".{key}.workshop"
        with ExitStack() as stack:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            try:
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
            except OSError as error:
                self._complain(error)
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
            yield folder

    def _prune(self) -> None:
        left, abandoned = self._most, time.time() - ABANDONED
        for path, status in _newest_first(self._folder):
            # What is no entry is a lock, or was never finished, or is of an earlier version.
            is_entry = stat.S_ISREG(status.st_mode) and not path.name.startswith(".")
            left -= status.st_size if is_entry else 0
            is_useless = left < 0 if is_entry else status.st_mtime < abandoned
            if is_useless:
                _remove(path)

    def _complain(self, error: OSError) -> None:
        if self._folder.parent not in _full:
            _full.add(self._folder.parent)
            log.warning("nothing more is kept in %s: %s", self._folder.parent, error)


class Memo:
    """What was made of texts: each is made once, and from then on in later processes as well.

    All of it is one entry of a cache, since small texts are many: `key` says what else they follow from.
    """

    def __init__(self, cache: Cache, key: str) -> None:
        self._cache = cache
        self._key = key
        self._before: dict[str, str] = json.loads(cache.get(key) or b"{}")
        self._now: dict[str, str] = {}

    def made(self, text: str, make: Callable[[str], str]) -> str:
        """What `make` makes of that text, or made of it before."""
        if text not in self._now:
            self._now[text] = self._before[text] if text in self._before else make(text)
        return self._now[text]

    def keep(self) -> None:
        """Leave to later processes what this one has asked for."""
        if self._now.keys() != self._before.keys():
            self._cache.put(self._key, json.dumps(self._now, ensure_ascii=False).encode())


_full: set[Path] = set()
"""Where nothing can be written, as has been said."""


def _sealed(key: str, content: bytes) -> bytes:
    """With a SHA-256 that is of the key, too, or an entry in another's place would be taken for it."""
    seal = hashlib.sha256(key.encode() + b"\n" + content).hexdigest()
    return f"{seal}\n".encode() + content


def _newest_first(folder: Path) -> list[tuple[Path, os.stat_result]]:
    found = []
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # another process has just removed it
            found.append((path, path.lstat()))
    return sorted(found, key=lambda each: each[1].st_mtime_ns, reverse=True)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
