"""The terms of the glossary in the index of the search: asked for one, the page comes first that explains it.

An entry of the index has them as ``terms``, each as one word that no text holds, so that only the whole
question is one: ``_green_thread_`` stands with the page about greenlets.  What else a page wants to be found
by, it names in its front matter: ``search: {terms: [epoll, kqueue]}``.
"""

import re
from collections.abc import Iterable
from typing import Any

from mkdocs.structure.pages import Page

from scripts.site import glossary

Entry = dict[str, Any]
"""What the search knows of a section: `location`, `title` and `text`, with a sign between Chinese words."""
BETWEEN_WORDS = "\u200b"


def as_word(term: str) -> str:
    """The term as ``docs/assets/javascripts/workers/search.js`` makes one of a question.

    Its Chinese characters stand apart, so that the theme's worker does not cut it into words.
    """
    words = re.sub(r"[\W_]+", "_", term.lower()).strip("_")
    apart = re.sub(r"(?<=[^\x00-\x7f])(?=[^\x00-\x7f])", "_", words)
    return f"_{apart}_"


def with_terms(entries: list[Entry], pages: Iterable[Page]) -> list[Entry]:
    """The entries of the search, and with each the terms that lead to it."""
    known = {page.url: page for page in pages}
    given: dict[str, list[str]] = {url: list(_named(page)) for url, page in known.items()}
    for page in known.values():
        if page.file.src_uri.endswith(glossary.NAME):
            for location, names in _explained(entries, page, known):
                given.setdefault(location, []).extend(names)
    words = {location: " ".join(dict.fromkeys(map(as_word, names))) for location, names in given.items()}
    return [
        entry | {"terms": words[at]} if words.get(at := entry["location"]) else entry for entry in entries
    ]


def _named(page: Page) -> Iterable[str]:
    """What a page says it wants to be found by."""
    return (page.meta.get("search") or {}).get("terms", [])


def _explained(entries: list[Entry], page: Page, known: dict[str, Page]) -> Iterable[tuple[str, list[str]]]:
    """Where the terms of this glossary lead: to the pages that it names and that use the word, else to it."""
    texts: dict[str, str] = {}
    for entry in entries:
        url = entry["location"].partition("#")[0]
        texts[url] = texts.get(url, "") + _plain(entry)
    beside = {other.file.src_uri: url for url, other in known.items()}
    folder = page.file.src_uri.removesuffix(glossary.NAME)
    for term in glossary.terms(page.file.content_string):
        named = [beside.get(folder + name, "") for name in term.leads_to]
        there = [url for url in named if any(name.lower() in texts.get(url, "") for name in term.names)]
        for location in there or _sections(entries, page, term.names[0]):
            yield location, term.names


def _sections(entries: list[Entry], page: Page, name: str) -> list[str]:
    """Where on the page that name stands."""
    sections = [entry for entry in entries if entry["location"].startswith(page.url)]
    return [entry["location"] for entry in sections if name.lower() in _plain(entry)][:1]


def _plain(entry: Entry) -> str:
    return f"{entry['title']} {entry['text']} ".replace(BETWEEN_WORDS, "").lower()
