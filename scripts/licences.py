"""Under which licences is what this project uses, and what its site ships: ``python -m scripts.licences``.

They are read where packages say them: in the metadata of what is installed, and in npm's lock files.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution, distributions

from scripts.files import ROOT, say

LOCKS = ("runner/package-lock.json", "scripts/lint/package-lock.json")
UNTOLD = "not told"
MOST = 60
"""Characters of a licence's name: what is longer is its text."""
SAID_ELSEWHERE = {"axe-playwright-python": "MIT"}
"""By packages without a word of it in their metadata: in a file that they bring along."""
INSIDE = (
    ("Python's standard library", "in Pyodide", "PSF-2.0"),
    ("Emscripten's runtime", "in Pyodide", "MIT OR NCSA"),
    ("lunr, lunr-languages", "the search of mkdocs-material", "MIT, MPL-1.1"),
    ("Material Design Icons", "icons of mkdocs-material", "Apache-2.0"),
    ("Octicons", "icons of mkdocs-material", "MIT"),
    ("Font Awesome Free", "icons of mkdocs-material", "CC-BY-4.0"),
    ("Simple Icons", "icons of mkdocs-material", "CC0-1.0"),
)
"""What others bring along, which say so in no metadata; of the icons a page has those that it shows."""
HEAD = """What this site ships, and under which licence. The site itself is under the MIT License.
It ships no font: pages are set in those of the reader's system.

"""


@dataclass(frozen=True, order=True)
class Used:
    """A package, and what it says of its licence."""

    name: str
    version: str
    licence: str


def installed() -> list[Used]:
    """The Python packages of this environment."""
    return sorted({told_by(each) for each in distributions()})


def told_by(package: Distribution) -> Used:
    """What that one says: an expression, the classifiers, a short text, in this order."""
    about = package.metadata.json
    kinds = [kind.rpartition(" :: ")[2] for kind in about.get("classifier", ()) if kind.startswith("License")]
    text = str(about.get("license", "UNKNOWN"))
    brief = "" if text == "UNKNOWN" or len(text) > MOST or "\n" in text else text
    said = about.get("license_expression") or ", ".join(kinds) or brief or SAID_ELSEWHERE.get(package.name)
    return Used(package.name, package.version, str(said or UNTOLD))


def locked(file: str, *, shipped: bool = False) -> list[Used]:
    """The packages of npm which that lock file pins; those that are `shipped` are no tools of who builds."""
    packages = json.loads((ROOT / file).read_text("utf-8"))["packages"]
    return sorted(
        Used(path.rpartition("node_modules/")[2], about["version"], about.get("license", UNTOLD))
        for path, about in packages.items()
        if path and not (shipped and about.get("dev"))
    )


def pinned() -> set[str]:
    """The names of all Python packages that the requirements pin, as PyPI compares them (PEP 503)."""
    texts = (path.read_text("utf-8") for path in ROOT.glob("requirements*.txt"))
    return {normal(name) for text in texts for name in re.findall(r"(?m)^([\w.-]+)==", text)}


def normal(name: str) -> str:
    """A package's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def shipped() -> str:
    """A text for who has the site: what is in it of others."""
    theme = told_by(distribution("mkdocs-material"))
    lines = [
        f"{used.name} {used.version}: {used.licence}" for used in (theme, *locked(LOCKS[0], shipped=True))
    ]
    lines += [f"{name} ({place}): {licence}" for name, place, licence in INSIDE]
    return HEAD + "\n".join(lines) + "\n"


def everything() -> Iterator[str]:
    """A line for each package that is installed or pinned."""
    for place, used in (("Python", installed()), *((file, locked(file)) for file in LOCKS)):
        yield from (f"{place}: {each.name} {each.version}: {each.licence}" for each in used)


if __name__ == "__main__":
    say("\n".join(everything()))
