"""``python -m scripts.site``: publish the site, or export its pages."""

import argparse
import sys
from pathlib import Path

from scripts.site.export import export
from scripts.site.failures import PageFailed
from scripts.site.publish import Refused, publish


def main() -> int:
    """Do what the command line asks for; 1 if it cannot be done."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.site", description="Publish the site, or export its pages."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "publish", help="measure everything anew on the emulated link, and build a site to publish"
    )
    exporting = commands.add_parser(
        "export", help="write the pages as Markdown, with all numbers and programs"
    )
    exporting.add_argument("folder", type=Path, help="which is not there yet")
    arguments = parser.parse_args()
    try:
        if arguments.command == "publish":
            publish()
        else:
            print(f"{len(export(arguments.folder))} pages in {arguments.folder}")
    except (OSError, PageFailed, Refused) as error:
        print(f"{arguments.command}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
