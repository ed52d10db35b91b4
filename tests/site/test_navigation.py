"""The list under `nav` decides where a page stands, and says by file and line what is wrong with it."""

import re

import pytest

from scripts.files import ROOT
from scripts.site.navigation import minutes

NAV = """
from mkdocs.plugins import event_priority
@event_priority(-100)
def on_nav(nav, config, files):
    print("nav:", " ".join(page.file.name for page in nav.pages))
"""


@pytest.fixture
def order(tiny):
    """Build the tiny site, and return its pages in the order of the navigation."""

    def build():
        (tiny.folder / "nav.py").write_text(NAV)
        config = tiny.folder / "mkdocs.yml"
        config.write_text(config.read_text().replace("hooks: [", 'hooks: ["nav.py", '))
        built = tiny.build("--strict")
        assert built.exit_code == 0, built.output
        return next(line.split()[1:] for line in built.output.splitlines() if line.startswith("nav:"))

    return build


def test_the_home_page_counts_through_every_page_of_the_story():
    story, _, _ = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:")[2].partition("附录")
    home = (ROOT / "docs" / "zh" / "index.md").read_text("utf-8")
    listed = re.findall(r"^(\d+)\. \[[^]]+\]\((\w+)\.md\)", home, re.MULTILINE)
    assert listed == [
        (str(place), page) for place, page in enumerate(re.findall(r"zh/(\w+)\.md", story)) if place
    ]


def test_the_list_decides(tiny, order):
    tiny.write(a="# A\n", b="# B\n", c="# C\n")
    tiny.name("c", "records", "a", "b")
    assert order() == ["c", "records", "a", "b"]


def test_without_a_list_it_is_the_alphabet(tiny, order):
    tiny.write(b="# B\n", a="# A\n")
    assert order() == ["a", "b", "records"]


def test_sections_titles_and_links_are_known(tiny, order):
    tiny.write(a="# A\n", b="# B\n")
    config = tiny.folder / "mkdocs.yml"
    nav = "nav:\n  - Part:\n    - Letter: zh/a.md\n    - zh/b.md\n  - There: https://example.com\n  - zh/records.md\n"
    config.write_text(config.read_text() + nav)
    assert order() == ["a", "b", "records"]


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        (
            ["records", "a"],
            "docs/zh/b.md:1: this page has no place: name zh/b.md in the list under nav in mkdocs.yml",
        ),
        (
            ["records", "a", "b", "bb"],
            "mkdocs.yml:{line}: nav names zh/bb.md, and there is no such page: did you mean",
        ),
        (["records", "a", "b", "a"], "mkdocs.yml:{line}: nav names zh/a.md on line {line} already"),
    ],
)
def test_what_is_wrong_with_the_list(tiny, listed, message):
    tiny.write(a="# A\n", b="# B\n")
    line = 1 + len((tiny.folder / "mkdocs.yml").read_text().splitlines())
    tiny.name(*listed)
    built = tiny.build("-q")
    assert built.exit_code == 1
    assert message.format(line=line) in built.output
    assert "Traceback" not in built.output


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("字" * 3000, 10),
        ("word " * 3000, 1),
        ("字" * 600 + '\n\n```python exec="on"\nsource("字")\n```\n\n' * 4, 4),
        ("    ```text\n" + "字" * 3000 + "\n    ```\n", 1),
    ],
)
def test_how_long_a_page_takes_follows_from_its_prose_and_its_blocks(text, expected):
    assert minutes(text) == expected
