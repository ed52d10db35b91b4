"""Disks that are full, at any moment or from the beginning, and disks that cannot be written."""

from functools import partial

from scripts.files import CACHE, Cache, write_atomically
from scripts.lab.emulated import linux
from tests.torture import sites
from tests.torture.builds import changed, told
from tests.torture.caches import ENTRIES
from tests.torture.campaign import kind
from tests.torture.sites import Site
from tests.torture.victims import FULL, Moment, struck
from tests.torture.world import World, lost, silent

MAKES = 60
"""About how many of the things that a build asks take room."""


def stands(site: Site, status: int) -> None:
    """The old site, if the build failed, else the new one; raises Broken."""
    site.check(sites.EDITIONS["old" if status else "new"])
    if site.beside:
        raise lost(f"beside the site: {site.beside}")


@kind(120)
def fill_the_disk_at_a_moment(world: World) -> str:
    """The build fails and says so, or does without; and once there is room the next one is as always."""
    site = changed(world)
    ended = struck(site.command(), Moment(world.random.randint(1, MAKES), FULL), world.folder, site.stand_old)
    stands(site, ended.status)
    site.rebuild()
    return told(ended) if ended.status else "right"


@kind(60)
def build_on_a_small_disk(world: World) -> str:
    """Of too few bytes, or too few files: the old site stands."""
    site = changed(world)
    disk = world.folder / "disk"
    disk.mkdir()
    small = (
        f"size={world.random.randint(40, 400)}k"
        if world.random.random() < 0.5
        else f"nr_inodes={world.random.randint(20, 60)}"
    )
    linux.mount("tmpfs", str(disk), "tmpfs", data=small)
    try:
        site.place = disk / "site"
        site.stand_old()
    except OSError:
        linux.unmount(str(disk))
        return "right"
    ended = site.begin("output", "--site-dir", str(site.place)).wait()
    site.check(sites.EDITIONS["old" if ended.status else "new"])
    if beside := [path.name for path in disk.iterdir() if path != site.place]:
        raise lost(f"beside the site: {beside}")
    linux.unmount(str(disk))
    return told(ended) if ended.status else "right"


@kind(24)
def build_where_nothing_can_be_written(world: World) -> str:
    """The project, so that there is a reason; or only the cache, which is optional."""
    site = changed(world)
    place, needed = world.random.choice([(site.folder, True), (CACHE, False)])
    linux.mount(str(place), str(place), flags=linux.MS_BIND)
    linux.set_read_only(str(place), recursive=False)
    ended = site.begin().wait()
    if bool(ended.status) != needed:
        raise silent(f"{place} is read-only, and the status {ended.status}: {ended.output[-400:]}")
    stands(site, ended.status)
    linux.unmount(str(place))
    site.rebuild()
    return told(ended) if ended.status else "right"


@kind(100)
def fill_the_disk_of_a_file(world: World) -> str:
    """What is written atomically, kept, or added to a history: the old content or the new, never a part."""
    path, disk = world.folder / "disk" / "file", world.folder / "disk"
    disk.mkdir()
    linux.mount("tmpfs", str(disk), "tmpfs", data="size=16k")
    write_atomically(path, b"old" * 100)
    new = world.random.randbytes(world.random.randint(1, 30_000))
    try:
        write_atomically(path, new)
        how = "right"
    except OSError:
        how = "told"
    if path.read_bytes() != (new if how == "right" else b"old" * 100):
        raise lost("the file")
    if [each.name for each in disk.iterdir()] != ["file"]:
        raise lost(f"beside the file: {sorted(each.name for each in disk.iterdir())}")
    cache = Cache(disk / "cache", 1 << 20)
    for key, content in ENTRIES.items():
        if cache.made(key, partial(bytes, content)) != content:
            raise lost(key)
    linux.unmount(str(disk))
    return how
