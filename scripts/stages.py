"""The stages of the story, their names and their order: the only such list.

A stage bears the name of its program in ``snippets/`` and of its page in ``docs/zh/``.
A *case* is what one measurement runs: a stage, or one way of running it, written
``"processes:spawn"``; with another number of pages than ten, ``"loops:uvloop@1000"``; on
loopback whatever link the others take, ``"callbacks:loopback@1000"``; under another
Python of this machine, ``"threads/3.14"``, or at that path, ``"threads//usr/bin/python3"``.
The bare name of a stage with several ways means the first.

Beside the stages there are programs that a page runs for what they print or find: its
*demonstrations*, and the *exhibits* of the errata, each in a folder of its own.
"""

import os
import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

SNIPPETS = Path(__file__).resolve().parent.parent / "snippets"
SESSIONS = SNIPPETS / "sessions"
"""Programs that are typed into the interactive interpreter, statement by statement."""
PYTHONS = SNIPPETS / "pythons"
"""Programs that are run under every Python of the machine, and in no other way."""
PAGES = 10
"""How many pages a program downloads when it is not told."""
LOOPBACK = "loopback"
"""The link that a case may ask for."""
MOST_NAMED = 100
"""How many names a message gives to choose from."""


@dataclass(frozen=True)
class Stage:
    """One step of the history.  `seconds_2017` is the source article's figure, quoted as history.

    A stage runs in several ways where it has several `start_methods` of processes, or `loops`.
    Its program is in that `folder` of `snippets/`, and a reader compares it with that of the stage
    it comes `after`, where that is not the one before in the list.
    """

    name: str
    title: str
    sequential: bool = False
    start_methods: tuple[str, ...] = ()
    loops: tuple[str, ...] = ()
    seconds_2017: float | None = None
    folder: str = ""
    after: str = ""


STAGES = (
    Stage("blocking", "同步阻塞", sequential=True, seconds_2017=4.5),
    Stage("processes", "多进程", start_methods=("fork", "forkserver", "spawn"), seconds_2017=0.6),
    Stage("threads", "多线程", seconds_2017=0.43),
    Stage("nonblocking", "忙循环", sequential=True, seconds_2017=4.3, after="blocking"),
    Stage("polling", "轮询"),
    Stage("greenlets", "绿色线程", after="blocking"),
    Stage("callbacks", "回调", after="polling"),
    Stage("event_loop", "事件循环"),
    Stage("futures", "Future"),
    Stage("generators", "生成器"),
    Stage("yield_from", "yield from"),
    Stage("async_await", "async/await"),
    Stage("tasks", "asyncio"),
    Stage("loops", "各家循环", loops=("asyncio", "uvloop", "trio")),
    Stage("c10k", "协议", loops=("asyncio", "uvloop"), after="tasks"),
    Stage("cluster", "集群", after="blocking"),
)

VARIANTS = (Stage("deadlines", "多线程，各有时限", folder="demonstrations"),)
"""What a stage might have been: it has no page, and runs beside the stages where something goes wrong."""

FAULTS = {"callback_hell": ("refuse@4",), "task_tree": ("silent@/?page=3",)}
"""What goes wrong at the origin while a demonstration runs, where that is its subject."""


@dataclass(frozen=True)
class Lanes:
    """What the lanes of a demonstration's player stand for, and what of it is recorded.

    They are `values` that its frames hold, as stages hold PATHS, or names of its functions.  `runs` are the
    statements that are run in the place of its `__main__`, where that does more than is to be seen.
    `by_line` has each line of these functions recorded, where they make no calls into the system.
    """

    values: tuple[str, ...]
    runs: str | None = None
    by_line: bool = False


LANES = {
    "callback_hell": Lanes(tuple(f"/?page={number}" for number in range(5))),
    "heartbeat": Lanes(
        ("beat", "largest_gap"),
        "asyncio.run(largest_gap(blocking))\nasyncio.run(largest_gap(in_a_thread))",
    ),
    "two_tasks": Lanes(("bring", "wait"), "at_once(interleaving)\nby_a_queue(interleaving)", by_line=True),
}

WRITES = {"disk_time": ("/var/tmp",)}
"""Folders that a demonstration may write to where a disk is its subject: its own /tmp lies in memory."""


class UnknownStage(LookupError):
    """No such stage, case or program; the message lists those there are."""


