"""Whatever is installed, pinned or shipped says under which licence it is."""

from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

from scripts import licences
from scripts.files import ROOT
from scripts.licences import LOCKS, UNTOLD, Used, installed, locked, normal, pinned, told_by


def test_every_package_of_this_environment_says_its_licence():
    assert [used.name for used in installed() if used.licence == UNTOLD] == []
    assert {normal(used.name) for used in installed()} == {normal(each.name) for each in distributions()}


def test_whatever_is_pinned_for_this_system_is_among_them():
    """What is pinned for another system only, or for another Python, is not installed here."""
    elsewhere = pinned() - {normal(used.name) for used in installed()}
    assert len(elsewhere) < len(pinned()) / 5, elsewhere


@pytest.mark.parametrize("file", LOCKS)
def test_every_package_of_npm_says_its_licence(file):
    assert [used.name for used in locked(file) if used.licence == UNTOLD] == []


class Package:
    """A package with that metadata."""

    name, version = "x", "1"

    def __init__(self, **about):
        self.metadata = self
        self.json = about


@pytest.mark.parametrize(
    ("about", "licence"),
    [
        ({"license_expression": "MIT", "license": "x"}, "MIT"),
        (
            {
                "classifier": ["License :: OSI Approved :: ISC License (ISCL)", "Topic :: x"],
                "license": "UNKNOWN",
            },
            "ISC License (ISCL)",
        ),
        ({"license": "BSD"}, "BSD"),
        ({"license": "Copyright (c) 2020 …\n\nAll rights"}, UNTOLD),
        ({"license": "UNKNOWN"}, UNTOLD),
        ({}, UNTOLD),
    ],
)
def test_a_licence_is_told_by_the_best_that_a_package_says(about, licence):
    assert told_by(Package(**about)) == Used("x", "1", licence)


def test_the_site_names_what_it_ships(tiny):
    tiny.write(x="# X\n")
    assert tiny.build("--strict").exit_code == 0
    text = (tiny.folder / "site" / "licences.txt").read_text("utf-8")
    for named in (
        "mkdocs-material",
        "pyodide",
        "@codemirror/view",
        "Python's standard library",
        "no font",
        "MIT License",
    ):
        assert named in text
    assert "esbuild" not in text  # a tool of who builds
    assert UNTOLD not in text
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("MIT License")


def test_every_set_of_icons_that_the_theme_brings_along_is_named():
    icons = Path(find_spec("material").origin).parent / "templates" / ".icons"
    sets = {
        "material": "Material Design Icons",
        "octicons": "Octicons",
        "fontawesome": "Font Awesome Free",
        "simple": "Simple Icons",
    }
    assert {path.name for path in icons.iterdir() if path.is_dir()} == sets.keys()
    assert set(sets.values()) <= {name for name, _, _ in licences.INSIDE}


def test_no_font_is_shipped(site):
    assert [
        path for path in site.rglob("*") if path.suffix in (".ttf", ".otf", ".woff", ".woff2", ".eot")
    ] == []
