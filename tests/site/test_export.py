"""The pages as Markdown that needs no engine of this project."""

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from scripts.page import current
from scripts.site.export import export, exported
from scripts.site.failures import PageFailed


class Figures(HTMLParser):
    """The numbers with a provenance, in their order: what stands in each `figure` before its note."""

    def __init__(self):
        super().__init__()
        self.found, self.within = [], False

    def handle_starttag(self, tag, attrs):
        self.within = tag == "span" and dict(attrs).get("class") == "figure"

    def handle_data(self, data):
        if self.within:
            self.found.append(data)
            self.within = False


def figures(html):
    parser = Figures()
    parser.feed(html)
    return parser.found


@pytest.fixture
def begun(records):
    """Records are given, and the next call begins with them."""
    records()
    current.forget()
    yield
    current.forget()


def test_every_number_of_the_site_is_in_the_words_that_are_left(site, measurements, tmp_path, monkeypatch):
    monkeypatch.setenv("RECORDS", str(measurements))
    current.forget()
    pages = export(tmp_path / "words")
    current.forget()
    read = MarkdownIt("commonmark", {"html": True}).enable("table")
    for page in pages:
        if page.suffix == ".md":
            published = (
                (site / "zh" / page.stem / "index.html") if page.stem != "index" else site / "zh/index.html"
            )
            article = re.search(r"(?s)<article.*</article>", published.read_text("utf-8"))[0]
            text = page.read_text("utf-8")
            assert figures(read.render(text)) == figures(article), page.stem
            assert "{{" not in re.sub(r"(?s)```.*?```|`[^`\n]*`", "", text)
            assert 'exec="on"' not in text
            assert "???" not in text


@pytest.mark.usefixtures("begun")
def test_calls_are_shown_in_their_place_and_code_is_left_alone():
    text = '---\ntitle: T\n---\n\n用了 {{ figure("blocking", "wall") }}，写作 `{{ figure() }}`。\n\n```text\n{{ x }}\n```\n'
    shown = exported(text, "docs/zh/x.md")
    assert shown.startswith("---\ntitle: T\n---\n")
    assert '用了 <span class="figure"' in shown
    assert "写作 `{{ figure() }}`。\n\n```text\n{{ x }}\n```\n" in shown


@pytest.mark.usefixtures("begun")
def test_a_box_that_folds_folds_without_us_and_what_it_calls_is_in_it():
    text = '# T\n\n??? note "`a` 与 b"\n\n    词\n\n    ```python exec="on"\n    difference("threads")\n    ```\n\n后来\n'
    shown = exported(text, "docs/zh/x.md")
    html = MarkdownIt("commonmark", {"html": True}).render(shown)
    assert re.search(
        r"(?s)<details>.*<code>a</code> 与 b</p>\n</summary>\n<p>词</p>.*max_workers.*</details>\n<p>后来</p>",
        html,
    )


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    "text",
    [
        '---\ntitle: T\n---\n\n{{ figur("x") }}\n',
        '---\ntitle: T\n---\n```python exec="on"\nfigur("x")\n```\n',
    ],
)
def test_a_mistake_is_told_by_page_and_line(text):
    with pytest.raises(
        PageFailed, match=r"^docs/zh/x\.md:5: the vocabulary has no 'figur': did you mean 'figure"
    ):
        exported(text, "docs/zh/x.md")


def test_what_is_there_is_not_written_over(tmp_path):
    with pytest.raises(FileExistsError):
        export(tmp_path)
