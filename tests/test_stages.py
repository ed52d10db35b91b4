"""The list of stages agrees with the programs, with the pages and with what a typist may get wrong."""

import re
from pathlib import Path

import pytest

from scripts.stages import CASES, DEMONSTRATIONS, SNIPPETS, STAGES, UnknownStage, find

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "zh"


def order(page):
    return int(re.search(r"(?m)^order: (\d+)$", page.read_text("utf-8"))[1])


def test_each_program_is_a_stage_or_a_demonstration():
    programs = {path.stem for path in SNIPPETS.glob("*.py")}
    assert programs == {stage.name for stage in STAGES} | set(DEMONSTRATIONS)


def test_each_stage_has_a_page_and_the_pages_come_in_the_order_of_the_stages():
    pages = [PAGES / f"{stage.name}.md" for stage in STAGES]
    assert all(page.is_file() for page in pages)
    assert [order(page) for page in pages] == sorted(order(page) for page in pages)


def test_each_page_has_a_place_of_its_own():
    orders = [order(page) for page in PAGES.glob("*.md")]
    assert len(orders) == len(set(orders))


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_the_page_of_a_stage_shows_its_program_and_its_numbers(stage):
    text = (PAGES / f"{stage.name}.md").read_text("utf-8")
    assert f'source("{stage.name}"' in text
    assert re.search(rf'result\("{stage.name}[:"]', text)


def test_every_demonstration_is_run_by_a_page():
    text = "".join(page.read_text("utf-8") for page in PAGES.glob("*.md"))
    assert all(f'output("{name}")' in text for name in DEMONSTRATIONS)


def test_names_of_cases_are_found_and_a_bare_name_means_the_first_way():
    assert [find(case.name) for case in CASES] == list(CASES)
    assert find("processes").name == "processes:fork"


def test_a_misspelt_name_is_an_error_with_the_right_one():
    with pytest.raises(UnknownStage, match="did you mean 'threads'"):
        find("thread")
    with pytest.raises(UnknownStage, match="there are blocking, processes:fork"):
        find("zzz")


def test_the_ideal_of_a_stage_counts_its_downloads_one_by_one_or_all_at_once():
    assert find("blocking").ideal(0.45, 10) == pytest.approx(4.5)
    assert find("threads").ideal(0.45, 10) == pytest.approx(0.45)
