"""What execution costs: the same pages without it, from given records, and measuring.

Rendering may take as long as MkDocs alone takes for the same pages with all results written into them; at
first, when no earlier build has left words, templates and listings, 1.15 times as long.  It may take 1.3
times as long as MkDocs takes with execution off, when the blocks are all that there is to show.  (The
notebook, executed once for the same records, counts for nothing.)  A measuring build may take, beside that,
the sum of its samples and 0.3 s for each of them.  What it runs that is no sample (a stage under a fault, a
demonstration, a program for what it prints) is work of its own: that time is shown, and not counted.
"""

import json
import shutil
from pathlib import Path

from scripts.bench.figures import alternately, row, verdict
from scripts.bench.project import Project
from scripts.bench.stopwatch import Span, covered

FIRST_BOUND = 1.15
RENDERING_BOUND = 1.0
"""Both beside MkDocs alone, for pages that have their results in them."""
OFF_BOUND = 1.3
"""Beside MkDocs with execution off, at first, too."""
OVERHEAD_BOUND = 0.3
"""Seconds for each run, beyond the run's own sample."""
KEPT = ("colours", "listings", "templates", "words")
"""What a build leaves in the cache for the rendering of later ones."""


def compare(project: Project, written: Project, builds: int, given: Path | None) -> bool:
    """Print what each kind of build takes; true when the figures are within their bounds.

    Into the pages of the copy `written` go the results.
    """
    records = given or project.folder / "measured" / "measurements.json"
    measuring, spans = (0.0, []) if given else measured(project)

    def render() -> float:
        return project.build("rendered", RECORDS=str(records))

    def render_first() -> float:
        forget(project)
        return render()

    render()  # Python compiles what it imports, once
    written.write_results(records)
    off, plain, first, rendering = alternately(
        builds,
        lambda: project.build("plain", plain=True),
        lambda: written.build("plain", plain=True),
        render_first,
        render,
    )
    print(row("execution off", off, "s", "MkDocs alone, for pages with blocks in them"))
    print(row("plain MkDocs", plain, "s", "MkDocs alone, for pages with the results in them"))
    print(row("rendering, at first", first, "s", "from records, nothing kept by a build before"))
    print(row("rendering", rendering, "s", "from records, words, templates and listings kept"))
    good = [
        verdict("at first / plain", first / plain, FIRST_BOUND),
        verdict("rendering / plain", rendering / plain, RENDERING_BOUND),
        verdict("at first / off", first / off, OFF_BOUND),
        verdict("rendering / off", rendering / off, OFF_BOUND),
        given is not None or account(measuring - first, spans),
    ]
    return all(good)


def measured(project: Project) -> tuple[float, list[Span]]:
    """Seconds of a build that measures, with nothing kept, and what it spent them on; raises BenchFailed."""
    notes, site = project.folder / "spans.json", str(project.folder / "measured")
    options = project.mkdocs("build", "--quiet", "--site-dir", site)[2:]
    spent = project.run("-m", "scripts.bench.stopwatch", str(notes), *options)
    return spent, json.loads(notes.read_text("utf-8"))


def forget(project: Project) -> None:
    """Have the next build render as the first one in a fresh clone does."""
    for name in KEPT:
        shutil.rmtree(project.folder / ".cache" / name, ignore_errors=True)


def account(spent: float, spans: list[Span]) -> bool:
    """Print what the seconds beside rendering went into; true when few enough are left for each run."""
    walls = [wall for span in spans for wall in span["walls"]]
    others = [span for span in spans if span["kind"] != "measure"]
    aside = covered(others)
    print(row("measuring", spent, "s", "beside rendering"))
    print(row("- samples", sum(walls), "s", f"of {len(walls)} runs"))
    print(row("- not counted", aside, "s", f"{len(others)} faults, demonstrations and printed programs"))
    return verdict("overhead of a run", overhead(spent, walls, aside), OVERHEAD_BOUND, "s")


def overhead(spent: float, walls: list[float], aside: float) -> float:
    """Seconds of measuring that were neither sample nor other work, for each sample."""
    return (spent - sum(walls) - aside) / len(walls)
