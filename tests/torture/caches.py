"""Caches whose entries are damaged, and whose writers are killed."""

import functools
import os
import signal
from pathlib import Path
from random import Random

from scripts.files import CACHE, Cache
from tests.torture.builds import changed
from tests.torture.campaign import kind
from tests.torture.victims import Moment, struck
from tests.torture.world import World, left, lost

ENTRIES = {f"entry{number}": f"content {number}\n".encode() * 50 for number in range(4)}


def damage(path: Path, random: Random) -> None:
    """Do to that file what disks, people and other programs do."""
    content = path.read_bytes()
    at = random.randrange(len(content))
    others = [other for other in path.parent.iterdir() if other != path and other.is_file()]

    def another() -> bytes:
        return random.choice(others).read_bytes() if others else b""

    damaged = random.choice([
        lambda: b"",
        lambda: content[:at],
        lambda: content[at:],
        lambda: content[:at] + bytes([content[at] ^ 1 << random.randrange(8)]) + content[at + 1 :],
        lambda: bytes(len(content)),
        lambda: content[:at] + bytes(min(512, len(content) - at)) + content[at + 512 :],
        lambda: content * 2,
        lambda: random.randbytes(len(content)),
        another,
        None,
    ])  # fmt: skip
    if damaged:
        path.write_bytes(damaged())
    else:
        path.unlink()
        random.choice([path.mkdir, lambda: path.symlink_to(path), lambda: None])()


@kind(200)
def damage_an_entry(world: World) -> str:
    """What is given out is what was put there, or is made again; so is it the next time."""
    cache = Cache(world.folder / "cache", 1 << 20)
    for key, content in ENTRIES.items():
        cache.put(key, content)
    spoilt = world.random.sample(list(ENTRIES), world.random.randint(1, len(ENTRIES)))
    for key in spoilt:
        damage(world.folder / "cache" / key, world.random)
    for _ in range(2):
        for key, content in ENTRIES.items():
            if cache.made(key, functools.partial(ENTRIES.__getitem__, key)) != content:
                raise lost(f"{key} of {spoilt} is another's, or damaged")
    return "right"


@kind(60)
def damage_what_a_build_keeps(world: World) -> str:
    """A build from damaged entries is the same to the byte."""
    site = changed(world)
    site.write("old")
    site.begin().wait()
    kept = [path for path in CACHE.rglob("*") if path.is_file()]
    for path in world.random.sample(kept, world.random.randint(1, len(kept))):
        damage(path, world.random)
    site.write("new")
    site.rebuild()
    return "right"


@kind(100)
def kill_who_keeps(world: World) -> str:
    """Whoever asks next gets it, makes it if need be, and finds neither a lock nor a part."""
    folder = world.folder / "cache"
    cache = Cache(folder, 1 << 20)

    def keep() -> None:
        for key, content in ENTRIES.items():
            with cache.workshop(key) as workshop:
                (workshop / "part").write_bytes(content)
                cache.made(key, (workshop / "part").read_bytes)

    ended = struck(keep, Moment(world.random.randint(1, 120), signal.SIGKILL), world.folder)
    keep()
    for key, content in ENTRIES.items():
        if cache.get(key) != content:
            raise lost(key)
    for name in os.listdir(folder):
        os.utime(folder / name, (0, 0))
    cache.put("one more", b"")
    if unfinished := [name for name in os.listdir(folder) if name.startswith(".")]:
        raise left(f"in the cache: {unfinished}")
    return "told" if ended.status else "right"
