"""The built site: whole, valid, with a number for each stage, and nothing asked of anyone else."""

import gzip
import json
import os
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import jsonschema
import pytest

from scripts.site.navigation import places
from scripts.site.outputs import SCHEMA
from scripts.stages import CASES, STAGES, VARIANTS, demonstrations
from tests.conftest import build

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = sorted(page.stem for page in (ROOT / "docs" / "zh").iterdir() if page.suffix in (".md", ".ipynb"))
BASE = "http://site/"

REQUESTED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
"""What a browser asks for by itself, and under which attribute."""


def path(name):
    return "zh/index.html" if name == "index" else f"zh/{name}/index.html"


@cache
def parsed(file):
    """The page's elements, and what the parser had to put right."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return parser.parse(file.read_text("utf-8")), parser.errors


@pytest.fixture(params=[*NAMES, "/"])
def page(request, site):
    """The file of each page, and of the root."""
    return site / ("index.html" if request.param == "/" else path(request.param))


@pytest.fixture(params=[stage.name for stage in STAGES])
def stage_page(request, site):
    """The text of the page of each stage."""
    return (site / path(request.param)).read_text("utf-8")


def test_a_page_asks_two_questions_at_most_and_each_has_one_right_answer(page):
    asked = [each for each in parsed(page)[0].iter("div") if each.get("class") == "ask"]
    assert len(asked) <= 2
    assert [len(each.findall("details/p[@class='ask__right']")) for each in asked] == [1] * len(asked)


def test_the_search_of_a_page_begins_with_our_worker_which_loads_the_theme_s(page, site):
    if page != site / "index.html":  # which only leads to the first page
        config = json.loads(parsed(page)[0].find(".//script[@id='__config']").text)
        ours, theirs = urlsplit(config["search"])[2::2]
        worker = page.parent / ours
        assert worker.name == "search.js"
        assert worker.is_file()
        assert (worker.parent / theirs).is_file()


def test_no_page_shows_a_failure_or_raw_markup(page):
    text = page.read_text("utf-8")
    article = "".join(parsed(page)[0].find("body").itertext())
    assert 'class="admonition error"><p class="admonition-title">docs/' not in text
    assert 'exec="on"' not in article
    assert not re.search(r"</?(Badge|Alert|Font)\b", text)
    untold = re.findall('<span class="claim claim--untold">(.*?)。', text)
    assert [claim for claim in untold if "核心" not in claim] == []  # others may have taken all cores


def test_no_claims_one_below_the_other_stand_open(page):
    parents = {child: parent for parent in parsed(page)[0].iter() for child in parent}
    lists = [
        each for each in parents if each.tag == "ul" and len(each.findall("li/span[@class='claim']")) > 1
    ]
    assert [parents[each].get("class").split()[0] for each in lists] == ["claims"] * len(lists)


def test_no_page_shows_a_traceback_by_accident(page):
    for block in parsed(page)[0].iter("p"):
        assert "Traceback (most recent call last)" not in "".join(block.itertext())


def test_a_page_of_a_stage_shows_its_program_and_its_numbers(stage_page):
    assert 'class="result"' in stage_page
    assert re.search('class="(picture|player)"', stage_page)
    assert 'class="claim"' in stage_page
    assert "snippets/" in stage_page


def test_the_table_of_the_whole_history_has_every_case(site):
    table = parsed(site / path("index"))[0].find(".//div[@class='comparison']//table")
    rows = ["".join(row.find("th").itertext()).strip() for row in table.findall("tbody/tr")]
    assert rows == [case.title for case in CASES]


def test_no_style_stands_in_an_attribute(page):
    assert [each.attrib for each in parsed(page)[0].iter() if "style" in each.attrib] == []


NAMED_OTHERWISE = {
    ".//figure//table": "by the caption of its figure",
    ".//section[@class='player']//table": "by what unfolds it",
    ".//section[@class='race']//table": "by the label of its section",
}
BELOW_THEIR_HEADINGS = {"timeline", "records"}
"""Pages on which nothing but a table stands below each heading, which names it."""


def test_every_table_has_a_caption_or_is_named_otherwise(site):
    pages = [
        page for page in (site / "zh").glob("**/index.html") if page.parent.name not in BELOW_THEIR_HEADINGS
    ]
    nameless = []
    for page in pages:
        tree = parsed(page)[0]
        named = {table for where in NAMED_OTHERWISE for table in tree.findall(where)}
        nameless += [
            (page.parent.name, "".join(table.itertext())[:60])
            for table in tree.iter("table")
            if table not in named and not table.findtext("caption")
        ]
    assert nameless == []


def test_the_records_stand_beside_their_schema(site):
    records = json.loads((site / "measurements.json").read_text("utf-8"))
    schema = json.loads((site / SCHEMA).read_text("utf-8"))
    jsonschema.validate(records, schema)
    assert {record["stage"] for record in records["records"]} >= {case.name for case in CASES}
    known = {finding["name"] for finding in records["findings"]} | records["outputs"].keys()
    assert known >= set(demonstrations()) - {variant.name for variant in VARIANTS}


def test_pages_stand_in_the_order_of_the_stages(site):
    links = parsed(site / path("index"))[0].findall(".//nav[@data-md-level='0']//a")
    order = [link.get("href").strip("./").split("/")[-1] for link in links]
    names = [stage.name for stage in STAGES]
    assert [name for name in order if name in names] == names


def targets(page, site):
    """Every address that the page names, as element, path in the site and fragment; others' addresses as they are."""
    here = urljoin(BASE, page.relative_to(site).as_posix())
    for element in parsed(page)[0].iter():
        for attribute in ("href", "src"):
            if address := element.get(attribute):
                yield element, urljoin(here, address)


