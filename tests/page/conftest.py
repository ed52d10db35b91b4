"""What the tests of the vocabulary share."""

import pytest

from scripts.measure import dump
from scripts.page import current


@pytest.fixture
def begun(tmp_path, monkeypatch):
    """A function that begins a build which renders these results."""

    def begin(results):
        path = tmp_path / "results.json"
        dump(results, path)
        monkeypatch.setenv("RECORDS", str(path))
        current.begin(serving=False)

    yield begin
    monkeypatch.undo()
    current.forget()


@pytest.fixture
def records_given(request, monkeypatch):
    """A function that gives records, at first of every case, to whatever a page calls."""
    give = request.getfixturevalue("records")

    def begin(*given):
        give(*given)
        current.begin(serving=False)

    begin()
    yield begin
    monkeypatch.undo()
    current.forget()
