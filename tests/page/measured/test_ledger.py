"""The ledger, to which every number of the pages leads."""

import pytest

from scripts.measure import Given, Pending
from scripts.page import current
from scripts.page.footnote import anchor
from scripts.page.measured import elsewhere, pythons
from scripts.page.measured.ledger import ledger
from scripts.stages import CASES


def pending(*asked):
    raise Pending("a result")


@pytest.mark.parametrize(("where", "name"), [(pythons, "found"), (elsewhere, "names")])
def test_what_is_pending_takes_no_target_from_the_links_to_all_else(records, monkeypatch, where, name):
    records()
    current.begin(serving=False)
    monkeypatch.setattr(Given, "finding", pending)
    monkeypatch.setattr(where, name, pending)
    shown = ledger()
    current.forget()
    assert all(f'id="{anchor(case.name)}"' in shown for case in CASES)
