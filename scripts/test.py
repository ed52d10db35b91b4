"""Run every test: ``python -m scripts.test``, which is what ``make test`` calls.

pytest runs three times, since a test that measures wants the machine to itself: those marked ``measures``
one after another, then all the others, two to a core, since half of their time they wait.  What the first
have measured is handed to the last (TEST_RECORDS), which so render the site without measuring.  While
somebody measures, most of the time both cores wait, too: that is left to those marked ``computes``, one to
a core.  Where there is no browser, that is said first and last.
"""

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from scripts.files import ROOT

OUTPUT = ROOT / "test-output"
RECORDS = OUTPUT / "measurements.json"
CORES = os.cpu_count() or 1
PARTS = {
    "alone": ["-m", "measures and not benchmark"],
    "beside": ["-m", "computes", "-n", str(CORES), "--dist", "worksteal"],
    "together": [
        "-m", "not (measures or computes or benchmark)", "-n", str(2 * CORES), "--dist", "worksteal",
    ],
}  # fmt: skip
"""Workers steal work from each other, since a test in a browser takes as long as a hundred others."""
NOTHING_TO_RUN = 5
"""pytest's exit status for a part without a test."""
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


def run_all() -> list[int]:
    """Run the parts, each to its report in ``test-output/PART.xml``, and return pytest's exit statuses."""
    with started("beside", stdout=subprocess.PIPE, start_new_session=True) as beside:
        if not make_nice(beside.pid):
            beside.kill()
            return [run(part) for part in PARTS]
        statuses = [run("alone")]
        renice(beside.pid, os.getpriority(os.PRIO_PROCESS, 0))
        assert beside.stdout
        for line in beside.stdout:  # until now it would have stood amid the other's
            print(line, end="", flush=True)
        return [*statuses, beside.wait(), run("together")]


def make_nice(session: int) -> bool:
    """Have that session run on what others leave of the processor; whether that can be undone, as by root."""
    try:
        for nice in (19, os.getpriority(os.PRIO_PROCESS, 0)):
            os.setpriority(os.PRIO_PGRP, session, nice)
    except (AttributeError, OSError):  # Windows, or nobody who may
        return False
    renice(session, 19)
    return True


def renice(session: int, nice: int) -> None:
    """Have all in that session be so nice, from 0 to 19."""
    os.setpriority(os.PRIO_PGRP, session, nice)
    # Linux may share the processor among sessions first (the autogroup feature of sched(7), since 2.6.38).
    with suppress(OSError):  # or it does not, or that one has ended
        Path(f"/proc/{session}/autogroup").write_text(f"{nice}")


def run(part: str) -> int:
    """Run one part, and return pytest's exit status."""
    with started(part) as process:
        return process.wait()


@contextmanager
def started(part: str, **how: Any) -> Iterator[subprocess.Popen[str]]:
    """A pytest that runs this part, and has ended behind the block; `how` is for Popen."""
    report = OUTPUT / f"{part}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-rN", f"--junitxml={report}", *PARTS[part]]
    env = os.environ | ({"TEST_RECORDS": str(RECORDS)} if RECORDS.exists() else {})
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # or each of a thousand interpreters compiles what it imports
    with subprocess.Popen(command, cwd=ROOT, env=env, text=True, **how) as process:
        try:
            yield process
        finally:
            process.kill()


def outcomes(part: str) -> list[tuple[str, str]]:
    """What became of each test of that part: passed, failed or skipped, and what to say of it."""
    report = OUTPUT / f"{part}.xml"
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
    statuses = run_all()
    results = [result for part in PARTS for result in outcomes(part)]
    print(f"\nAll tests\n{summary(results, time.monotonic() - start)}\n{warning}", end="")
    return int(any(status not in (0, NOTHING_TO_RUN) for status in statuses) or not results)


if __name__ == "__main__":
    sys.exit(main())
