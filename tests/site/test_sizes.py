"""What the player, the questions and the race add to what a reader loads, in bytes as they are sent: compressed."""

import gzip
import re

import pytest

from scripts.files import ROOT
from scripts.page.runner.section import CANNOT
from scripts.stages import STAGES

ASSETS = ROOT / "docs" / "assets"
KB = 1 << 10
PLAYED = [stage.name for stage in STAGES if stage.name not in CANNOT]


def sent(*texts):
    return sum(len(gzip.compress(text.encode())) for text in texts)


def assets(name):
    """The script and the styles of that name, as far as there are; the site has all of them in two files."""
    files = ASSETS / "javascripts" / f"{name}.js", ASSETS / "stylesheets" / f"{name}.css"
    return [file.read_text("utf-8") for file in files if file.exists()]


def sections(site, page, name):
    """The sections of that class in a page."""
    text = (site / "zh" / page / "index.html").read_text("utf-8")
    return re.findall(rf'<section[^>]* class="{name}".*?</section>', text, re.DOTALL)


def test_script_and_styles_of_the_player_once_for_the_site():
    assert len(assets("player")) == 2
    assert sent(*assets("player")) <= 9 * KB


@pytest.mark.parametrize("name", PLAYED)
def test_a_player_of_a_page(site, name):
    players = sections(site, name, "player")
    assert players
    assert all(sent(each) <= 5 * KB for each in players)


def test_the_race_with_its_data(site):
    (section,) = sections(site, "", "race")
    data = re.findall(r'data-run="([^"]*)"', section)
    assert len(data) == len(STAGES)
    assert len(assets("race")) == 2
    assert sent(*assets("race"), "".join(data)) <= 3 * KB


def test_questions_need_no_script():
    (styles,) = assets("ask")
    assert sent(styles) <= KB
