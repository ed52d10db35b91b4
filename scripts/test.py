"""Run every test: ``python -m scripts.test``, which is what ``make test`` calls.

pytest runs twice, since a test that measures wants the machine to itself: first those marked
``measures``, one after another, then all the others, two to a core, since half of their time they
wait.  What the first half measured is handed to the second (TEST_RECORDS), which so renders the
site without measuring.  Where there is no browser, that is said first and last.
"""

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from scripts.files import ROOT

OUTPUT = ROOT / "test-output"
RECORDS = OUTPUT / "measurements.json"
HALVES = {
    "alone": ["-m", "measures and not benchmark"],
    "together": [
        "-m", "not measures and not benchmark", "-n", str(2 * (os.cpu_count() or 1)), "--dist", "worksteal",
    ],
}  # fmt: skip
"""Workers steal work from each other, since a test in a browser takes as long as a hundred others."""
NOTHING_TO_RUN = 5
"""pytest's exit status for a half without a test."""
FIREFOX = ("firefox-esr", "firefox")
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Chromium's names on various systems; first that without windows, which nobody sees and which take CPU."""
NO_BROWSER = (
    "NO BROWSER, so nobody looks at the pages: install chromium, or run "
    "`.venv/bin/python -m playwright install chromium`"
)
NO_FIREFOX = "NO FIREFOX, so the pages are looked at in Chromium alone: install firefox-esr, or firefox"


def browser() -> str | None:
    """The path of a Chromium: the system's, else Playwright's own; None where there is neither."""
    if system := next(filter(None, map(shutil.which, BROWSERS)), None):
        return system
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def firefox() -> str | None:
    """The path of the system's Firefox; None where there is none."""
    return next(filter(None, map(shutil.which, FIREFOX)), None)


def run(half: str) -> int:
    """Run one half, report to ``test-output/HALF.xml``, and return pytest's exit status."""
    report = OUTPUT / f"{half}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-rN", f"--junitxml={report}", *HALVES[half]]
    given = {"TEST_RECORDS": str(RECORDS)} if RECORDS.exists() else {}
    return subprocess.run(command, cwd=ROOT, env=os.environ | given).returncode


def outcomes(half: str) -> list[tuple[str, str]]:
    """What became of each test of that half: passed, failed or skipped, and what to say of it."""
    report = OUTPUT / f"{half}.xml"
    cases = ElementTree.parse(report).iter("testcase") if report.exists() else ()
    return [outcome(case) for case in cases]


def outcome(case: ElementTree.Element) -> tuple[str, str]:
    name = f"{case.get('classname')}::{case.get('name')}"
    if (skipped := case.find("skipped")) is not None:
        return "skipped", skipped.get("message", "")
    for kind in ("failure", "error"):
        if (found := case.find(kind)) is not None:
            return "failed", f"{name}: {found.get('message', '').strip().partition(chr(10))[0]}"
    return "passed", name


def summary(results: list[tuple[str, str]], seconds: float) -> str:
    """The counts in one line, below what failed and why anything was skipped."""
    lines = [
        f"{word.upper()} {f'{times} x ' if times > 1 else ''}{text}"
        for (word, text), times in Counter(results).items()
        if word != "passed"
    ]
    counts = Counter(word for word, _ in results)
    total = ", ".join(f"{counts[word]} {word}" for word in ("passed", "failed", "skipped"))
    return "\n".join([*lines, f"{total} in {seconds:.0f} s"])


def main() -> int:
    start = time.monotonic()
    missing = [told for told, found in ((NO_BROWSER, browser()), (NO_FIREFOX, firefox())) if not found]
    warning = "".join(f"\n{told}\n" for told in missing)
    print(warning, end="", flush=True)
    RECORDS.unlink(missing_ok=True)
    statuses = [run(half) for half in HALVES]
    results = [result for half in HALVES for result in outcomes(half)]
    print(f"\nAll tests\n{summary(results, time.monotonic() - start)}\n{warning}", end="")
    return int(any(status not in (0, NOTHING_TO_RUN) for status in statuses) or not results)


if __name__ == "__main__":
    sys.exit(main())
