"""A tiny site in two editions, the old and the new, and builds of it."""

import functools
import json
import os
import shutil
from pathlib import Path

from mkdocs.__main__ import cli
from mkdocs.commands import build as mkdocs_build

from scripts import stages
from scripts.measure import Results, dump
from tests.tiny import CONFIG, ROOT, record
from tests.torture.victims import Victim
from tests.torture.world import World, lost, silent

PAGES = 6
Tree = dict[str, bytes]
EDITIONS: dict[str, Tree] = {}
"""Both as a build makes them to which nothing happens."""
BAD = "# Bad\n\nIt took {{ figure('nothing', 'wall') }}.\n"


def page(edition: str, number: int) -> str:
    return f"# {edition} {number}\n\n{{{{ figure('threads', 'wall') }}}} <Badge>{edition}</Badge>\n\n- [on](page{(number + 1) % PAGES}.md)\n"


def tree(folder: Path) -> Tree:
    """What is in a folder, to the byte."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Site:
    """The project of such a site in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.place = folder / "site"
        self.pages = folder / "docs" / "zh"
        self.records = folder.parent / "records.json"
        self.history = folder.parent / "history.jsonl"
        self.pages.mkdir(parents=True)
        (folder / "theme").mkdir()
        (folder / "theme" / "main.html").write_text("<title>{{ page.title }}</title>{{ page.content }}")
        hooks = json.dumps([str(ROOT / "scripts" / "hooks.py")])
        (folder / "mkdocs.yml").write_text(f"{CONFIG}hooks: {hooks}\n")
        (self.pages / "records.md").write_text("# Where figures lead\n")
        dump(given(), self.records)
        self.write("old")

    def write(self, edition: str, **others: str) -> None:
        """Have the pages of that edition, and those others."""
        for number in range(PAGES):
            (self.pages / f"page{number}.md").write_text(page(edition, number))
        for name, text in others.items():
            (self.pages / f"{name}.md").write_text(text, "utf-8", "surrogatepass")

    def stand_old(self) -> None:
        """Have the old edition in the place of the site, as if it had been built."""
        shutil.rmtree(self.place, ignore_errors=True)
        for name, content in EDITIONS["old"].items():
            path = self.place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def command(self, *options: str) -> "functools.partial[object]":
        """What a process does that builds it from its records."""
        return functools.partial(build, self, options)

    def begin(self, name: str = "output", *options: str) -> Victim:
        """A build under way."""
        return Victim(self.command(*options), self.folder.parent / name)

    @property
    def beside(self) -> list[str]:
        """What is in the project's folder, but for what has to be there."""
        return sorted({path.name for path in self.folder.iterdir()} - {"docs", "mkdocs.yml", "site", "theme"})

    def check(self, *editions: Tree) -> Tree:
        """The one of these that stands, to the byte; raises Broken for anything else."""
        stands = tree(self.place) if self.place.exists() else {}
        for edition in editions:
            if stands == edition:
                return edition
        known = [name for name, edition in EDITIONS.items() if edition == stands]
        raise lost(f"what stands there has {len(stands)} files, and is {known or 'a mixture'}")

    def rebuild(self) -> None:
        """Build the new edition as if nothing had happened; raises Broken where something has, or is left of that."""
        ended = self.begin("afterwards").wait()
        if ended.status:
            raise lost(f"the next build ended with status {ended.status}: {ended.output[-300:]}")
        self.check(EDITIONS["new"])
        if self.beside:
            raise lost(f"beside the site: {', '.join(self.beside)}")


def given() -> Results:
    """Records of every case, made up."""
    records = (
        record(case.name, [4.52, 4.51, 4.53] if case.stage.sequential else [0.46, 0.45, 0.47])
        for case in stages.CASES
    )
    return Results({each.stage: each for each in records})


def build(site: Site, options: tuple[str, ...]) -> None:
    """`mkdocs build`, in this process."""
    os.environ["RECORDS"] = str(site.records)
    for once in mkdocs_build.log.filters:  # what MkDocs has said in this process
        once.msgs.clear()
    cli(["build", "-f", str(site.folder / "mkdocs.yml"), *options])


def editions(world: World) -> dict[str, Tree]:
    """Both editions, built."""
    site, made = Site(world.folder / "project"), {}
    for edition in ("old", "new"):
        site.write(edition)
        ended = site.begin().wait()
        if ended.status:
            raise silent(f"{edition}: {ended.output}")
        made[edition] = tree(site.place)
    return made
