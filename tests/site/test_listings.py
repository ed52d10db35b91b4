"""Listings, which are coloured once, and again once anything has changed from which they follow."""

import pytest

from scripts.files import Cache
from scripts.site import listings

EXTENSIONS = ["pymdownx.superfences"]
OPTIONS = {"pymdownx.highlight": {"pygments_lang_class": True}}


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A function that makes the HTML of a listing in a later process, and gives it and what was asked to make it."""
    monkeypatch.setattr(listings, "KEPT", Cache(tmp_path / "cache", 1 << 20))
    code = tmp_path / "markup"
    code.mkdir()
    (code / "tree.py").write_text("first = 1\n", "utf-8")
    monkeypatch.setattr(listings, "CODE", code)

    def made(text, extensions=EXTENSIONS, options=OPTIONS):
        listings._memo.cache_clear()
        asked = []
        memo = listings.memo(extensions, options)
        html = memo.made(text, lambda text: asked.append(text) or f"<pre>{text}</pre>")
        memo.keep()
        return html, asked

    return made


def test_a_listing_is_made_once(made):
    assert made("x = 1") == ("<pre>x = 1</pre>", ["x = 1"])
    assert made("x = 1") == ("<pre>x = 1</pre>", [])
    assert made("x = 2") == ("<pre>x = 2</pre>", ["x = 2"])


def test_a_listing_is_made_again_with_other_extensions_options_packages_or_code(made, tmp_path, monkeypatch):
    made("x = 1")
    assert made("x = 1", extensions=[*EXTENSIONS, "toc"])[1]
    assert made("x = 1", options={"pymdownx.highlight": {"linenums": True}})[1]
    (tmp_path / "markup" / "tree.py").write_text("first = 2\n", "utf-8")
    assert made("x = 1")[1]
    assert not made("x = 1")[1]
    monkeypatch.setattr(listings, "version", lambda name: "0")
    assert made("x = 1")[1]
