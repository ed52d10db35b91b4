"""A copy of the project, to be built and served, and changed meanwhile."""

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from scripts.files import ROOT

FOLDERS = ("docs", "runner", "scripts", "snippets")
FILES = ("mkdocs.yml", "CHANGELOG.md", "requirements.txt", "requirements-stages.txt")
FRONT_END = Path(".cache", "runner")
PLAIN = "plain.yml"
EXECUTION = re.compile(r"(?m)^hooks:\n(?:  .*\n)+|^  - pymdownx\.snippets:.*\n(?:      .*\n)+")
"""Of mkdocs.yml the hook, and what fails without it: without both, each block is only shown."""
CHOSEN = (
    "RECORDS", "HISTORY", "RUNS", "LAB_LINK", "LAB_RTT", "LAB_SERVICE_TIME", "PYTHONDONTWRITEBYTECODE",
)  # fmt: skip
"""What a build or Python reads of the environment, and each benchmark chooses by itself."""


class BenchFailed(Exception):
    """There is no figure: the message says what went wrong, and what was printed."""


@dataclass(frozen=True)
class Project:
    """The copy in that folder."""

    folder: Path

    @classmethod
    def copied(cls, folder: Path) -> "Project":
        """A new copy, with an empty cache but for the runner's front end, which takes npm a minute."""
        for name in FOLDERS:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(ROOT / name, folder)
        config = (folder / "mkdocs.yml").read_text("utf-8")
        (folder / PLAIN).write_text(EXECUTION.sub("", config), "utf-8")
        (folder / FRONT_END).parent.mkdir()
        (ROOT / FRONT_END).mkdir(parents=True, exist_ok=True)
        (folder / FRONT_END).symlink_to(ROOT / FRONT_END, target_is_directory=True)
        return cls(folder)

    def page(self, name: str) -> Path:
        """The file of that page."""
        return self.folder / "docs" / "zh" / f"{name}.md"

    def pages(self) -> list[Path]:
        """The files of all pages."""
        return sorted(path for path in self.page("").parent.iterdir() if path.suffix in (".md", ".ipynb"))

    def mkdocs(self, command: str, *options: str, plain: bool = False) -> list[str]:
        """The command line for one of MkDocs' commands, with execution or without."""
        config = PLAIN if plain else "mkdocs.yml"
        return ["-m", "mkdocs", command, "--config-file", str(self.folder / config), *options]

    def build(self, site: str, *, plain: bool = False, **environment: str) -> float:
        """Seconds that it takes to build that site, beside the pages; raises BenchFailed."""
        options = ["--quiet", *([] if plain else ["--strict"]), "--site-dir", str(self.folder / site)]
        return self.run(*self.mkdocs("build", *options, plain=plain), **environment)

    def write_results(self, records: Path) -> None:
        """Write what the pages show of these records in the place of their calls; raises BenchFailed."""
        written = self.folder / "written"
        self.run("-m", "scripts.site", "export", str(written), RECORDS=str(records))
        shutil.copytree(written, self.folder / "docs", dirs_exist_ok=True)

    def run(self, *arguments: str, **environment: str) -> float:
        """Seconds that Python takes with these arguments; raises BenchFailed."""
        return seconds([sys.executable, *arguments], self.folder, environment)


def seconds(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    """How long the command takes in that folder; raises BenchFailed."""
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=surroundings() | environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    spent = time.perf_counter() - start
    if done.returncode:
        raise BenchFailed(f"{' '.join(command)} ended with status {done.returncode}\n{done.stdout.strip()}")
    return spent


def surroundings() -> dict[str, str]:
    """The environment without what a build would read of it."""
    return {name: value for name, value in os.environ.items() if name not in CHOSEN}
