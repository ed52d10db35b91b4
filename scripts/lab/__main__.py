"""Run a command in the lab, where example.com is a local origin a chosen round trip away.

python -m scripts.lab --rtt 0.15 -- curl http://example.com/
"""

import argparse
import os
import sys

from scripts.lab.environment import bare_environment, is_proxy
from scripts.lab.run import run
from scripts.lab.settings import LINKS, Fault, LabError, Settings

DOES = "Run a command in the lab, where example.com is a local origin a chosen round trip away."
UNAVAILABLE = 125
"""Exit status when the lab itself fails, as env(1) and timeout(1) have it."""


def main() -> int:
    """Run the command line's command and return its exit status, 128 + n when signal n ended it."""
    arguments = _parser().parse_args()
    try:
        settings = Settings(
            arguments.link,
            arguments.rtt,
            arguments.service_time,
            arguments.body_size,
            tuple(Fault.parse(spec) for spec in arguments.fault),
            arguments.connections,
        )
        outcome = run(
            arguments.command, settings, env=environment(arguments.env),
            readable=arguments.read, writable=arguments.write,
        )  # fmt: skip
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return UNAVAILABLE
    except KeyboardInterrupt:
        return 130
    for note in outcome.notes:
        print(f"lab: {note}", file=sys.stderr)
    return outcome.returncode if outcome.returncode >= 0 else 128 - outcome.returncode


def environment(names: list[str]) -> dict[str, str]:
    """The variables that the command gets: the few that it needs, and these; raises LabError."""
    for name in names:
        if name not in os.environ:
            raise LabError(f"--env {name}: there is no such variable here")
        if is_proxy(name):
            raise LabError(f"--env {name}: there is no way to a proxy in the lab")
    return bare_environment(names)


def _parser() -> argparse.ArgumentParser:
    default = Settings()
    parser = argparse.ArgumentParser(prog="python -m scripts.lab", description=DOES)
    parser.add_argument("--link", choices=LINKS, default=default.link, help="default: %(default)s")
    parser.add_argument("--rtt", type=float, default=default.rtt, metavar="SECONDS")
    parser.add_argument("--service-time", type=float, default=default.service_time, metavar="SECONDS")
    parser.add_argument("--body-size", type=int, default=default.body_size, metavar="BYTES")
    parser.add_argument(
        "--fault", action="append", default=[], metavar="KIND@TARGET",
        help="refuse@N (the n-th connection), or reset, truncate, drip or silent @PATH; may be repeated",
    )  # fmt: skip
    at_once = "how many there may be at once; default: %(default)s"
    parser.add_argument("--connections", type=int, default=default.connections, metavar="N", help=at_once)
    for name, help_text in (
        ("env", "pass this variable on, beside the few that every program needs; may be repeated"),
        ("read", "show the command this file or folder, too; may be repeated"),
        ("write", "let the command write to this folder; may be repeated"),
    ):
        metavar = "NAME" if name == "env" else "PATH"
        parser.add_argument(f"--{name}", action="append", default=[], metavar=metavar, help=help_text)
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    return parser


if __name__ == "__main__":
    sys.exit(main())
