"""Builds that are killed, interrupted and stopped, and that get in each other's way."""

import os
import signal
from functools import partial

from scripts.site import swap
from tests.torture import sites
from tests.torture.campaign import kind
from tests.torture.sites import BAD, Site
from tests.torture.victims import Ended, Moment, Victim, strike, struck
from tests.torture.world import World, lost, silent

ASKS = 140
"""About how many things a build asks of the system."""
DEADLY = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
INTERRUPTED = 130
"""The status of what somebody has ended by Ctrl-C, who knows it."""
EXCHANGES = 5


def told(ended: Ended) -> str:
    """That what failed says why, without a traceback, unless a signal ended it; raises Broken."""
    if ended.status == 0:
        raise silent(f"status 0: {ended.output[-300:]}")
    speechless = ended.status > 0 and ended.status != INTERRUPTED and not ended.output.strip()
    if "Traceback" in ended.output or speechless:
        raise silent(f"status {ended.status}: {ended.output[-1500:]}")
    return "told"


def changed(world: World) -> Site:
    """A project whose old edition stands, and whose pages are of the new one."""
    site = Site(world.folder / "project")
    site.stand_old()
    site.write("new")
    return site


@kind(200)
def kill_a_build(world: World) -> str:
    """The old site stands, or the new one, and the next build is as if nothing had been."""
    site = changed(world)
    number = world.random.choice([*DEADLY, signal.SIGKILL, signal.SIGKILL])
    ended = struck(
        site.command(), Moment(world.random.randint(1, ASKS), number), world.folder, site.stand_old
    )
    stands = site.check(*sites.EDITIONS.values())
    if ended.status == 0 and stands is sites.EDITIONS["old"]:
        raise lost("a build that ended well has left the old site")
    if ended.status > 0 and site.beside:
        raise lost(f"beside the site: {site.beside}")
    site.rebuild()
    return "right" if ended.status == 0 else told(ended)


@kind(40)
def stop_a_build(world: World) -> str:
    """Another build, meanwhile, ends whole; so does the one that was stopped, once it may go on."""
    site = changed(world)
    moment, mark = Moment(world.random.randint(1, ASKS // 2), signal.SIGSTOP), world.folder / "struck"

    def begin() -> object:
        strike(moment, mark)
        return site.command()()

    stopped = Victim(begin, world.folder / "stopped")
    os.waitpid(stopped.pid, os.WUNTRACED)
    site.check(sites.EDITIONS["old"])
    if ended := site.begin().wait().status:
        raise lost(f"the other build ended with status {ended}")
    site.check(sites.EDITIONS["new"])
    os.kill(stopped.pid, signal.SIGCONT)
    ended = stopped.wait()
    if ended.status:
        raise lost(f"it ended with status {ended.status}: {ended.output[-300:]}")
    site.rebuild()
    return "right"


@kind(80)
def build_at_once(world: World) -> str:
    """Of two to four builds of one site, some of which cannot succeed or are killed, one stands, whole."""
    site, other = changed(world), Site(world.folder / "other")
    into = ["--site-dir", str(site.place)]
    victims: list[Victim] = []
    for number in range(world.random.randint(2, 4)):
        project = world.random.choice((site, other))
        options = into if project is other else []
        work = project.command(*options)
        if world.random.random() < 0.4:
            moment = Moment(world.random.randint(1, ASKS), world.random.choice(DEADLY))
            work = partial(struck_at, moment, work, world.folder / f"struck{number}")
        victims.append(Victim(work, world.folder / f"output{number}"))
    if world.random.random() < 0.3:
        other.write("old", page3=BAD)
    ended = [victim.wait() for victim in victims]
    stands = site.check(*sites.EDITIONS.values())
    if all(each.status == 0 for each in ended[:1]) and not stands:
        raise lost("nothing stands")
    for each in ended:
        if each.status:
            told(each)
    site.rebuild()
    return "told" if any(each.status for each in ended) else "right"


def struck_at(moment: Moment, work, mark) -> object:
    strike(moment, mark)
    return work()


@kind(150)
def kill_an_exchange(world: World) -> str:
    """By one call or by two renames: the next to come finds a whole site there, and nothing else."""
    place = world.folder / "project" / "site"
    write(place, "0")
    if world.random.random() < 0.5:
        swap.exchange = lambda one, other: False

    def put() -> None:
        for number in range(1, EXCHANGES + 1):
            replacement = swap.Replacement(place)
            write(replacement.new, str(number))
            replacement.put()
            replacement.release()

    others = [Victim(put, world.folder / "others") for _ in range(world.random.randint(0, 1))]
    ended = struck(put, Moment(world.random.randint(1, 250), signal.SIGKILL), world.folder)
    for other in others:
        if (each := other.wait()).status:
            raise lost(f"the other ended with status {each.status}: {each.output[-300:]}")
    swap.Replacement(place).drop()
    there = {path.name: path.read_text() for path in place.iterdir()}
    if len(there) != 9 or len(set(there.values())) != 1:
        raise lost(f"a mixture: {there}")
    if beside := sorted(path.name for path in place.parent.iterdir() if path != place):
        raise lost(f"beside the site: {beside}")
    return "told" if ended.status else "right"


def write(folder, text: str) -> None:
    """A site of nine files that say that."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(9):
        (folder / str(number)).write_text(text)
