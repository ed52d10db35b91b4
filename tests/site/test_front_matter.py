"""What a page says of itself is checked, by line."""

import re

import pytest


def test_title_is_honoured(tiny):
    tiny.write(
        x="---\ntitle: 线程\ndescription: 'A: b'\nsearch: {exclude: true}\nhide: [toc]\n---\n\n# Heading\n"
    )
    assert tiny.build("--strict").exit_code == 0
    assert "<title>线程</title>" in tiny.page("x")


@pytest.mark.parametrize(
    "text", ["# Heading\n", "---\n\n---\n\n# Heading\n", "\n\n# Heading\n\n---\n\nWords: these\n"]
)
def test_a_page_need_not_say_anything(tiny, text):
    tiny.write(x=text)
    assert tiny.build("--strict").exit_code == 0


@pytest.mark.parametrize(
    ("lines", "line", "cause"),
    [
        ("\n---\ntitle: X\n---", 2, "front matter begins on the first line: take out what is above it"),
        (" \n\n---\ntitle: X\n---", 3, "front matter begins on the first line"),
        ("title: X", 1, "title: front matter stands between two lines of ---"),
        ("---\ntitle: X\n", 1, "the front matter has no end: write --- below it"),
        ("---\ntitle: X\nicon: [a\n---", 4, "the front matter is not YAML: while parsing a flow sequence, "),
        ("---\ntitle: a: b\n---", 2, "the front matter is not YAML: mapping values are not allowed here"),
        ("---\n- title\n---", 2, "the front matter is no list of keys and values"),
        ("---\ntitle: X\nTitle: Y\n---", 3, "a page says no 'Title' of itself: did you mean 'title'?"),
        ("---\norder: 3\n---", 2, "a page says no 'order' of itself: a page's place is in the list under nav"),
        ("---\ntitle: X\n\ntitle: Y\n---", 4, "title stands on line 2 already"),
        ("---\ntitle: [a, b]\n---", 2, "title is ['a', 'b'], and not a text"),
        ("---\ntitle: 2017\n---", 2, "title is 2017, and not a text"),
        ("---\ntitle:\n---", 2, "title is empty"),
        ("---\ntitle: ''\n---", 2, "title is empty"),
        ("---\nhide: toc\n---", 2, "hide is 'toc', and not a list"),
        ("---\nsearch: no\n---", 2, "search is False, and not a mapping"),
        ("---\ntitle: X\nicon: foo\n---", 3, "there is no icon 'foo'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_line(tiny, lines, line, cause):
    tiny.write(x=f"{lines}\n\n# Heading\n")
    built = tiny.build("-q")
    assert built.exit_code == 1
    assert len(re.findall(rf"docs/zh/x\.md:{line}: {re.escape(cause)}", built.output)) == 1
    assert "Traceback" not in built.output


def test_an_icon_of_the_theme_is_known_and_a_misspelt_one_is_guessed(copy):
    copy.page.write_text("---\ntitle: X\nicon: material/clok\n---\n\n# Heading\n", "utf-8")
    built = copy.run("build", "-q")
    assert built.returncode == 1
    assert (
        "docs/zh/index.md:3: there is no icon 'material/clok': did you mean 'material/clock'?" in built.stderr
    )
    copy.page.write_text("---\ntitle: X\nicon: material/clock\n---\n\n# Heading\n", "utf-8")
    built = copy.run("build", "-q")
    assert built.returncode == 0, built.stderr
