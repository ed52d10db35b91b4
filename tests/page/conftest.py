"""What the tests of the vocabulary share."""

import pytest

from scripts.page import current


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
