"""Templates that are compiled once, and again where what was kept of them is damaged."""

import pytest
from jinja2 import DictLoader, Environment

from scripts.files import Cache
from scripts.site import memory


@pytest.fixture
def render(tmp_path, monkeypatch):
    """A function that renders a template of that text, and gives what comes of it and how often it was compiled."""
    monkeypatch.setattr(memory, "TEMPLATES", Cache(tmp_path / "cache", 1 << 20))

    def render(text):
        compiled = []

        class Noting(Environment):
            def _compile(self, source, filename):
                compiled.append(filename)
                return super()._compile(source, filename)

        env = Noting(loader=DictLoader({"page": text}))
        memory.keep_templates(env)
        return env.get_template("page").render(), len(compiled)

    return render


def test_a_template_is_compiled_once(render):
    assert render("one {{ 1 + 1 }}") == ("one 2", 1)
    assert render("one {{ 1 + 1 }}") == ("one 2", 0)
    assert render("another {{ 1 + 1 }}") == ("another 2", 1)


@pytest.mark.parametrize(
    "spoil",
    [lambda kept: b"", lambda kept: kept[:-9], lambda kept: bytes(len(kept))],
    ids=["emptied", "cut", "NULs"],
)
def test_a_template_of_which_half_was_kept_is_compiled_again(render, tmp_path, spoil):
    render("{{ 1 + 1 }}")
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(spoil(kept.read_bytes()))
    assert render("{{ 1 + 1 }}") == ("2", 1)
    assert render("{{ 1 + 1 }}") == ("2", 0)
