"""Measurements that are killed, interrupted, or find no room for their records."""

import sys
from functools import partial

from scripts.measure import Results, dump
from scripts.measure import __main__ as command
from scripts.measure.measurements import load
from tests.tiny import record
from tests.torture.builds import DEADLY, told
from tests.torture.campaign import kind
from tests.torture.labs import NEAR
from tests.torture.victims import FULL, Moment, struck
from tests.torture.world import World, lost, silent

ASKS = 60
"""About how many things two runs of a stage ask of the system."""


def measure(path: str, link: str) -> int:
    """`python -m scripts.measure`, in this process."""
    sys.argv = ["measure", "threads", *NEAR, "--link", link, "--runs", "2", "--json", path]
    return command.main()


@kind(60)
def strike_a_measurement(world: World) -> str:
    """Its file holds the old records or new ones; without records of both runs its status says so."""
    path = world.folder / "records.json"
    old = record("blocking", [4.5])

    def prepare() -> None:
        dump(Results({"blocking": old}), path)

    strike = FULL if world.random.random() < 0.25 else world.random.choice(DEADLY)
    moment = Moment(world.random.randint(1, 8 if strike == FULL else ASKS), strike)
    link = world.random.choice(["emulated", "emulated", "loopback"])
    ended = struck(partial(measure, str(path), link), moment, world.folder, prepare)
    records = load(path).records
    if records != {"blocking": old} and (
        list(records) != ["threads"] or len(records["threads"].samples) != 2
    ):
        raise lost(f"the file holds {list(records)}")
    if ended.status == 0 and list(records) != ["threads"]:
        raise silent(f"status 0, and the old records: {ended.output[-300:]}")
    return told(ended) if ended.status else "right"
