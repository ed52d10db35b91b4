"""The whole site to take away: a zip, read from its files, whose size the page says that links to it."""

import zipfile
from pathlib import Path

NAME = "offline.zip"
FOLDER = "async-measured"
NEEDS_A_SERVER = ("assets/runner/", "assets/javascripts/workers/", "assets/javascripts/lunr/", "search/")
"""Python in the browser and the search, which no browser lets a page have that it reads from a file."""
FOR_SERVERS = {"_headers", "keep.js", "robots.txt", "sitemap.xml", "sitemap.xml.gz", "404.html", NAME}
SIZE = f"<!-- size of {NAME} -->"
"""Where a page wants it."""
ABSENT = "（构建时才做，预览里没有）"


def publish(site: Path) -> None:
    """Make the zip of that site, the same for the same pages, and say its size where it is wanted."""
    with zipfile.ZipFile(site / NAME, "w") as archive:
        for path in sorted(path for path in site.rglob("*") if path.is_file()):
            name = path.relative_to(site).as_posix()
            if name not in FOR_SERVERS and not name.startswith(NEEDS_A_SERVER) and path.suffix != ".map":
                entry = zipfile.ZipInfo(f"{FOLDER}/{name}")  # of 1980, whenever it is made
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    size = (site / NAME).stat().st_size
    for page in site.rglob("*.html"):
        if SIZE in (html := page.read_text("utf-8")):
            page.write_text(html.replace(SIZE, f"，{size / 1e6:.1f} MB"), "utf-8")


def left_out(html: str) -> str:
    """A page of a preview, which has no zip, and says so where a page has its size."""
    return html.replace(SIZE, ABSENT)
