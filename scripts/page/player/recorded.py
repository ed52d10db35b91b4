"""The player of a stage, and the facts of its recording: made once for each text of its program, and kept."""

import json
import subprocess
import sys
from functools import cache, lru_cache
from typing import Any

from scripts.files import CACHE, ROOT, Cache, digest
from scripts.page import current
from scripts.page.html import Html
from scripts.page.runner.section import CANNOT, absent
from scripts.page.vocabulary import block
from scripts.stages import STAGES, Case, find

KEPT = Cache(CACHE / "players", most=4 << 20)
CODE = ("scripts/simulator", "scripts/page/player", "scripts/page/pictures", "scripts/page/html.py")
"""What a player follows from, beside the program and the distances."""


@block
def player(name: str) -> Html:
    """Where each page stands at each step of that stage, on the simulator; raises what `current.get` raises.

    The distances are those of the stage's record.  Where the simulator cannot run it, a sentence says why.
    """
    case = find(name)
    if case.stage.name in CANNOT:
        return absent(case.title, f"这一段模拟不了：{CANNOT[case.stage.name]}。")
    return Html(made(case)["section"])


def made(case: Case) -> dict[str, Any]:
    """What `python -m scripts.page.player` makes of that case."""
    if content := KEPT.get(key(case)):
        return json.loads(content)
    return missing()[case.name]


def key(case: Case) -> str:
    """What the player of that case is kept under."""
    return digest([code(), json.dumps(distances(case)).encode(), case.snippet.read_bytes()])


def distances(case: Case) -> dict[str, float]:
    """The lab of the case's record: seconds, bytes."""
    record = current.get(case.name)
    return {"rtt": record.rtt, "service_time": record.service_time, "body_size": record.body_size}


@cache
def code() -> bytes:
    """All files of CODE."""
    files = [path for place in CODE for path in sorted((ROOT / place).rglob("*.py")) or [ROOT / place]]
    return b"".join(path.read_bytes() for path in files)


def missing() -> dict[str, dict[str, Any]]:
    """What is made of all stages and not kept yet, by name, which from now on is kept.

    One process makes them all: its own, since the simulator takes the place of modules that others use.
    """
    cases = [find(stage.name) for stage in STAGES if stage.name not in CANNOT]
    wanted = [[case.name, distances(case)] for case in cases if KEPT.get(key(case)) is None]
    made = recorded(json.dumps(wanted))
    for name, each in made.items():
        KEPT.put(key(find(name)), json.dumps(each).encode())
    return made


@lru_cache(maxsize=1)
def recorded(cases: str) -> dict[str, dict[str, Any]]:
    """What `python -m scripts.page.player` makes of these cases; at once where nothing can be kept."""
    command = [sys.executable, "-m", "scripts.page.player", cases]
    return json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
