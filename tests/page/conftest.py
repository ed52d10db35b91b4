"""Tiny sites, built in this process by MkDocs' own command, and records made up for them."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from mkdocs.__main__ import cli
from mkdocs.commands import build as build_command

from scripts import stages
from scripts.measure import Record, Results, Sample, dump
from scripts.page import kept

ROOT = Path(__file__).resolve().parent.parent.parent
MODES = {"plain": [], "quiet": ["-q"], "strict": ["--strict"], "quiet and strict": ["-q", "--strict"]}

CONFIG = """
site_name: A tiny site
theme: {name: null, custom_dir: theme}
plugins: []
markdown_extensions: [tables, md_in_html, admonition, pymdownx.highlight, pymdownx.superfences]
"""


def record(name, wall, cpu=0.002, **others):
    """A record of ten pages by that case."""
    case = stages.find(name)
    samples = tuple(
        Sample(seconds, cpu / 2, cpu / 2, 0.0, 30, 2, 12 << 20, 10, 90_000, ()) for seconds in wall
    )
    circumstances = {
        "ideal": case.ideal(0.45, 10), "link": "emulated", "rtt": 0.15, "service_time": 0.15,
        "body_size": 9_000, "faults": (), "python": "3.13.1", "implementation": "CPython",
        "system": "Linux 6.1 x86_64", "processor": "<Processor & Co>", "cores": 2, "commit": "0123456789" * 4,
        "snippet_hash": "a" * 64, "inputs_hash": "b" * 64, "notes": (),
        "measured_at": "2026-01-02T03:04:05+00:00",
    }  # fmt: skip
    return Record(case.name, samples, **circumstances | others)


@pytest.fixture
def records(tmp_path, monkeypatch):
    """A function that gives records to whatever builds or asks: of all cases, or those it is told."""

    def give(*given):
        given = given or [
            record(case.name, [4.52, 4.51, 4.53] if case.stage.sequential else [0.46, 0.45, 0.47])
            for case in stages.CASES
        ]
        path = tmp_path / "records.json"
        dump(Results({each.stage: each for each in given}), path)
        monkeypatch.setenv("RECORDS", str(path))
        return path

    return give


@pytest.fixture
def keep(tmp_path, monkeypatch):
    """A function that keeps a benchmark of that name for the test, and returns its file."""
    monkeypatch.setattr(kept, "DATA", tmp_path)

    def keep(name, benchmark):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(benchmark), "utf-8")
        return path

    return keep


def rows(table):
    """The cells of each row of a Markdown table, below its head."""
    return [re.split(r" *\| *", line)[1:-1] for line in table.splitlines() if line.startswith("| ")][2:]


@dataclass
class TinySite:
    """A site of a few pages in a folder of its own."""

    folder: Path

    def write(self, **pages):
        for name, text in pages.items():
            (self.folder / "docs" / "zh" / f"{name}.md").write_text(text, encoding="utf-8")

    def build(self, *options):
        """The result of `mkdocs build`: exit_code, output."""
        config = str(self.folder / "mkdocs.yml")
        for once in build_command.log.filters:  # MkDocs says nothing twice, and one process builds often here
            once.msgs.clear()
        return CliRunner().invoke(cli, ["build", "--config-file", config, *options])

    def page(self, name):
        return (self.folder / "site" / "zh" / name / "index.html").read_text(encoding="utf-8")

    @property
    def files(self):
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def tiny(tmp_path, records):
    """A site without pages yet, and with records for whatever they ask."""
    records()
    folder = tmp_path / "project"
    (folder / "docs" / "zh").mkdir(parents=True)
    (folder / "theme").mkdir()
    (folder / "theme" / "main.html").write_text("<title>{{ page.title }}</title>{{ page.content }}")
    hooks = json.dumps([str(ROOT / "scripts" / "hooks.py")])
    (folder / "mkdocs.yml").write_text(f"{CONFIG}hooks: {hooks}\n")
    (folder / "docs" / "zh" / "records.md").write_text("# Where figures lead\n")
    return TinySite(folder)