def test_links_and_anchors_lead_somewhere(page, site):
    for _, address in targets(page, site):
        if address.startswith(BASE):
            parts = urlsplit(address)
            file = site / unquote(parts.path).lstrip("/")
            file = file / "index.html" if file.is_dir() else file
            assert file.is_file(), address
            if parts.fragment and file.suffix == ".html":
                identifiers = {element.get("id") for element in parsed(file)[0].iter()}
                assert unquote(parts.fragment) in identifiers, address


def test_nothing_is_requested_of_anyone_else(page, site):
    for element, address in targets(page, site):
        if element.tag in REQUESTED and element.get("rel") != "canonical":
            assert address.startswith((BASE, "data:")), address


def test_style_sheets_and_scripts_of_our_own_name_nobody_else():
    for file in (ROOT / "docs" / "assets").rglob("*.[cj]s*"):
        text = re.sub(r"(?m)^\s*//.*$", "", file.read_text("utf-8"))
        assert "//" not in text.replace("http://www.w3.org/2000/svg", ""), file  # of a name nothing is asked


def test_html_is_valid_as_far_as_a_parser_tells(page):
    assert [error for _, error, _ in parsed(page)[1]] == []


def test_identifiers_are_given_once(page):
    identifiers = [element.get("id") for element in parsed(page)[0].iter() if element.get("id")]
    assert sorted(identifiers) == sorted(set(identifiers))


def test_pages_say_what_they_are(page):
    tree = parsed(page)[0]
    assert tree.get("lang") == "zh"
    assert tree.findtext(".//title").strip()
    assert tree.find(".//meta[@name='viewport']") is not None


def test_headings_begin_with_one_of_the_first_rank(site):
    for name in NAMES:
        article = parsed(site / path(name))[0].find(".//article")
        ranks = [
            int(element.tag[1]) for element in article.iter() if re.fullmatch("h[1-6]", str(element.tag))
        ]
        assert ranks.count(1) == 1, name
        assert all(below <= above + 1 for above, below in pairwise(ranks)), name


def test_a_notebook_is_a_page_without_styles_and_scripts_of_its_own(site):
    article = parsed(site / path("notebook"))[0].find(".//article")
    assert not [element.tag for element in article.iter() if element.tag in ("style", "script", "link")]
    assert len(list(article.iter("figure"))) >= 2  # its pictures
    sizes = {name: len(gzip.compress((site / path(name)).read_bytes())) for name in NAMES}
    assert sizes["notebook"] <= median(sizes.values()) + 15_000


def test_the_search_knows_the_notebook_by_what_its_cells_say(site):
    texts = json.loads((site / "search" / "texts.json").read_text("utf-8"))
    found = [entry for entry in texts if entry["location"].startswith("zh/notebook/")]
    text = " ".join(entry["text"] for entry in found).replace("\u200b", "")  # which parts its words
    assert "covered" in text
    assert "几个一起等" in text


def test_two_builds_from_the_same_records_are_identical_to_the_byte(site, measurements, tmp_path):
    """On another day, by another hash seed, in another time zone and language, with another mask for files."""
    day = {"SOURCE_DATE_EPOCH": "86400", "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LC_ALL": "C"}
    mask = os.umask(0o077)
    try:
        again = build(tmp_path / "again", RECORDS=str(measurements), **day)
    finally:
        os.umask(mask)
    files = {path.relative_to(site): path for path in site.rglob("*") if path.is_file()}
    assert {path.relative_to(again) for path in again.rglob("*") if path.is_file()} == files.keys()
    assert [name for name, path in files.items() if path.read_bytes() != (again / name).read_bytes()] == []


def test_the_root_leads_to_the_chinese_edition(site):
    refresh = parsed(site / "index.html")[0].find(".//meta[@http-equiv='refresh']")
    assert refresh.get("content") == "0; url=zh/"


def test_each_page_says_where_it_stands_and_leads_to_the_next(site):
    pages = [*places(ROOT / "mkdocs.yml")]
    for (uri, _), (following, _) in pairwise(pages):
        text = (site / path(Path(uri).stem)).read_text("utf-8")
        (link,) = re.findall('class="turn__next" href="([^"]*)"', text)
        assert (site / path(Path(uri).stem)).parent.joinpath(link).resolve() == (
            site / path(Path(following).stem)
        ).parent
        assert re.search(r"第 \d+ / \d+ 页，约 \d+ 分钟", text) or Path(uri).stem == "index"


def test_where_there_is_no_page_all_that_there_are_can_be_found_at_any_depth(site):
    article = next(parsed(site / "404.html")[0].iter("article"))
    links = [each.get("href") for each in article.iter("a")]
    assert all(link.startswith("/") for link in links)
    assert {f"/{path(name).removesuffix('index.html')}" for name in NAMES} <= set(links)
    assert [each.get("for") for each in article.iter("label")] == ["__search"]
