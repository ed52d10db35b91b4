"""The front matter decides where a page stands, and what it is called."""

import pytest

ORDER = """
from mkdocs.plugins import event_priority
@event_priority(-100)
def on_nav(nav, config, files):
    print("nav:", " ".join(page.file.name for page in nav.pages))
"""


def page(title, order):
    return f"---\ntitle: {title}\n{order}\n---\n\n# Heading\n"


@pytest.fixture
def order(tiny):
    """Build the tiny site, and return its pages in the order of the navigation."""

    def build():
        (tiny.folder / "nav.py").write_text(ORDER)
        config = tiny.folder / "mkdocs.yml"
        config.write_text(config.read_text().replace("hooks: [", 'hooks: ["nav.py", '))
        built = tiny.build("--strict")
        assert built.exit_code == 0, built.output
        return next(line.split()[1:] for line in built.output.splitlines() if line.startswith("nav:"))

    return build


def test_order_decides_then_the_name(tiny, order):
    tiny.write(
        a=page("A", "order: 10"), b=page("B", "order: 9.5"), c=page("C", "order: -1"), e="# E\n", d="# D\n"
    )
    assert order() == ["c", "b", "a", "d", "e", "records"]


def test_title_is_honoured(tiny, order):
    tiny.write(x=page("线程", "order: 1"))
    order()
    assert "<title>线程</title>" in tiny.page("x")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (page("X", "order: third"), "docs/zh/x.md:3: order is 'third'"),
        (page("X", "order: '3'"), "docs/zh/x.md:3: order is '3'"),
        (page("X", "order: true"), "docs/zh/x.md:3: order is True"),
        (page("X", "order:"), "docs/zh/x.md:3: order is None"),
        (page("X", "order: .nan"), "docs/zh/x.md:3: order is nan"),
        (page("[X", "order: 1"), "docs/zh/x.md:1: the front matter is not YAML"),
    ],
)
def test_an_order_that_is_no_number(tiny, text, message):
    tiny.write(x=text)
    built = tiny.build("-q")
    assert built.exit_code == 1
    assert message in built.output
    assert "Traceback" not in built.output
