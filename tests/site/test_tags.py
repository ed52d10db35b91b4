"""What breaks a rule of the markup, in a page that is built and in one that is previewed."""

import markdown
import pytest

from scripts.markup import Around
from scripts.site.failures import PageFailed
from scripts.site.scan import PageScan
from scripts.site.tags import page_markup

TEXT = """Words `<Badge type="x">` before <Badge type="x">tag</Badge>.

<Alert type="inof">

- a <Font>b</Font>

```text
<Alert>
```

</Alert>

Words behind.
"""


def rendered(page):
    return markdown.markdown(TEXT, extensions=["pymdownx.superfences", page_markup(page, Around())])


def test_anchors_in_html_are_known(tiny):
    config = tiny.folder / "mkdocs.yml"
    config.write_text(f"{config.read_text('utf-8')}validation: {{links: {{anchors: warn}}}}\n")
    links = "[a](#here) [b](#there)\n\n"
    page = f"{links}words <a id='here'></a>\n\n<div id=there></div>\n"
    tiny.write(x=page)
    assert tiny.build("--strict").exit_code == 0
    tiny.write(x=page.replace("there></div>", "elsewhere></div>"))
    built = tiny.build("--strict")
    assert built.exit_code == 1
    assert "#there" in built.output


def test_a_built_page_fails_with_its_first_fault():
    with pytest.raises(PageFailed, match=r"docs/x.md:5: .* no type is called 'x'"):
        rendered(PageScan("docs/x.md", first=5))


def test_a_previewed_page_tells_each_fault_once_and_shows_the_rest(caplog):
    page = PageScan("docs/x.md", first=5, lenient=True)
    html = rendered(page)
    assert page.failed
    assert [record.message.split(": ")[0] for record in caplog.records] == [
        f"docs/x.md:{at}" for at in (5, 7, 9)
    ]
    for shown in (
        "no type is called",
        "needs a type",
        "Words behind",
        "<code>&lt;Alert&gt;",
        "before &lt;Badge",
    ):
        assert shown in html
    assert "<code>&lt;Badge type=" in html
    assert "a &lt;Font&gt;b&lt;/Font&gt;</li>" in html
