"""What an author waits for under `mkdocs serve`.

From saving a page's prose until the new page is served, 0.6 times as long as with execution off.  With an
empty cache, 30 seconds until there is a site, of one run a stage.  And a program that is saved is all that
is measured again.
"""

import re
from pathlib import Path
from statistics import median

from scripts.bench.figures import alternately, row, verdict
from scripts.bench.project import Project
from scripts.bench.server import Server, serving

EDITING_BOUND = 0.6
FIRST_BOUND = 30.0
PAGE = STAGE = "threads"
"""What is changed: a page of the common kind, and its program."""
MEASURED = re.compile(r"(?:Measuring|Spoiling a page of|Running) (\S+)")
FAILED = 'class="admonition error"'


class Author:
    """Changes the prose of a page again and again, and looks at what is served."""

    def __init__(self, project: Project, server: Server) -> None:
        self._file = project.page(PAGE)
        self._text = self._file.read_text("utf-8")
        self._server = server
        self._saved = 0
        server.until_served(f"{PAGE}/")
        server.settle(self._file)

    def save(self) -> float:
        """Seconds until what was saved is seen."""
        self._saved += 1
        mark = f"改了第 {self._saved} 遍。"
        return self._server.save(self._file, f"{self._text}\n{mark}\n", f"{PAGE}/", mark)


def edit(plain: Project, ours: Project, edits: int, records: Path) -> bool:
    """Print how long an author waits for a page, without execution and with it; true when within bounds."""
    with serving(plain, plain=True) as other, serving(ours, RECORDS=str(records)) as server:
        authors = Author(plain, other), Author(ours, server)
        without, with_it = alternately(edits, *(author.save for author in authors))
        builds = [median(each.builds()[-edits:]) for each in (other, server)]
    print(row("edit, plain MkDocs", without, "s", f"from saving to served; {builds[0]:.2f} s of it building"))
    print(row("edit", with_it, "s", f"from saving to served; {builds[1]:.2f} s of it building"))
    good = verdict("edit / plain", with_it / without, EDITING_BOUND)
    return verdict("building / plain", builds[1] / builds[0], EDITING_BOUND) and good


def first(project: Project) -> bool:
    """Print how soon an empty cache shows a site, and what a saved program has measured again."""
    with serving(project) as server:
        soon = server.until_served("")
        measured = MEASURED.findall(server.said())
        names = [page.stem for page in project.pages()]
        failed = [name for name in names if FAILED in server.get(f"zh/{name}/".replace("/index/", "/"))]
        print(row("first site", soon, "s", f"{len(measured)} stages measured, {len(names)} pages"))
        server.settle(project.page(PAGE))
        before = len(MEASURED.findall(server.said()))
        program = project.folder / "snippets" / f"{STAGE}.py"
        mark = "# A word more."
        saved = server.save(program, f"{program.read_text('utf-8')}\n{mark}\n", f"{PAGE}/", mark.strip("# "))
        again = MEASURED.findall(server.said())[before:]
    print(row("saved program", saved, "s", f"measured again: {', '.join(again) or 'nothing'}"))
    good = verdict("first site", soon, FIRST_BOUND, "s")
    if failed:
        print(f"errors are shown in {', '.join(failed)}")
    if again != [STAGE]:
        print(f"{STAGE} was saved, and should have been measured again, alone")
    return good and not failed and again == [STAGE]
