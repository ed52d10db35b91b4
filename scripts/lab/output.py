"""What a command prints, read while it runs: of each stream so much and no more."""

import os
import subprocess
import threading
from collections.abc import Callable
from typing import IO

MOST_OUTPUT = 16 << 20
"""Bytes of a stream that are kept: all that a run may have to say, and nothing to a machine's memory."""


class Stream(threading.Thread):
    """Reads one of a command's streams to its end; what is beyond MOST_OUTPUT is dropped, and `full` called.

    It goes on reading, since a command that waits for its reader could not be ended in good order.
    """

    def __init__(self, pipe: IO[bytes], full: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._pipe = pipe
        self._full = full
        self._content = bytearray()
        self.is_full = False
        self.start()

    def run(self) -> None:
        with self._pipe:
            while chunk := os.read(self._pipe.fileno(), 1 << 16):
                self._content += chunk[: MOST_OUTPUT - len(self._content)]
                if len(self._content) == MOST_OUTPUT and not self.is_full:
                    self.is_full = True
                    self._full()

    def content(self) -> bytes:
        """What was read, once the command and all that has its stream have ended."""
        self.join()
        return bytes(self._content)


def streams(process: "subprocess.Popen[bytes]", full: Callable[[], object]) -> list[Stream | None]:
    """Readers of the command's standard output and error, where these are pipes."""
    if process.stdin:
        process.stdin.close()
    return [Stream(pipe, full) if pipe else None for pipe in (process.stdout, process.stderr)]
