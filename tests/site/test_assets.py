"""The project's own style sheets and scripts: a file of each kind, which has another name when it is changed."""

import pytest

TEMPLATE = "{% for path in config.extra_css + config.extra_javascript %}<b>{{ path }}</b>{% endfor %}{{ page.content }}"


@pytest.fixture
def joined(tiny):
    """A function that builds the site with that style sheet, and returns the names and contents of its assets."""
    (tiny.folder / "theme" / "main.html").write_text(TEMPLATE)
    with (tiny.folder / "mkdocs.yml").open("a") as config:
        config.write("extra_css: [b.css, a.css]\nextra_javascript: [a.js, {path: b.js}]\n")
    tiny.write(page="# 页\n")

    def build(css):
        for name, text in {"a.css": css, "b.css": "b {}", "a.js": "let a", "b.js": "let b"}.items():
            (tiny.folder / "docs" / name).write_text(text)
        assert tiny.build("--strict").exit_code == 0
        site = tiny.folder / "site"
        found = {path.name: path.read_text() for path in site.rglob("*") if path.suffix in (".css", ".js")}
        page = tiny.page("page")
        assert all(f"/{name}</b>" in page for name in found)
        return found

    return build


def test_there_is_one_of_each_in_the_order_of_the_configuration(joined):
    assert sorted(joined("a {}").values()) == ["b {}\na {}", "let a\nlet b"]


def test_what_is_changed_has_another_name_and_nothing_else_has(joined):
    before, after = joined("a {}"), joined("a { color: red }")
    assert len(before.keys() & after.keys()) == 1
    assert [name for name in before.keys() & after.keys() if name.endswith(".js")]


def test_one_that_is_not_there_is_named(tiny):
    with (tiny.folder / "mkdocs.yml").open("a") as config:
        config.write("extra_css: [no.css]\n")
    tiny.write(page="# 页\n")
    built = tiny.build()
    assert built.exit_code == 1
    assert "mkdocs.yml names no.css, and there is no such file in docs/" in built.output
