"""What is remembered of rendered pages, and when it is forgotten."""

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from scripts.site.memory import Memory


@pytest.fixture
def config(tmp_path):
    config = MkDocsConfig()
    config.load_dict({"site_name": "x", "docs_dir": str(tmp_path), "site_dir": str(tmp_path / "site")})
    config.validate()
    config.plugins._current_plugin = "a test"
    return config


@pytest.fixture
def files(config):
    """A function that gives files of these texts."""
    return lambda **texts: Files(
        [File.generated(config, f"{name}.md", content=text) for name, text in texts.items()]
    )


def rendered(files, config, memory):
    """The page x, rendered and remembered."""
    page = Page(None, files.src_uris["x.md"], config)
    page.read_source(config)
    page.render(config, files)
    memory.keep(page, page.content)


def recalled(files, config, memory):
    """Whether what was made of the page x is taken now."""
    memory.look_at(files)
    return memory.recall(Page(None, files.src_uris["x.md"], config))


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({}, True),
        ({"y": "another"}, True),
        ({"x": "another"}, False),
        ({"glossary": "another"}, False),
        ({"z": "a new page"}, False),
    ],
    ids=["nothing", "another page", "the page", "the glossary", "a new page"],
)
def test_a_page_is_taken_as_it_was_unless_what_it_depends_on_has_changed(config, files, changes, taken):
    texts = {"x": "# X\n", "y": "# Y\n", "glossary": "# Terms\n"}
    memory = Memory()
    memory.begin(())
    memory.look_at(files(**texts))
    rendered(files(**texts), config, memory)
    assert recalled(files(**texts | changes), config, memory) is taken
