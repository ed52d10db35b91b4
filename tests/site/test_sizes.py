"""What the player, the questions and the race add to what a reader loads, in bytes as they are sent: compressed."""

import gzip
import re

import pytest

from scripts.page.runner.section import CANNOT
from scripts.stages import STAGES

KB = 1 << 10
PLAYED = [stage.name for stage in STAGES if stage.name not in CANNOT]


def sent(*texts):
    return sum(len(gzip.compress(text.encode())) for text in texts)


def assets(site, name):
    """The script and the styles of that name, as far as there are."""
    files = site / "assets" / "javascripts" / f"{name}.js", site / "assets" / "stylesheets" / f"{name}.css"
    return [file.read_text("utf-8") for file in files if file.exists()]


def sections(site, page, name):
    """The sections of that class in a page."""
    text = (site / "zh" / page / "index.html").read_text("utf-8")
    return re.findall(rf'<section[^>]* class="{name}".*?</section>', text, re.DOTALL)


def test_script_and_styles_of_the_player_once_for_the_site(site):
    assert len(assets(site, "player")) == 2
    assert sent(*assets(site, "player")) <= 9 * KB


@pytest.mark.parametrize("name", PLAYED)
def test_a_player_of_a_page(site, name):
    (section,) = sections(site, name, "player")
    assert sent(section) <= 5 * KB


def test_the_race_with_its_data(site):
    (section,) = sections(site, "", "race")
    data = re.findall(r'data-run="([^"]*)"', section)
    assert len(data) == len(STAGES)
    assert len(assets(site, "race")) == 2
    assert sent(*assets(site, "race"), "".join(data)) <= 3 * KB


def test_questions_need_no_script(site):
    (styles,) = assets(site, "ask")
    assert sent(styles) <= KB
