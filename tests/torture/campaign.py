"""Many faults, one after another and some at a time: what they broke."""

import os
import pickle
import select
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from scripts.files import CACHE
from scripts.lab.emulated import linux
from tests import patience
from tests.torture import sites
from tests.torture.world import Broken, World, end_all

PATIENCE = patience.PATIENCE
"""Seconds after which a fault that has no end has hung the project."""
Inject = Callable[[World], str]
KINDS: dict[str, "Kind"] = {}


@dataclass(frozen=True)
class Kind:
    """A kind of fault: `inject` says how it ended, `told` or `right`, or raises Broken."""

    name: str
    times: int
    inject: Inject


def kind(times: int) -> Callable[[Inject], Inject]:
    """Enter a function that injects faults, so many in a whole campaign."""

    def add(inject: Inject) -> Inject:
        name = inject.__name__
        KINDS[name] = Kind(name, times, inject)
        return inject

    return add


@dataclass(frozen=True)
class Verdict:
    """How the fault of that kind and number ended: told, right, lost, left, silent, hung; and what to say of it."""

    kind: str
    number: int
    how: str
    told: str = ""


@dataclass
class Apart:
    """What is done in a process of its own, in a world of its own, and has not yet answered."""

    pid: int
    answer: int
    until: float
    said: bytes = field(default=b"")

    @classmethod
    def begin(cls, work: Callable[[], object]) -> "Apart":
        """Do that, and answer what it returns."""
        answer, answers = os.pipe()
        pid = os.fork()
        if not pid:
            linux.die_with_parent()
            os.close(answer)
            os.setsid()
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            with open(answers, "wb") as pipe:
                pickle.dump(work(), pipe)
            os._exit(0)
        os.close(answers)
        return cls(pid, answer, time.monotonic() + PATIENCE)

    def listen(self) -> bool:
        """Take in what it says; false once that was all."""
        more = os.read(self.answer, 1 << 20)
        self.said += more
        return bool(more)

    def end(self) -> Any:
        """Its answer, or None; whatever is left of it is killed."""
        os.close(self.answer)
        end_all(self.pid)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return pickle.loads(self.said) if self.said else None


class Campaign:
    """Faults by one seed, in a folder of their own; this process may have no other thread."""

    def __init__(self, seed: int, folder: Path) -> None:
        linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
        CACHE.mkdir(exist_ok=True)
        self._seed = seed
        self._folder = folder
        sites.EDITIONS = self._aside(sites.editions)

    def _aside(self, work: Callable[[World], object]) -> Any:
        """What that returns in a world in which nothing goes wrong."""

        def work_there() -> tuple[object, str]:
            world = World("nothing", self._seed, 0, self._folder)
            try:
                world.enter()
                return work(world), ""
            except BaseException:
                return None, traceback.format_exc()

        apart = Apart.begin(work_there)
        while apart.listen():
            pass
        made, trouble = apart.end() or (None, "it ended without a word")
        if trouble:
            raise RuntimeError(f"it fails already where nothing is injected: {trouble}")
        return made

    def run(self, plan: Iterable[tuple[str, int]], at_once: int) -> Iterator[Verdict]:
        """Inject the faults of that plan, which names kinds and numbers, so many at a time."""
        waiting, apart = iter(plan), {}
        try:
            while True:
                for name, number in islice(waiting, at_once - len(apart)):
                    begun = Apart.begin(partial(self._judge, KINDS[name], number))
                    apart[begun.answer] = name, number, begun
                if not apart:
                    return
                ready, _, _ = select.select(list(apart), [], [], 1.0)
                for answer in ready:
                    if not apart[answer][2].listen():
                        yield self._verdict(*apart.pop(answer))
                for name, number, each in list(apart.values()):
                    if time.monotonic() > each.until:
                        del apart[each.answer]
                        each.end()
                        yield Verdict(name, number, "hung", f"no end after {PATIENCE:g} s")
        finally:
            for _, _, each in apart.values():
                each.end()

    def _verdict(self, name: str, number: int, apart: Apart) -> Verdict:
        return Verdict(name, number, *(apart.end() or ("silent", "it ended without a word")))

    def _judge(self, kind: Kind, number: int) -> tuple[str, str]:
        """How that fault ends, and what to say of it."""
        world = World(kind.name, self._seed, number, self._folder)
        try:
            world.enter()
            how = kind.inject(world)
            world.check()
        except Broken as broken:
            return broken.how, str(broken)
        except BaseException:
            return "silent", traceback.format_exc()
        finally:
            end_all(os.getpid())
        return how, ""
