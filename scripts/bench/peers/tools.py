"""The tools: each writes a project of its own from the same programs, and says how it is built."""

import compileall
import json
import re
from abc import ABC, abstractmethod
from dataclasses import replace
from pathlib import Path

from scripts.bench.project import Project
from scripts.lab import Settings
from scripts.stages import STAGES, Stage, program

LEFT_OUT = ("tasks", "loops", "cluster", "c10k")
"""Programs that a notebook's kernel cannot run as they are."""
PROGRAMS = tuple(stage for stage in STAGES if stage.name not in LEFT_OUT)
WORDS = "十页，一个程序。"
"""The prose of each page, in which an author changes a word."""
NEAR = replace(Settings(), rtt=0.02, service_time=0.02)
"""What is compared is not how long the programs wait."""
FENCE = "`" * 8
NAV = re.compile(r"^nav:.*\n(?:  .*\n)*", re.MULTILINE)


class Tool(ABC):
    """One of them, which runs in `python`, and its project in `folder`."""

    name: str
    packages: tuple[str, ...]
    """Whose versions tell which tool it is."""
    in_lab = True
    """Whether the whole build runs in the lab; ours takes each program there by itself."""

    def __init__(self, python: Path, folder: Path) -> None:
        self.python = python
        self.folder = folder
        self._begin()
        for stage in PROGRAMS:
            self.page(stage).write_text(self._text(stage), "utf-8")
        self._sources = {path for path in folder.rglob("*") if path.is_file()}

    @abstractmethod
    def page(self, stage: Stage) -> Path:
        """The file of that program's page."""

    @abstractmethod
    def command(self) -> list[str]:
        """What builds the site, given to the interpreter."""

    @abstractmethod
    def _begin(self) -> None:
        """Write all but the pages of the programs."""

    @abstractmethod
    def _text(self, stage: Stage) -> str:
        """The page of that program, which is to have that place."""

    def environment(self, again: bool) -> dict[str, str]:
        """What the build finds in its environment; `again` where there has been one before."""
        return {}

    def clean(self) -> None:
        """Remove whatever builds have left, but for what Python compiled."""
        for path in sorted(self.folder.rglob("*"), reverse=True):  # what is in a folder before the folder
            if path.is_file() and path not in self._sources and path.parent.name != "__pycache__":
                path.unlink()
            elif path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
                path.rmdir()

    def write(self, name: str, text: str) -> None:
        """Put that text into a file of the project."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


class Ours(Tool):
    """This project with these pages alone."""

    name = "ours"
    packages = ("mkdocs", "mkdocs-material", "markdown-exec")
    in_lab = False

    def _begin(self) -> None:
        project = Project.copied(self.folder)
        for page in project.pages():
            page.unlink()
        compileall.compile_dir(self.folder / "scripts", quiet=1)  # as what the peers are made of was
        config = self.folder / "mkdocs.yml"
        self.write("mkdocs.yml", NAV.sub("", config.read_text("utf-8")))
        self.write("docs/zh/index.md", f"---\ntitle: Index\n---\n\n# Index\n\n{WORDS}\n")

    def page(self, stage: Stage) -> Path:
        return self.folder / "docs" / "zh" / f"{stage.name}.md"

    def _text(self, stage: Stage) -> str:
        return (
            f"---\ntitle: {stage.name}\n---\n\n# {stage.name}\n\n{WORDS}\n\n"
            f'```python exec="on"\nsource("{stage.name}")\noutput("{stage.name}")\n```\n'
        )

    def command(self) -> list[str]:
        return ["-m", "mkdocs", "build", "--quiet"]

    def environment(self, again: bool) -> dict[str, str]:
        if again:
            return {"RECORDS": str(self.folder / "site" / "measurements.json")}
        return {"LAB_RTT": str(NEAR.rtt), "LAB_SERVICE_TIME": str(NEAR.service_time)}


class MystNb(Tool):
    """Sphinx with notebooks written in Markdown, and jupyter-cache."""

    name = "MyST-NB"
    packages = ("sphinx", "myst-nb", "jupyter-cache")

    def _begin(self) -> None:
        self.write("source/conf.py", (
            'project = "Peers"\nlanguage = "zh_CN"\nextensions = ["myst_nb"]\n'
            'nb_execution_mode = "cache"\nnb_execution_raise_on_error = True\n'
        ))  # fmt: skip
        names = "\n".join(stage.name for stage in PROGRAMS)
        self.write("source/index.md", f"# Index\n\n{WORDS}\n\n```{{toctree}}\n{names}\n```\n")

    def page(self, stage: Stage) -> Path:
        return self.folder / "source" / f"{stage.name}.md"

    def _text(self, stage: Stage) -> str:
        return (
            "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n\n"
            f"# {stage.name}\n\n{WORDS}\n\n{FENCE}{{code-cell}} python\n{text(stage)}{FENCE}\n"
        )

    def command(self) -> list[str]:
        return ["-m", "sphinx", "-q", "-b", "html", "source", "build/html"]


class SphinxGallery(Tool):
    """Sphinx with scripts that become pages."""

    name = "sphinx-gallery"
    packages = ("sphinx", "sphinx-gallery")

    def _begin(self) -> None:
        self.write("source/conf.py", (
            'project = "Peers"\nlanguage = "zh_CN"\nextensions = ["sphinx_gallery.gen_gallery"]\n'
            'sphinx_gallery_conf = {\n    "examples_dirs": "../examples",\n    "gallery_dirs": "gallery",\n'
            '    "filename_pattern": "",\n    "image_scrapers": (),\n    "reset_modules": (),\n'
            '    "abort_on_example_error": True,\n}\n'
        ))  # fmt: skip
        self.write("source/index.rst", f"Index\n=====\n\n{WORDS}\n\n.. toctree::\n\n   gallery/index\n")
        self.write("examples/GALLERY_HEADER.rst", "Programs\n========\n")

    def page(self, stage: Stage) -> Path:
        return self.folder / "examples" / f"{stage.name}.py"

    def _text(self, stage: Stage) -> str:
        title = f"{stage.name}\n{'=' * len(stage.name)}"
        return f'"""\n{title}\n\n{WORDS}\n"""\n\n# %%\n\n{text(stage)}'

    def command(self) -> list[str]:
        return ["-m", "sphinx", "-q", "-b", "html", "source", "build/html"]


class MkdocsJupyter(Tool):
    """MkDocs with notebooks."""

    name = "mkdocs-jupyter"
    packages = ("mkdocs", "mkdocs-material", "mkdocs-jupyter")

    def _begin(self) -> None:
        self.write("mkdocs.yml", (
            "site_name: Peers\ntheme: {name: material, language: zh, font: false}\nplugins:\n"
            "  - search: {lang: zh}\n"
            "  - mkdocs-jupyter: {execute: true, allow_errors: false, include: ['*.ipynb']}\n"
        ))  # fmt: skip
        self.write("docs/index.md", f"# Index\n\n{WORDS}\n")

    def page(self, stage: Stage) -> Path:
        return self.folder / "docs" / f"{stage.name}.ipynb"

    def _text(self, stage: Stage) -> str:
        words = {"source": f"# {stage.name}\n\n{WORDS}\n", "cell_type": "markdown"}
        code = {"source": text(stage), "cell_type": "code", "execution_count": None, "outputs": []}
        cells = [{"id": f"cell-{place}", "metadata": {}, **cell} for place, cell in enumerate((words, code))]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        about = {"metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
        return json.dumps({"cells": cells, **about}, ensure_ascii=False)

    def command(self) -> list[str]:
        return ["-m", "mkdocs", "build", "--quiet"]


PEERS = (MystNb, SphinxGallery, MkdocsJupyter)


def text(stage: Stage) -> str:
    """The program as it stands."""
    return program(stage.name).read_text("utf-8")
