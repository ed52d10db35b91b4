"""What a web server is to send with the pages: that a browser shall run nothing but what this site brings.

It stands in ``_headers``, which Cloudflare Pages and Netlify read; CONTRIBUTING.md has a recipe for nginx.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

NAME = "_headers"
INLINE = re.compile(r"<(?P<kind>script|style)(?P<attributes>[^>]*)>(?P<text>.*?)</(?P=kind)>", re.DOTALL)
NOT_RUN = re.compile(r"\bsrc=|\btype=.?application/(?:ld\+)?json")
"""Attributes of a script that is a file of its own, or data."""
HEADERS = """\
/*
  Content-Security-Policy: {policy}
  X-Content-Type-Options: nosniff
  Referrer-Policy: strict-origin-when-cross-origin
/assets/runner/*
  Cache-Control: public, max-age=31536000, immutable
/assets/stylesheets/*
  Cache-Control: public, max-age=31536000, immutable
"""
"""What is kept for ever is named by its content."""


def publish(site: Path) -> None:
    """Write the file for the pages of that site."""
    pages = (page.read_text("utf-8") for page in site.rglob("*.html"))
    (site / NAME).write_text(HEADERS.format(policy=policy(pages)), "utf-8")


def policy(pages: Iterable[str]) -> str:
    """A content security policy (CSP level 3) for these pages.

    Scripts and styles are files of the site, or in a page and known by their hash.
    No page has style attributes.  Python in the browser is WebAssembly.
    """
    hashes = {"script": set[str](), "style": set[str]()}
    for page in pages:
        for kind, text in inline(page):
            hashes[kind].add(digest(text))
    rules = {
        "default-src": ["'self'"],  # Firefox also fetches the page that is next, under this rule
        "script-src": ["'self'", "'wasm-unsafe-eval'", *sorted(hashes["script"])],
        "style-src": ["'self'", *sorted(hashes["style"])],
        "style-src-attr": ["'unsafe-inline'"],  # Chromium itself writes some where text is edited
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items())


def inline(page: str) -> list[tuple[str, str]]:
    """Each script and style that the page itself holds: which of the two, and its text."""
    return [
        (found["kind"], found["text"])
        for found in INLINE.finditer(page)
        if not NOT_RUN.search(found["attributes"])
    ]


def digest(text: str) -> str:
    """How a policy names a script or a style: by its SHA-256."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
