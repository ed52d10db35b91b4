"""Pictures in the HTML of a page, and texts that it embeds: files of docs, and of nothing else."""

import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import get_files

from scripts.site.beside import Beside
from scripts.site.scan import PageScan


@pytest.fixture
def docs(tiny):
    """A site with a picture, and with texts in two folders."""
    zh = tiny.folder / "docs" / "zh"
    (zh / "a b.png").write_bytes(b"")
    (zh / "part").mkdir()
    (zh / "part" / "one.md").write_text(
        "---\ntitle: One\n---\n\nfirst [x](two.md)\n\n<img src='../a b.png'>\n\nlast\n"
    )
    (zh / "part" / "two.md").write_text("# Two\n")
    return tiny


def test_a_page_that_embeds_is_not_kept_when_only_it_is_the_same(docs):
    docs.write(x="# X\n")
    config = load_config(str(docs.folder / "mkdocs.yml"))
    files = get_files(config)
    page = PageScan("docs/zh/x.md")
    beside = Beside(files.src_uris["zh/x.md"], files, config, page)
    assert page.alone
    assert beside.embedded("part/two.md").text == "# Two\n"
    assert not page.alone


def exclude(docs, what):
    config = docs.folder / "mkdocs.yml"
    config.write_text(f"{config.read_text('utf-8')}exclude_docs: {what}\n")


def test_what_is_only_embedded_need_not_be_a_page(docs):
    exclude(docs, "/zh/part/")
    docs.write(x='# X\n\n<embed src="part/one.md#L5-L8"></embed>\n\n<embed src="part/two.md"></embed>\n')
    (docs.folder / "docs" / "zh" / "part" / "one.md").write_text("\n\n\n\nfirst\n\nsecond\n")
    assert docs.build("--strict").exit_code == 0
    assert "Two" in docs.page("x")
    assert not (docs.folder / "site" / "zh" / "part").exists()


def test_a_picture_that_is_not_published_is_none(docs):
    exclude(docs, "'*.png'")
    docs.write(x="<img src='a b.png'>\n")
    built = docs.build("-q")
    assert built.exit_code == 1
    assert 'docs/zh/x.md:1: <img src="a b.png">: mkdocs.yml excludes zh/a b.png' in built.output


def test_a_picture_is_found_from_the_place_of_its_page(docs):
    docs.write(x="<img src='a%20b.png?v=1'>\n\n<img src=https://example.com/c.png> <img src='/d.png'>\n")
    assert docs.build("--strict").exit_code == 0
    page = docs.page("x")
    for address in ("../a%20b.png?v=1", "https://example.com/c.png", "/d.png"):
        assert f'src="{address}"' in page


def test_a_text_is_embedded_without_its_front_matter(docs):
    docs.write(x='# X\n\n<embed src="part/one.md"></embed>\n')
    assert docs.build("--strict").exit_code == 0
    page = docs.page("x")
    assert "title: One" not in page
    assert "first" in page
    assert "last" in page
    assert 'href="../part/two/"' in page
    assert 'src="../a%20b.png"' in page


@pytest.mark.parametrize(
    ("lines", "shown"), [("L5", "first"), ("L5-L8", "first"), ("L1-L9", "first last"), ("L9", "last")]
)
def test_lines_of_a_text_are_embedded(docs, lines, shown):
    docs.write(x=f'# X\n\n<embed src="part/one.md#{lines}"></embed>\n')
    assert docs.build("--strict").exit_code == 0
    assert [word for word in ("first", "last", "title: One") if word in docs.page("x")] == shown.split()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('<img src="a.png">', '<img src="a.png">: docs has no zh/a.png'),
        ('<img src="../../mkdocs.yml">', "docs has no ../mkdocs.yml"),
        ('<embed src="part/on.md"></embed>', "docs has no zh/part/on.md, did you mean part/one.md?"),
        ('<embed src="../../secret.md"></embed>', "docs has no ../secret.md"),
        ('<embed src="/etc/x.md"></embed>', "what is embedded is Markdown beside the page"),
        ('<embed src="https://example.com/x.md"></embed>', "what is embedded is Markdown beside the page"),
        ('<embed src="a b.png"></embed>', "what is embedded is Markdown beside the page"),
        (
            '<embed src="part/one.md#RE-/^a/"></embed>',
            "lines are named as in #L1 or #L1-L10, not as #RE-/^a/",
        ),
        ('<embed src="part/one.md#L9-L12"></embed>', "there are lines 1 to 10"),
        ('<embed src="part/one.md#L9-L3"></embed>', "there are lines 1 to 10"),
        ('<embed src="x.md"></embed>', "a text embeds itself: zh/x.md → zh/x.md"),
        ('<embed src="part/away.md"></embed>', "this leads out of docs"),
    ],
)
def test_what_cannot_be_had_is_an_error_with_page_and_line(docs, text, complaint):
    (docs.folder / "secret.md").write_text("secret")
    (docs.folder / "docs" / "zh" / "part" / "away.md").symlink_to(docs.folder / "secret.md")
    docs.write(x=f"---\ntitle: X\n---\n\n# X\n\n{text}\n")
    built = docs.build("-q")
    assert built.exit_code == 1
    assert "docs/zh/x.md:7: " in built.output
    assert complaint in built.output


def test_what_is_wrong_in_an_embedded_text_is_told_by_its_own_line(docs):
    two = docs.folder / "docs" / "zh" / "part" / "two.md"
    docs.write(x='# X\n\n<embed src="part/one.md"></embed>\n\n<embed src="part/two.md"></embed>\n')
    for text, complaint in (
        ("a\n\n<Tree>", "docs/zh/part/two.md:3: <Tree> is a component"),
        (
            "a\n\n<img src=none.png>",
            'docs/zh/part/two.md:3: <img src="none.png">: docs has no zh/part/none.png',
        ),
        ("a\n\n<embed src=../x.md />", "a text embeds itself: zh/x.md → zh/part/two.md → zh/x.md"),
        (
            '---\ntitle: T\n---\n\n```python exec="on"\nbars()\n```',
            "docs/zh/part/two.md:5: a block stands in the page itself",
        ),
    ):
        two.write_text(text)
        built = docs.build("-q")
        assert built.exit_code == 1
        assert complaint in built.output
