"""Clocks that are set while something goes on, and files from the future and from long ago."""

import os
import socket
import sys
import time
from functools import partial

from scripts.files import Cache
from scripts.lab import clock
from scripts.lab.emulated import pid1
from scripts.lab.settings import Program, Settings
from tests.torture import sites
from tests.torture.builds import changed
from tests.torture.caches import ENTRIES
from tests.torture.campaign import kind
from tests.torture.labs import FETCH, FETCHED
from tests.torture.victims import Victim
from tests.torture.world import World, lost, silent

TOLD = time.time
HOUR = 3_600.0
RTT = 0.05
JUMPS = [-HOUR, -1.0, -0.1, 0.1, 0.3, 1.0, 5.0, HOUR, 10_000 * HOUR]


class Jumping:
    """A clock that somebody sets twice while processes look at it, by seconds, hours or years; and stamps by it."""

    def __init__(self, world: World) -> None:
        self._random = world.random
        self._moments = world.random.sample(range(1, 80), 2)
        self._looks = 0
        self._set = [(0.0, 0.0)]
        self._on_monotonic = clock.Stamps.on_monotonic

    def time(self) -> float:
        """What `time.time` tells in its place."""
        self._looks += 1
        if self._looks in self._moments:
            self._set.append((TOLD(), self._set[-1][1] + self._random.choice(JUMPS)))
        return TOLD() + self._set[-1][1]

    def stamp(self, stamps: clock.Stamps, stamp: float) -> float:
        """What is made of a stamp of that time by this clock."""
        return self._on_monotonic(
            stamps, stamp + next(ahead for at, ahead in reversed(self._set) if at <= stamp)
        )

    def begin(self) -> None:
        """From now on this process goes by this clock."""
        time.time = self.time
        clock.Stamps.on_monotonic = lambda stamps, stamp: self.stamp(stamps, stamp)


@kind(40)
def set_the_clock_of_a_lab(world: World) -> str:
    """Pages come, and none sooner than two round trips allow."""
    program = (
        f"import time\nbegin = time.monotonic()\n{FETCH}\nassert time.monotonic() - begin >= {2 * RTT}\n"
    )

    def run() -> None:
        Jumping(world).begin()
        _ours, theirs = socket.socketpair()
        pid1.supervise(Program((sys.executable, "-c", program)), Settings("emulated", RTT, 0.0), theirs)

    ended = Victim(run, world.folder / "output").wait()
    if (ended.status, ended.output) != (0, FETCHED):
        raise silent(f"{ended}")
    return "right"


@kind(40)
def set_the_clock_of_a_build(world: World) -> str:
    """With files of any age the site is the same to the byte, and so is the next."""
    site = changed(world)
    for path in (site.folder, *site.folder.rglob("*")):
        if world.random.random() < 0.5:
            when = world.random.choice([0, 1, TOLD() - HOUR, TOLD() + HOUR, 4_000_000_000, 2**33])
            os.utime(path, (when, when))

    def build() -> object:
        Jumping(world).begin()
        return site.command()()

    ended = Victim(build, world.folder / "output").wait()
    if ended.status:
        raise silent(f"status {ended.status}: {ended.output[-1000:]}")
    site.check(sites.EDITIONS["new"])
    site.rebuild()
    return "right"


@kind(40)
def set_the_clock_of_a_cache(world: World) -> str:
    """Entries of any age are what was put there; what nobody finished goes sooner or later."""
    folder = world.folder / "cache"
    cache = Cache(folder, world.random.choice([1_500, 1 << 20]))
    Jumping(world).begin()
    for _ in range(3):
        for key, content in ENTRIES.items():
            if cache.made(key, partial(bytes, content)) != content:
                raise lost(key)
        for path in folder.iterdir():
            when = world.random.choice([0, TOLD() - HOUR, TOLD() + HOUR, 2**33])
            os.utime(path, (when, when))
    if world.folder.joinpath("cache").stat().st_size > 1 << 20:
        raise lost("room")
    return "right"
