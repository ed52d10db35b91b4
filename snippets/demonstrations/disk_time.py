"""What a megabyte takes on this machine: from the disk, and from memory."""

import os
import time
from statistics import median
from tempfile import TemporaryFile

REPETITIONS = 7
MEGABYTE = 1 << 20


def megabyte():
    """Read past the page cache, and from it; None where nothing gets past.

    What lies in memory even after it should have been forgotten can be
    read with RWF_NOWAIT, which never waits for a disk.
    """
    if not hasattr(os, "RWF_NOWAIT"):
        return None, None
    # What is in /var/tmp outlives a restart, and so lies on a disk.
    folder = "/var/tmp" if os.access("/var/tmp", os.W_OK) else None
    with TemporaryFile(buffering=0, dir=folder) as file:
        data = bytearray(os.urandom(MEGABYTE))
        file.write(data)
        os.fsync(file)
        if not any(forgets(file, data) for _ in range(REPETITIONS)):
            return None, None
        pairs = [
            (forget(file) or read(file, data), read(file, data))
            for _ in range(REPETITIONS)
        ]
    return tuple(map(median, zip(*pairs)))


def forget(file):
    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def forgets(file, data):
    forget(file)
    try:
        return os.preadv(file.fileno(), [data], 0, os.RWF_NOWAIT) < len(data)
    except BlockingIOError:
        return True
    except OSError:  # a file system that does not know RWF_NOWAIT
        return False


def read(file, data):
    start = time.perf_counter()
    os.preadv(file.fileno(), [data], 0)
    return time.perf_counter() - start


def demonstrate():
    past_cache, from_cache = megabyte()
    return {
        "1 MB from the page cache": from_cache,
        "1 MB past the page cache": past_cache,
    }


if __name__ == "__main__":
    for what, found in demonstrate().items():
        print(f"{what}: {found}")
