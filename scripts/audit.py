"""Ask whether anything that is pinned here is known to be vulnerable: ``python -m scripts.audit``.

pip-audit asks PyPI about what the requirements pin, npm its registry about the lock files.  The exit status
is 1 when something is known, and else 2 when somebody could not be asked: to hear nothing is no good news.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.files import ROOT

PIP_AUDIT = "pip-audit==2.9.0"
"""In an environment of its own, which uv makes: what it needs is pinned nowhere, and runs nowhere else."""
REQUIREMENTS = ("requirements*.txt", "runner/requirements.txt", "scripts/bench/peers/requirements.txt")
LOCKS = ("runner", "scripts/lint")
"""Folders with a package-lock.json."""


class NotAsked(Exception):
    """The index of vulnerabilities could not be asked; the message says why."""


def main() -> int:
    """Ask both, tell what they know, and return the exit status."""
    known, unasked = [], {}
    for about, ask in [
        *((file, in_python) for file in requirements()),
        *((folder, in_npm) for folder in LOCKS),
    ]:
        try:
            known += [f"{about}: {vulnerability}" for vulnerability in ask(about)]
        except NotAsked as error:
            unasked[about] = str(error)
    for told in known:
        print(f"audit: {told}", file=sys.stderr)
    if unasked:
        why = next(iter(unasked.values()))
        told = f"no index of vulnerabilities can be asked about {', '.join(unasked)}: {why}"
        print(f"audit: {told}", file=sys.stderr)
    print(f"{len(known) or 'no'} known vulnerabilities")
    return 1 if known else 2 if unasked else 0


def requirements() -> list[str]:
    """The files of pinned requirements."""
    return [
        path.relative_to(ROOT).as_posix() for pattern in REQUIREMENTS for path in sorted(ROOT.glob(pattern))
    ]


def in_python(file: str) -> Iterator[str]:
    """What is known of the packages which that file pins; raises NotAsked."""
    command = ["--disable-pip", "--require-hashes", "--format", "json", "--requirement", file]
    yield from of_python(
        *said([sys.executable, "-m", "uv", "tool", "run", "--quiet", PIP_AUDIT, *command], ROOT)
    )


def of_python(answer: str, complaint: str) -> Iterator[str]:
    """What pip-audit says, a line for each vulnerability; raises NotAsked, which it calls a success."""
    packages = parsed(answer, complaint)["dependencies"]
    if skipped := next((each["skip_reason"] for each in packages if "skip_reason" in each), None):
        raise NotAsked(skipped)
    for package in packages:
        for each in package["vulns"]:
            mended = f", mended in {', '.join(each['fix_versions'])}" if each["fix_versions"] else ""
            yield f"{package['name']} {package['version']}: {each['id']}{mended}"


def in_npm(folder: str) -> Iterator[str]:
    """What is known of the packages which the lock file of that folder pins; raises NotAsked."""
    yield from of_npm(*said(["npm", "audit", "--package-lock-only", "--json"], ROOT / folder))


def of_npm(answer: str, complaint: str) -> Iterator[str]:
    """What npm says, a line for each package; raises NotAsked."""
    told = parsed(answer, complaint)
    if "vulnerabilities" not in told:
        raise NotAsked(told.get("message") or complaint)
    for name, each in told["vulnerabilities"].items():
        yield f"{name} {each['range']}: {each['severity']}"


def said(command: list[str], folder: Path) -> tuple[str, str]:
    """What that command prints, and the last line of its complaints; raises NotAsked where there is none."""
    try:
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")
    except OSError as error:
        raise NotAsked(f"{command[0]}: {error.strerror}") from error
    return ran.stdout, (ran.stderr.strip().splitlines() or ["it says nothing"])[-1]


def parsed(answer: str, complaint: str) -> dict[str, Any]:
    """What a command printed, read as JSON; raises NotAsked where it is none."""
    try:
        return json.loads(answer)
    except ValueError:
        raise NotAsked(complaint) from None


if __name__ == "__main__":
    sys.exit(main())
