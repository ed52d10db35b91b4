"""What execution costs: builds the same pages without it, from given records, and measuring.

    python -m scripts.bench

Rendering may take 1.5 times as long as a MkDocs build with execution off, and a measuring
build what rendering takes, the sum of the samples, and 0.3 s a run.  Exit status 1 when not.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
RENDERING_BOUND = 1.5
OVERHEAD_BOUND = 0.3
"""Seconds for each run, beyond the run's own sample."""

MKDOCS = ["-m", "mkdocs", "build", "--quiet", "--site-dir"]
WITHOUT_EXECUTION = """
import sys
from mkdocs.commands.build import build
from mkdocs.config import load_config

config = load_config(site_dir=sys.argv[1], hooks=[])
config.plugins.on_startup(command="build", dirty=False)
build(config)
config.plugins.on_shutdown()
"""
"""The same pages without the project's hook, so that each block is only shown."""


def main() -> int:
    """Build in the three ways, print how they compare, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--builds", type=int, default=3, metavar="N", help="of each that measures nothing")
    builds = parser.parse_args().builds
    with tempfile.TemporaryDirectory() as folder:
        try:
            good = compare(Path(folder), max(builds, 1))
        except subprocess.CalledProcessError as error:
            print(f"bench: a build failed\n{error.stdout}", file=sys.stderr)
            return 1
    return 0 if good else 1


def compare(folder: Path, builds: int) -> bool:
    """Print the three times and the two figures; true when both are within their bounds."""
    measuring = build(folder / "measured")
    records = folder / "measured" / "measurements.json"
    plain, rendering = alternately(
        builds,
        lambda: build(folder / "plain", "-c", WITHOUT_EXECUTION),
        lambda: build(folder / "rendered", RECORDS=str(records)),
    )
    walls = sample_walls(records)
    overhead = (measuring - rendering - sum(walls)) / len(walls)
    print(f"plain MkDocs         {plain:7.2f} s  execution off")
    print(f"rendering            {rendering:7.2f} s  from records")
    print(f"measuring            {measuring:7.2f} s  {len(walls)} runs, {sum(walls):.2f} s of samples")
    fast = verdict("rendering / plain", rendering / plain, RENDERING_BOUND, "")
    return verdict("overhead of a run", overhead, OVERHEAD_BOUND, " s") and fast


def build(site: Path, *program: str, **environment: str) -> float:
    """Seconds that one build takes; raises CalledProcessError with what it printed."""
    command = [sys.executable, *(program or MKDOCS), str(site)]
    inherited = {name: value for name, value in os.environ.items() if name != "RECORDS"}
    start = time.perf_counter()
    subprocess.run(
        command, cwd=ROOT, env=inherited | environment, check=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    return time.perf_counter() - start


def alternately(times: int, *builds: Callable[[], float]) -> list[float]:
    """The median of each kind of build; in turn, so that a busy moment meets all of them."""
    rounds = [[one() for one in builds] for _ in range(times)]
    return [median(seconds) for seconds in zip(*rounds, strict=True)]


def sample_walls(records: Path) -> list[float]:
    """The seconds of every sample in that file."""
    document = json.loads(records.read_text("utf-8"))
    return [sample["wall"] for record in document["records"] for sample in record["samples"]]


def verdict(name: str, figure: float, bound: float, unit: str) -> bool:
    """Print a figure beside its bound; true when it is within."""
    good = figure <= bound
    print(f"{name:20} {figure:7.2f}{unit or '  '}  {'within' if good else 'MORE THAN'} {bound}{unit}")
    return good


if __name__ == "__main__":
    sys.exit(main())
