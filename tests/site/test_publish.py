"""What may be published, and what a tool does that would publish something else."""

import re
import subprocess
from xml.etree import ElementTree

import pytest

from scripts.files import ROOT
from scripts.site import publish
from scripts.site.card import PATH

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A function that publishes with a build that does nothing but end; gives what it was called with."""
    monkeypatch.setattr(publish, "ROOT", tmp_path)
    (tmp_path / "mkdocs.yml").write_text("site_name: A\nsite_url: https://async.test/\n", "utf-8")
    (tmp_path / "site").mkdir()
    (tmp_path / "docs").mkdir()
    monkeypatch.delenv("RECORDS", raising=False)
    calls = []

    def run(status=0):
        def build(command, cwd, env):
            calls.append((command, cwd, env))
            return subprocess.CompletedProcess(command, status)

        monkeypatch.setattr(publish.subprocess, "run", build)
        publish.publish()
        return calls

    return run


def test_what_is_published_is_measured_over_the_link_or_not_at_all(built, tmp_path):
    [(command, folder, environment)] = built()
    assert command[1:] == ["-m", "mkdocs", "build", "--strict"]
    assert folder == tmp_path
    assert environment["LAB_LINK"] == "emulated"


def test_a_build_that_fails_is_not_published(built):
    with pytest.raises(publish.Refused, match="the build has failed"):
        built(status=1)


def test_what_is_pending_is_not_published(built, tmp_path):
    (tmp_path / "site" / "a.html").write_text('<span class="pending">待测</span>', "utf-8")
    with pytest.raises(publish.Refused, match=r"pending in a\.html"):
        built()


@pytest.mark.parametrize("address", ["https://async-measured.example/", ""])
def test_a_site_that_does_not_know_where_it_stands_is_not_measured(built, tmp_path, address):
    (tmp_path / "mkdocs.yml").write_text(f"site_name: A\nsite_url: '{address}'\n", "utf-8")
    with pytest.raises(publish.Refused, match="set SITE_URL"):
        built()


def test_anothers_records_are_not_published(built, monkeypatch):
    monkeypatch.setenv("RECORDS", "records.json")
    with pytest.raises(publish.Refused, match=r"RECORDS=records\.json"):
        built()


def test_a_tool_that_calls_no_hook_makes_no_page(copy):
    config = copy.folder / "mkdocs.yml"
    config.write_text(re.sub(r"(?m)^hooks:\n(?:  .*\n)+", "", config.read_text("utf-8")), "utf-8")
    built = copy.run("build")
    assert built.returncode != 0
    assert "nothing in these pages would be executed here" in built.stderr
    assert not copy.page.parent.joinpath("../../site/zh/index.html").exists()


def test_the_site_says_what_is_new_and_where_robots_find_it(site):
    feed = ElementTree.parse(site / "changes.xml").getroot()
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for entry in entries:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", entry.findtext(f"{ATOM}updated"))
        assert entry.findtext(f"{ATOM}content").startswith("<")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    assert re.search(r"(?m)^Sitemap: https://.*/sitemap\.xml$", (site / "robots.txt").read_text("utf-8"))


def test_every_page_says_how_it_is_shown_beside_a_link(site):
    assert (site / PATH).read_bytes().startswith(b"\x89PNG")
    for page in (ROOT / "docs" / "zh").glob("*.md"):
        place = "zh/index.html" if page.stem == "index" else f"zh/{page.stem}/index.html"
        said = dict(
            re.findall(r'<meta property="(og:\w+)" content="([^"]*)"', (site / place).read_text("utf-8"))
        )
        assert said["og:image"].endswith(f"/{PATH}")
        assert said["og:title"]
        assert said["og:description"]
        assert said["og:url"].endswith(place.removesuffix("index.html"))
