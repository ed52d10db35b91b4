"""What is new, for who follows the site: CHANGELOG.md as the entries of a feed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from markdown import markdown

RELEASE = re.compile(r"(?m)^## \[(?P<name>[^]\n]+)\](?: - (?P<day>\d{4}-\d\d-\d\d))?$")
"""The heading of a release, as Keep a Changelog has it; what is unreleased has no day."""


@dataclass(frozen=True)
class Release:
    """An entry of the feed, with what it says as HTML."""

    name: str
    day: date
    html: str

    @property
    def updated(self) -> str:
        """When the release was published, as Atom writes a time (RFC 3339)."""
        return f"{self.day}T00:00:00Z"


def releases(changelog: str, today: date | None) -> Iterator[Release]:
    """The releases of that text, in its order; what is unreleased is published `today`, if at all.

    Raises ValueError for a day that is in no calendar.
    """
    headings = [*RELEASE.finditer(changelog)]
    ends = [heading.start() for heading in headings[1:]] + [len(changelog)]
    for heading, end in zip(headings, ends, strict=True):
        text = changelog[heading.end() : end].strip()
        day = date.fromisoformat(heading["day"]) if heading["day"] else today
        if text and day:
            yield Release(heading["name"], day, markdown(text))
