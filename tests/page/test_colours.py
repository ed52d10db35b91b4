"""Programs in colours, which are made once, and are those of the program that is asked for."""

import pytest

from scripts.files import Cache
from scripts.page import colours


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A list of the programs that were coloured; what was kept before is out of reach."""
    made = []
    highlight = colours.highlight
    monkeypatch.setattr(colours, "KEPT", Cache(tmp_path / "colours", 1 << 20))
    monkeypatch.setattr(colours, "highlight", lambda text, *rest: made.append(text) or highlight(text, *rest))
    forget()
    yield made
    forget()


def forget():
    """As in a later build."""
    colours.coloured.cache_clear()
    colours.memo.cache_clear()


def test_a_program_is_coloured_once_and_again_by_another_pygments(made, monkeypatch):
    first = colours.coloured("x = '''\n'''\n")
    assert [line.count("<span") for line in first] == [3, 1]
    colours.memo().keep()
    forget()
    assert colours.coloured("x = '''\n'''\n") == first
    assert made == ["x = '''\n'''\n"]
    forget()
    monkeypatch.setattr(colours, "__version__", "9999")
    colours.coloured("x = '''\n'''\n")
    assert len(made) == 2
