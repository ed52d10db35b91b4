"""Take what the project costs whoever builds it, and judge it: exit status 1 when a bound is missed.

    python -m scripts.bench rendering
    python -m scripts.bench serve
    python -m scripts.bench builds --json docs/assets/data/builds.json
    python -m scripts.bench peers --json docs/assets/data/peers.json
    python -m scripts.bench pages

They work on copies of the project; the last one looks at a built site.  Close what else is running: every
figure is a time.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from scripts.bench import pages, peers, rendering, series, serving
from scripts.bench.peers import contest
from scripts.bench.project import BenchFailed, Project

RECORDS = "site/measurements.json"
"""Where `make site` leaves them."""
Add = Callable[..., argparse.Action]


def main() -> int:
    """Take the figures that the command line names, and return the exit status."""
    arguments = parser().parse_args()
    try:
        with tempfile.TemporaryDirectory() as folder:
            return 0 if arguments.take(arguments, Path(folder)) else 1
    except BenchFailed as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def take_rendering(arguments: argparse.Namespace, folder: Path) -> bool:
    project, written = (Project.copied(folder / name) for name in ("project", "written"))
    return rendering.compare(project, written, arguments.times, arguments.records)


def take_serve(arguments: argparse.Namespace, folder: Path) -> bool:
    plain, ours = (Project.copied(folder / name) for name in ("plain", "ours"))
    quick = serving.first(ours)
    return serving.edit(plain, ours, arguments.times, arguments.records) and quick


def take_builds(arguments: argparse.Namespace, folder: Path) -> bool:
    return series.run(Project.copied(folder), arguments.times, arguments.json)


def take_peers(arguments: argparse.Namespace, folder: Path) -> bool:
    return contest.run(folder, arguments.times, arguments.json)


def take_pages(arguments: argparse.Namespace, folder: Path) -> bool:
    return pages.run(arguments.site, arguments.times)


def parser() -> argparse.ArgumentParser:
    """What the command line may say."""
    about, _, more = (__doc__ or "").partition("\n")
    whole = argparse.ArgumentParser(
        prog="python -m scripts.bench", description=about, epilog=more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    commands = whole.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, take: Callable[..., bool], module: ModuleType, times: int, what: str) -> Add:
        told = (module.__doc__ or "").strip()
        added = commands.add_parser(
            name, help=told.partition("\n")[0], description=told,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        more = f"{what}; default: %(default)s"
        added.add_argument("--times", type=positive, default=times, metavar="N", help=more)
        added.set_defaults(take=take)
        return added.add_argument

    add = command("rendering", take_rendering, rendering, 5, "builds of each kind that measures nothing")
    add("--records", type=records, metavar="FILE", help="render these, instead of measuring first")
    add = command("serve", take_serve, serving, 7, "changes of a page")
    told = "what to render; default: %(default)s"
    add("--records", type=records, default=RECORDS, metavar="FILE", help=told)
    for add in (
        command("builds", take_builds, series, 10, "builds, one after another"),
        command("peers", take_peers, peers, 3, "builds of each kind, by each tool"),
    ):
        add("--json", type=Path, metavar="FILE", help="write the figures there, too")
    add = command("pages", take_pages, pages, 3, "runs for each page and form")
    add("--site", type=Path, default="site", metavar="FOLDER", help="look at that one; default: %(default)s")
    return whole


def records(text: str) -> Path:
    """A file of records, by its absolute path."""
    path = Path(text).resolve()
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}; `make site` leaves one in {RECORDS}")
    return path


def positive(text: str) -> int:
    """A number of times."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not at least 1")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
