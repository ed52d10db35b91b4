"""The list of stages agrees with the programs, with the pages and with what a typist may get wrong."""

import re
from pathlib import Path

import pytest

from scripts.page.measured.felt import MEASURED
from scripts.site import navigation
from scripts.stages import (
    CASES,
    FAULTS,
    SNIPPETS,
    STAGES,
    VARIANTS,
    UnknownStage,
    demonstrations,
    find,
    program,
    programs,
)

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "zh"


def test_each_program_beside_the_demonstrations_is_a_stage():
    assert {path.stem for path in SNIPPETS.glob("*.py")} == {stage.name for stage in STAGES}


def test_no_two_programs_have_one_name():
    assert len(programs()) == len(list(SNIPPETS.rglob("*.py")))


def test_a_fault_belongs_to_a_demonstration_that_there_is():
    assert FAULTS.keys() <= set(programs())


def test_a_program_is_found_by_its_name_in_whatever_folder():
    assert program("echo").parent.name == "demonstrations"
    assert program("threads").parent == SNIPPETS
    with pytest.raises(UnknownStage, match="no program 'ecko': did you mean 'echo'"):
        program("ecko")


def test_each_stage_has_a_page_and_the_pages_come_in_the_order_of_the_stages():
    listed = [name for name, _ in navigation.places(ROOT / "mkdocs.yml")]
    pages = [f"zh/{stage.name}.md" for stage in STAGES]
    assert [name for name in listed if name in pages] == pages


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_the_page_of_a_stage_shows_its_program_and_its_numbers(stage):
    text = (PAGES / f"{stage.name}.md").read_text("utf-8")
    assert f'source("{stage.name}"' in text
    assert re.search(rf'result\("{stage.name}[:"]', text)


def test_every_demonstration_is_run_by_a_page():
    places = [*PAGES.glob("*.md"), ROOT / "scripts" / "page" / "sentences.py"]
    text = "".join(place.read_text("utf-8") for place in places)
    shown = set(re.findall(r'(?:output|findings?|holds|session)\("(\w+)"', text))
    shown |= {name for name, _ in MEASURED.values()} if "found_here(" in text else set()
    shown |= {stage.name for stage in VARIANTS} if "matrix()" in text else set()
    assert set(demonstrations()) <= shown


def test_names_of_cases_are_found_and_a_bare_name_means_the_first_way():
    assert [find(case.name) for case in CASES] == list(CASES)
    assert find("processes").name == "processes:fork"


def test_a_name_may_say_how_many_pages():
    case = find("loops:uvloop@1000")
    assert (case.loop, case.pages, case.name) == ("uvloop", 1000, "loops:uvloop@1000")
    assert case.title == "各家循环（uvloop，1,000 页）"
    assert find("loops@10") == find("loops:asyncio")
    loopback = find("callbacks:loopback@100")
    assert (loopback.stage.name, loopback.link, loopback.pages) == ("callbacks", "loopback", 100)
    assert (loopback.name, loopback.title) == ("callbacks:loopback@100", "回调（回环，100 页）")
    for name in ("loops@", "loops@0", "loops@many", "loops@-1"):
        with pytest.raises(UnknownStage):
            find(name)


def test_a_misspelt_name_is_an_error_with_the_right_one():
    with pytest.raises(UnknownStage, match="did you mean 'threads'"):
        find("thread")
    with pytest.raises(UnknownStage, match="there are blocking, processes:fork"):
        find("zzz")


def test_the_ideal_of_a_stage_counts_its_downloads_one_by_one_or_all_at_once():
    assert find("blocking").ideal(0.45, 10) == pytest.approx(4.5)
    assert find("threads").ideal(0.45, 10) == pytest.approx(0.45)
