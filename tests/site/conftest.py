"""Copies of the project, to be changed and built."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.files import CACHE

ROOT = Path(__file__).resolve().parent.parent.parent
NEAR = {"LAB_RTT": "0.01", "LAB_SERVICE_TIME": "0.01", "RUNS": "1"}
PAGE = """---
title: A page
---

# A page

```python exec="on"
source("blocking")
```

{{ figure("blocking", "wall") }}
"""
KEPT = ("templates", "interpreters")
"""What a first build takes half of its time to make, and is no other for a copy."""
LEDGER = "# Where figures lead\n\n## Blocking {#blocking}\n"


@dataclass
class Copy:
    """A copy of the project with one page of its own."""

    folder: Path

    def run(self, *arguments, **environment):
        """Run MkDocs as a user does who stands elsewhere; give its result."""
        return subprocess.run(**self.call(*arguments, **environment), capture_output=True)

    def call(self, *arguments, **environment):
        command = [sys.executable, "-P", "-m", "mkdocs", *arguments, "-f", str(self.folder / "mkdocs.yml")]
        env = os.environ | NEAR | environment
        return {"args": command, "cwd": self.folder.parent, "env": env, "text": True, "encoding": "utf-8"}

    @property
    def page(self):
        return self.folder / "docs" / "zh" / "index.md"

    @property
    def html(self):
        return (self.folder / "site" / "zh" / "index.html").read_text("utf-8")

    def snippet(self, name="blocking"):
        return self.folder / "snippets" / f"{name}.py"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """The project as it is, but for its pages."""
    for name in ("RECORDS", "HISTORY"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "project"
    ignored = shutil.ignore_patterns("__pycache__", "zh")
    for name in ("docs", "runner", "scripts", "snippets"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("mkdocs.yml", "CHANGELOG.md", "requirements.txt", "requirements-stages.txt"):
        shutil.copy(ROOT / name, folder)
    for name in KEPT:
        kept = folder / ".cache" / name
        kept.mkdir(parents=True)
        for path in (CACHE / name).glob("*"):
            with suppress(FileNotFoundError):  # another build may be writing it
                shutil.copy(path, kept)
    config = folder / "mkdocs.yml"
    config.write_text(re.sub(r"(?m)^nav:.*\n(?:  .*\n)*", "", config.read_text("utf-8")), "utf-8")
    copy = Copy(folder)
    copy.page.parent.mkdir()
    copy.page.write_text(PAGE, "utf-8")
    (copy.page.parent / "records.md").write_text(LEDGER, "utf-8")
    return copy
