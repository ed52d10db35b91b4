"""What a web server is to send with the pages: that a browser shall run nothing but what this site brings.

It stands in ``_headers``, which Cloudflare Pages and Netlify read; CONTRIBUTING.md has a recipe for nginx.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

NAME = "_headers"
INLINE = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)
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

    Scripts are files of the site, or in a page and known by their hash; Python in the browser is WebAssembly.
    Styles may stand in a page: the runner's editor writes some, and the length of a bar is one.
    """
    hashes = sorted({digest(script) for page in pages for script in inline(page)})
    rules = {
        "default-src": ["'self'"],  # Firefox also fetches the page that is next, under this rule
        "script-src": ["'self'", "'wasm-unsafe-eval'", *hashes],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items())


def inline(page: str) -> list[str]:
    """The text of each script that the page itself holds."""
    return [found["text"] for found in INLINE.finditer(page) if not NOT_RUN.search(found["attributes"])]


def digest(script: str) -> str:
    """How a policy names a script: by its SHA-256."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
