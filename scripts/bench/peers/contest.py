"""All tools in turn, several rounds: what each build took, and whether ours is ahead."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from scripts import lab
from scripts.bench.peers import environment
from scripts.bench.peers.tools import NEAR, PEERS, PROGRAMS, WORDS, Ours, Tool
from scripts.bench.project import BenchFailed, surroundings
from scripts.files import write_atomically
from scripts.lab import LabError
from scripts.measure import provenance
from scripts.measure.interpreters import this
from scripts.stages import find

KINDS = ("cold", "unchanged", "edited")
EDITED = "threads"
"""Whose page an author changes."""
OTHER_WORDS = "十页，一个程序，改了一个字。"
SAID = re.compile(r"\b10 pages in ([\d.]+) s")
CLOCK = """
import subprocess, sys, time
start = time.perf_counter()
status = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w") as file:
    file.write(str(time.perf_counter() - start))
sys.exit(status)
"""
"""Within the lab, whose own start is no tool's doing."""


@dataclass(frozen=True)
class Times:
    """The seconds that one tool took in each round; `cold` is without the programs' own."""

    name: str
    versions: str
    cold: list[float]
    unchanged: list[float]
    edited: list[float]

    def median(self, kind: str) -> float:
        """The median of that kind of build."""
        return median(getattr(self, kind))


def hold(folder: Path, rounds: int) -> dict[str, Any]:
    """What every tool takes, ours first, and the circumstances; raises BenchFailed."""
    over = link()
    python = environment.python()
    tools: list[Tool] = [Ours(Path(sys.executable), folder / Ours.name)]
    tools += [kind(python, folder / kind.name) for kind in PEERS]
    taken = {tool: {kind: [] for kind in KINDS} for tool in tools}
    for number in range(1, rounds + 1):
        for tool in tools:
            tool.clean()
        for kind in KINDS:
            for tool in tools:
                taken[tool][kind].append(take(tool, kind))
        for tool in tools:
            change(tool, OTHER_WORDS, WORDS)
        print(f"round {number} of {rounds}", file=sys.stderr, flush=True)
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": provenance.commit(),
        **provenance.machine(this()),
        "link": over,
        "rtt": NEAR.rtt,
        "service_time": NEAR.service_time,
        "programs": [stage.name for stage in PROGRAMS],
        "tools": [
            asdict(Times(tool.name, environment.versions(tool.python, tool.packages), **taken[tool]))
            for tool in tools
        ],
    }


def link() -> str:
    """The link that the lab gives to all of them; raises BenchFailed."""
    try:
        return lab.run([sys.executable, "-c", ""], NEAR).link
    except LabError as error:
        raise BenchFailed(str(error)) from error


def take(tool: Tool, kind: str) -> float:
    """Seconds of such a build, once it is known to show what it should; raises BenchFailed."""
    if kind == "edited":
        change(tool, WORDS, OTHER_WORDS)
    spent = build(tool, again=kind != "cold")
    pages = [page.read_text("utf-8") for page in tool.folder.rglob("*.html")]
    said = [float(seconds) for page in pages for seconds in SAID.findall(page)]
    if len(said) != len(PROGRAMS):
        raise BenchFailed(f"{tool.name}, {kind}: {len(said)} results of {len(PROGRAMS)} programs are shown")
    if kind == "edited" and not any(OTHER_WORDS in page for page in pages):
        raise BenchFailed(f"{tool.name}: the prose that was edited is not shown")
    return spent - sum(said) if kind == "cold" else spent


def change(tool: Tool, old: str, new: str) -> None:
    """Change the prose of one page."""
    page = tool.page(find(EDITED).stage)
    page.write_text(page.read_text("utf-8").replace(old, new), "utf-8")


def build(tool: Tool, again: bool) -> float:
    """Seconds that the tool's own command takes; raises BenchFailed."""
    clock = tool.folder.with_suffix(".seconds")
    command = [str(tool.python), "-c", CLOCK, str(clock), str(tool.python), *tool.command()]
    told = {
        "env": surroundings() | {"HOME": str(tool.folder.parent)} | tool.environment(again),
        "cwd": tool.folder, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT,
    }  # fmt: skip
    try:
        in_lab = partial(lab.run, settings=NEAR, writable=[tool.folder.parent])
        done = (in_lab if tool.in_lab else subprocess.run)(command, **told)
    except LabError as error:
        raise BenchFailed(f"{tool.name}: {error}") from error
    if done.returncode:
        said = (done.stdout or b"").decode(errors="replace").strip()
        ended = f"{' '.join(tool.command())} ended with status {done.returncode}"
        raise BenchFailed(f"{tool.name}: {ended}\n{said}")
    return float(clock.read_text())


def times(result: dict[str, Any]) -> list[Times]:
    """What each tool took."""
    return [Times(**tool) for tool in result["tools"]]


def table(result: dict[str, Any]) -> Iterator[str]:
    """A line for each tool: median seconds of each kind of build, and how many times ours."""
    ours, *_ = found = times(result)
    yield f"{'median seconds':16}" + "".join(f"{kind:>18}" for kind in KINDS)
    for each in found:
        cells = (f"{each.median(kind):.2f} ({each.median(kind) / ours.median(kind):.2f} ×)" for kind in KINDS)
        yield f"{each.name:16}" + "".join(f"{cell:>18}" for cell in cells) + f"  {each.versions}"


def behind(result: dict[str, Any]) -> Iterator[str]:
    """A sentence for each build in which ours is not ahead."""
    ours, *peers = times(result)
    for peer in peers:
        for kind in KINDS:
            our_time, their_time = ours.median(kind), peer.median(kind)
            if our_time >= their_time:
                yield f"not ahead of {peer.name}, {kind}: {our_time:.2f} s against {their_time:.2f} s"


def run(folder: Path, rounds: int, file: Path | None) -> bool:
    """Hold the contest, print its table, write its figures to `file`; true when ours is ahead everywhere."""
    result = hold(folder, rounds)
    print("\n".join(table(result)))
    if file:
        write_atomically(file, json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    problems = list(behind(result))
    print("\n".join(problems or ["ahead of every peer"]))
    return not problems
