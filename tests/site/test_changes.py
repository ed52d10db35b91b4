"""CHANGELOG.md as a feed."""

from datetime import date

import pytest

from scripts.files import ROOT
from scripts.site.changes import Release, releases

CHANGELOG = """# Changelog

Words.

## [Unreleased]

### Added

- A page.

## [1.0] - 2026-02-03

- *All*.
"""
TODAY = date(2026, 5, 6)


def test_each_release_is_an_entry_with_its_day():
    assert [*releases(CHANGELOG, TODAY)] == [
        Release("Unreleased", TODAY, "<h3>Added</h3>\n<ul>\n<li>A page.</li>\n</ul>"),
        Release("1.0", date(2026, 2, 3), "<ul>\n<li><em>All</em>.</li>\n</ul>"),
    ]


def test_what_is_unreleased_is_left_out_where_nothing_was_measured_or_nothing_is_said():
    assert [release.name for release in releases(CHANGELOG, None)] == ["1.0"]
    assert [
        release.name for release in releases(CHANGELOG.replace("### Added\n\n- A page.\n", ""), TODAY)
    ] == ["1.0"]


def test_a_day_that_there_is_not_is_an_error():
    with pytest.raises(ValueError, match="day .*range"):
        [*releases(CHANGELOG.replace("02-03", "02-30"), TODAY)]


def test_the_projects_own_is_read():
    assert [*releases((ROOT / "CHANGELOG.md").read_text("utf-8"), TODAY)]
