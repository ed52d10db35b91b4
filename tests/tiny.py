"""Tiny sites, built in this process by MkDocs' own command, and records made up for them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner
from mkdocs.__main__ import cli
from mkdocs.commands import build as build_command
from msgspec.structs import replace

from scripts import stages
from scripts.measure import Record, Sample

ROOT = Path(__file__).resolve().parent.parent
MODES = {"plain": [], "quiet": ["-q"], "strict": ["--strict"], "quiet and strict": ["-q", "--strict"]}

CONFIG = """
site_name: A tiny site
theme: {name: null, custom_dir: theme}
plugins: []
markdown_extensions: [tables, md_in_html, admonition, pymdownx.highlight, pymdownx.superfences]
"""
LAB = 0.0, 0.0, None, None, None, None
"""What is not told of the lab itself: CPU of link and origin, lateness of connections and answers."""


def record(name, wall, cpu=0.002, untold=(), **others):
    """A record of ten pages by that case; `untold` are meters that the system does not have."""
    case = stages.find(name)
    samples = tuple(
        Sample(seconds, cpu / 2, cpu / 2, 0.0, 30, 2, 12 << 20, 10, 90_000, (), (), *LAB) for seconds in wall
    )
    samples = tuple(replace(sample, **dict.fromkeys(untold)) for sample in samples)
    circumstances = {
        "ideal": case.ideal(0.45, 10), "link": "emulated", "rtt": 0.15, "service_time": 0.15,
        "body_size": 9_000, "faults": (), "python": "3.13.1", "implementation": "CPython",
        "system": "Linux 6.1 x86_64", "processor": "<Processor & Co>", "cores": 2, "commit": "0123456789" * 4,
        "snippet_hash": "a" * 64, "inputs_hash": "b" * 64, "notes": (),
        "measured_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    }  # fmt: skip
    return Record(case.name, samples, **circumstances | others)


def rows(table):
    """The cells of each row of a table, the head's too: what they hold, as HTML."""
    lines = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL) for line in lines]


@dataclass
class TinySite:
    """A site of a few pages in a folder of its own."""

    folder: Path

    def write(self, **pages):
        for name, text in pages.items():
            (self.folder / "docs" / "zh" / f"{name}.md").write_text(text, encoding="utf-8")

    def name(self, *pages):
        """List these pages, and no others, under `nav`."""
        config = self.folder / "mkdocs.yml"
        config.write_text(f"{config.read_text()}nav: [{', '.join(f'zh/{page}.md' for page in pages)}]\n")

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
        """The names of what is in its folder, but for what Python keeps of a hook there."""
        return sorted(path.name for path in self.folder.iterdir() if path.name != "__pycache__")
