"""What axe finds in the players and the questions once a reader has used them: nothing, however light it weighs."""

import pytest
from axe_playwright_python.sync_playwright import Axe

WITHIN = {"include": [[".player"], [".ask"], [".race"]]}
RULES = {"resultTypes": ["violations"], "preload": False}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "look"), [("callbacks", "desktop"), ("tasks", "phone"), ("", "desktop")])
def test_axe_finds_nothing_in_what_was_opened_and_played(visit, name, look, scheme):
    page = visit(f"zh/{name}/" if name else "zh/", look, scheme=scheme)
    for summary in page.locator(":is(.player, .ask) summary").all():
        summary.click()
    for press in page.locator(".player [name=wait-forward]").all():
        press.click()
    found = Axe().run(page, WITHIN, RULES).response["violations"]
    assert [(each["id"], each["impact"], node["target"]) for each in found for node in each["nodes"]] == []