@dataclass(frozen=True)
class Case:
    """One stage, run one way, with so many pages, over the link named or whichever there is.

    `python` is the name or the path of its interpreter, None for the one that measures.
    """

    stage: Stage
    start_method: str | None = None
    loop: str | None = None
    pages: int = PAGES
    link: str | None = None
    python: str | None = None

    @property
    def name(self) -> str:
        way = ":".join(filter(None, (self.stage.name, self.start_method or self.loop, self.link)))
        number = "" if self.pages == PAGES else f"@{self.pages}"
        return under(f"{way}{number}", self.python)

    @property
    def title(self) -> str:
        number = None if self.pages == PAGES else f"{self.pages:,} 页"
        python = self.python and f"Python {self.python}"
        told = "，".join(filter(None, (self.start_method or self.loop, self.link and "回环", number, python)))
        return f"{self.stage.title}（{told}）" if told else self.stage.title

    @property
    def snippet(self) -> Path:
        return SNIPPETS / self.stage.folder / f"{self.stage.name}.py"

    def ideal(self, download: float, pages: int) -> float:
        """Seconds this stage would take if nothing but the network took time."""
        return download * pages if self.stage.sequential else download


CASES = tuple(
    Case(stage, start_method, loop)
    for stage in STAGES
    for start_method in stage.start_methods or (None,)
    for loop in stage.loops or (None,)
)
BESIDE = tuple(map(Case, VARIANTS))


def find(name: str) -> Case:
    """The case of that name; raises UnknownStage."""
    asked, python = interpreter(name)
    way, _, pages = asked.partition("@")
    link = LOOPBACK if way.endswith(f":{LOOPBACK}") else None
    way = way.removesuffix(f":{LOOPBACK}")
    for case in (*CASES, *BESIDE):
        if way in (case.name, case.stage.name) and (pages or "@" not in asked):
            return replace(case, pages=number(asked, pages) if pages else PAGES, link=link, python=python)
    names = [case.name for case in CASES]
    raise UnknownStage(f"no stage is called {name!r}{hint(way, names)}")


def under(name: str, python: str | None) -> str:
    """What that case or program is called under that Python."""
    return f"{name}/{python}" if python else name


def interpreter(name: str) -> tuple[str, str | None]:
    """The name of a case or a program without its Python, and that; None for the one that measures.

    Raises UnknownStage.
    """
    bare, slash, python = name.partition("/")
    if slash and not python:
        raise UnknownStage(f"{name!r}: behind the / stands a Python, as in threads/3.14")
    return bare, python or None


def version(python: str) -> tuple[int, ...]:
    """The numbers in what a Python is called, to be compared with another's: (3, 14) of 3.14t."""
    return tuple(map(int, re.findall(r"\d+", python)))


def place(name: str) -> tuple[int, str, int, tuple[int, ...]]:
    """Where the case of that name comes among others: by stage and way, by link, by pages, by Python."""
    case = find(name)
    way = replace(case, pages=PAGES, link=None, python=None)
    return (*CASES, *BESIDE).index(way), case.link or "", case.pages, version(case.python or "")


def number(name: str, pages: str) -> int:
    """So many pages; raises UnknownStage."""
    if not re.fullmatch(r"[1-9]\d*", pages):
        raise UnknownStage(f"{name!r}: behind the @ stands a number of pages, as in loops:uvloop@1000")
    return int(pages)


def programs() -> dict[str, Path]:
    """Every program by its name: stages, demonstrations, exhibits."""
    return {path.stem: path for path in sorted(SNIPPETS.rglob("*.py"))}


def demonstrations() -> list[str]:
    """The names of those that are no stages, and not for every Python."""
    return [name for name, path in programs().items() if path.parent not in (SNIPPETS, PYTHONS)]


def experiments() -> list[str]:
    """The names of those demonstrations that find something, instead of printing it."""
    return [name for name in demonstrations() if "\ndef demonstrate(" in program(name).read_text("utf-8")]


def program(name: str) -> Path:
    """The file of the program of that name; raises UnknownStage."""
    with os.scandir(
        SNIPPETS
    ) as entries:  # `Path.glob` takes ten times as long, and pages ask hundreds of times
        folders = [entry.name for entry in entries if entry.is_dir()]
    for folder in ("", *folders):
        if (path := SNIPPETS / folder / f"{name}.py").is_file():
            return path
    raise UnknownStage(f"there is no program {name!r}{hint(name, list(programs()))}")


def hint(name: str, names: list[str]) -> str:
    """What may have been meant; nothing where that could be anything."""
    if near := get_close_matches(name, names, n=1):
        return f": did you mean {near[0]!r}?"
    return f": there are {', '.join(names)}" if len(names) <= MOST_NAMED else ""
