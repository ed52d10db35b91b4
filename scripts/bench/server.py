"""`mkdocs serve`, and a reader whose browser follows it."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.bench.project import BenchFailed, Project, surroundings

PATIENCE = 120.0
"""Seconds after which something will not come any more."""
GLANCE = 0.02
"""Seconds between two looks for a server that starts."""
AGAIN = 1.0
"""Seconds after which the first change is made again."""


class Server:
    """A server that has been started just now, and the file of what it says."""

    def __init__(self, process: subprocess.Popen[str], address: str, log: Path) -> None:
        self._process = process
        self._address = address
        self._log = log
        self._started = time.perf_counter()

    def until_served(self, page: str) -> float:
        """Seconds from the start until that page is there; raises BenchFailed."""
        while (spent := time.perf_counter() - self._started) < PATIENCE and self._process.poll() is None:
            try:
                self.get(f"zh/{page}")
                return time.perf_counter() - self._started
            except urllib.error.URLError:  # nobody listens yet
                time.sleep(GLANCE)
        raise BenchFailed(f"mkdocs serve had not served {page!r} after {spent:.0f} s\n{self.said()}")

    def said(self) -> str:
        """All that it has logged."""
        return self._log.read_text("utf-8")

    def get(self, path: str, patience: float = PATIENCE) -> str:
        """What is served there; a server that builds answers when it is done."""
        with urllib.request.urlopen(self._address + path, timeout=patience) as answer:
            return answer.read().decode()

    def epoch(self, seen: int = 0, patience: float = PATIENCE) -> int:
        """The number of a build later than the one seen, once it is there: what browsers wait for."""
        return int(self.get(f"livereload/{seen}/0", patience))

    def settle(self, file: Path) -> None:
        """Change that file until it is seen: MkDocs does not see what changes before it first looks."""
        seen = self.epoch()
        for _ in range(round(PATIENCE / AGAIN)):
            file.write_text(file.read_text("utf-8") + "\n", "utf-8")
            try:
                self.epoch(seen, AGAIN)
                return
            except TimeoutError:
                continue
        raise BenchFailed(f"mkdocs serve does not see {file} change\n{self.said()}")

    def save(self, file: Path, text: str, page: str, mark: str) -> float:
        """Seconds from saving the file until the page that is served bears the mark; raises BenchFailed."""
        seen = self.epoch()
        start = time.perf_counter()
        file.write_text(text, "utf-8")
        while time.perf_counter() - start < PATIENCE:
            seen = self.epoch(seen)
            if mark in self.get(f"zh/{page}"):
                return time.perf_counter() - start
        raise BenchFailed(f"{file} was saved, and no page with {mark!r} came\n{self.said()}")

    def builds(self) -> list[float]:
        """Seconds of each build, as MkDocs itself tells them."""
        return [float(told) for told in re.findall(r"Documentation built in ([\d.]+) seconds", self.said())]


@contextmanager
def serving(project: Project, plain: bool = False, **environment: str) -> Iterator[Server]:
    """Serve that project meanwhile, with execution or without."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    log = project.folder / ("plain.log" if plain else "serve.log")
    command = [sys.executable, *project.mkdocs("serve", "--dev-addr", address, plain=plain)]
    with (
        open(log, "w", encoding="utf-8") as file,
        subprocess.Popen(
            command, cwd=project.folder, env=surroundings() | environment,
            stdout=file, stderr=subprocess.STDOUT, text=True,
        ) as process,
    ):  # fmt: skip
        try:
            yield Server(process, f"http://{address}/", log)
        finally:
            process.send_signal(signal.SIGINT if sys.platform != "win32" else signal.SIGTERM)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
