"""Break it on purpose, in a thousand ways and more, and see that nothing is lost, left behind, or silent.

    python -m tests.torture --json docs/assets/data/torture.json
    python -m tests.torture --seed 7 kill_a_build:31 spoil_records

A fault follows from its seed, its kind and its number, so that it can be had again.  Exit status 1 when
anything broke.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec import to_builtins

from scripts.files import write_atomically
from scripts.measure import provenance
from scripts.measure.interpreters import this
from scripts.measure.record import now
from scripts.stages import hint
from tests.torture.campaign import Campaign, Verdict
from tests.torture.kinds import KINDS
from tests.torture.labs import RTT

SEED = 1
HELD = ("right", "told")
BROKEN = ("lost", "left", "silent", "hung")


def main() -> int:
    """Inject what the command line asks for, and return the exit status."""
    arguments = parser().parse_args()
    plan = [fault for asked in arguments.faults or KINDS for fault in faults(asked, arguments.share)]
    plan.sort(key=lambda fault: (fault[1] / KINDS[fault[0]].times, fault[0]))
    begun, verdicts = time.monotonic(), []
    with tempfile.TemporaryDirectory() as folder:
        for verdict in Campaign(arguments.seed, Path(folder)).run(plan, arguments.at_once):
            verdicts.append(verdict)
            show(verdict, len(verdicts), len(plan))
    seconds = time.monotonic() - begun
    print(
        "\n".join(
            ["", *table(verdicts), f"{len(verdicts)} faults by seed {arguments.seed} in {seconds:.0f} s"]
        )
    )
    if arguments.json:
        write_atomically(
            arguments.json, json.dumps(report(verdicts, arguments.seed, seconds), indent=1) + "\n"
        )
    return int(any(verdict.how in BROKEN for verdict in verdicts))


def faults(asked: str, share: int) -> list[tuple[str, int]]:
    """The faults of that kind, or of each a `share`-th part; or the one that it names."""
    kind, _, number = asked.partition(":")
    return [(kind, int(number))] if number else [(kind, each) for each in range(0, KINDS[kind].times, share)]


def fault(text: str) -> str:
    """What names a kind of fault, or one of its faults."""
    kind, colon, number = text.partition(":")
    if kind not in KINDS or (colon and not number.isdecimal()):
        raise argparse.ArgumentTypeError(f"no fault is called {text!r}{hint(kind, list(KINDS))}")
    return text


def show(verdict: Verdict, done: int, of: int) -> None:
    """Tell at once of what broke, and on a terminal how far it has come."""
    if verdict.how in BROKEN:
        print(f"{verdict.kind}:{verdict.number} {verdict.how.upper()} {verdict.told}", flush=True)
    if sys.stdout.isatty():
        print(f"{done} of {of}", end="\r", flush=True)


def table(verdicts: Sequence[Verdict]) -> list[str]:
    """How many of each kind ended how."""
    line = "{:36}{:>8}" + "{:>8}" * len(HELD + BROKEN)
    kinds = [kind for kind in KINDS if any(verdict.kind == kind for verdict in verdicts)]
    rows = [[kind, *counts(verdicts, kind).values()] for kind in kinds]
    return [line.format(*cells) for cells in (["", "faults", *HELD, *BROKEN], *rows)]


def counts(verdicts: Sequence[Verdict], kind: str) -> dict[str, int]:
    """How many faults of that kind there were, and how they ended."""
    ended = Counter(verdict.how for verdict in verdicts if verdict.kind == kind)
    return {"faults": ended.total()} | {how: ended[how] for how in HELD + BROKEN}


def report(verdicts: Sequence[Verdict], seed: int, seconds: float) -> dict[str, object]:
    """The campaign as `scripts.page.benchmarks.torture` reads it."""
    kinds = [{"kind": kind, **counts(verdicts, kind)} for kind in KINDS]
    about = {"measured_at": now(), "commit": provenance.commit(), **provenance.machine(this())}
    lab = {"link": "emulated", "rtt": RTT, "service_time": RTT}
    return to_builtins(about | lab | {"seed": seed, "seconds": round(seconds), "kinds": kinds})


def parser() -> argparse.ArgumentParser:
    about, _, more = (__doc__ or "").partition("\n")
    made = argparse.ArgumentParser(
        prog="python -m tests.torture", description=about, epilog=more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    made.add_argument("--seed", type=int, default=SEED, metavar="N", help="default: %(default)s")
    made.add_argument("--share", type=int, default=1, metavar="N", help="every n-th of each kind")
    made.add_argument("faults", nargs="*", type=fault, metavar="KIND[:NUMBER]", help=f"of {', '.join(KINDS)}")
    at_once = "default: two for each core, since half of their time they wait"
    made.add_argument("--at-once", type=int, default=2 * (os.cpu_count() or 1), metavar="N", help=at_once)
    made.add_argument("--json", type=Path, metavar="FILE", help="write the counts there, too")
    return made


if __name__ == "__main__":
    sys.exit(main())
