"""Players, and the facts of their recordings: made once for each text of a program, and kept."""

import json
import subprocess
import sys
from dataclasses import asdict
from functools import cache, lru_cache
from typing import Any

from scripts.files import CACHE, ROOT, Cache, digest
from scripts.page import current
from scripts.page.failures import NoSuchThing
from scripts.page.html import Html, element
from scripts.page.player.subjects import Subject, subject, subjects
from scripts.page.runner.section import CANNOT, absent
from scripts.page.vocabulary import block, inline
from scripts.stages import find, hint

KEPT = Cache(CACHE / "players", most=4 << 20)
CODE = ("scripts/simulator", "scripts/page/player", "scripts/page/pictures", "scripts/page/html.py")
"""What a player follows from, beside the program and the distances."""


@block
def player(name: str) -> Html:
    """Where each page stands at each step of that stage, or demonstration, on the simulator.

    The distances are those of the stage's record.  Where the simulator cannot run it, a sentence says why.
    Raises what `current.get` raises.
    """
    played = subject(name)
    if why := CANNOT.get(find(played.measured).stage.name):
        return absent(played.title, f"这一段模拟不了：{why}。")
    return Html(made(played)["section"])


@inline
def step(name: str, words: str) -> Html:
    """A link to the step of a program's player at which the most pages are as the words say.

    These are those of a mark, such as "callback answer", "stack" or "sleep", or of a list, as "queue"; of
    several such steps it is one in the middle of a wait, if there is any.
    In a lab without distance no page waits, and a sentence says that there is no such step.
    Raises NoSuchThing where no page is so, and what `player` raises.
    """
    played = subject(name)
    steps = made(played)["most"]
    if words not in steps:
        if not distances(played)["rtt"]:
            return element("span", "（路上不花时间，没有这一步）")
        raise NoSuchThing(f"at no step of {name!r} is a page {words!r}{hint(words, list(steps))}")
    number = steps[words]
    return element("a", f"第 {number + 1} 步", href=f"#{played.anchor}", data_step=number)


def made(played: Subject) -> dict[str, Any]:
    """What `python -m scripts.page.player` makes of it."""
    if content := KEPT.get(key(played)):
        return json.loads(content)
    return missing()[played.name]


def key(played: Subject) -> str:
    """What the player is kept under."""
    told = json.dumps([distances(played), asdict(played.lanes), played.faults])
    return digest([code(), told.encode(), played.path.read_bytes()])


def distances(played: Subject) -> dict[str, Any]:
    """The lab of the record that was measured: seconds, bytes."""
    record = current.get(played.measured)
    return {"rtt": record.rtt, "service_time": record.service_time, "body_size": record.body_size}


@cache
def code() -> bytes:
    """All files of CODE."""
    files = [path for place in CODE for path in sorted((ROOT / place).rglob("*.py")) or [ROOT / place]]
    return b"".join(path.read_bytes() for path in files)


def missing() -> dict[str, dict[str, Any]]:
    """What is made of all subjects and not kept yet, by name, which from now on is kept.

    One process makes them all: its own, since the simulator takes the place of modules that others use.
    """
    wanted = [[each.name, distances(each)] for each in subjects() if KEPT.get(key(each)) is None]
    made = recorded(json.dumps(wanted))
    for name, each in made.items():
        KEPT.put(key(subject(name)), json.dumps(each).encode())
    return made


@lru_cache(maxsize=1)
def recorded(wanted: str) -> dict[str, dict[str, Any]]:
    """What `python -m scripts.page.player` makes of these; at once where nothing can be kept."""
    command = [sys.executable, "-m", "scripts.page.player", wanted]
    return json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
