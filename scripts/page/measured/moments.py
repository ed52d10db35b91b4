"""When things happened on the link: moments of connections, seconds after the program began."""

from statistics import median

from scripts.page import current, words
from scripts.page.failures import NoSuchThing
from scripts.page.pictures.lanes import MOMENTS
from scripts.page.vocabulary import inline
from scripts.stages import hint


@inline
def phase(name: str, start: str, end: str) -> str:
    """How long a connection of that case takes from one moment to another: the median of all.

    Moments are syn, established, request, first_byte, last_byte and closed.  Raises NoSuchThing for others,
    and what `current.get` raises.
    """
    spans = [
        last - first
        for sample in current.get(name).samples
        for each in sample.connections
        if (first := each[known(start)]) is not None and (last := each[known(end)]) is not None
    ]
    return words.seconds(median(spans)) if spans else words.UNTOLD


@inline
def latest(name: str, moment: str) -> str:
    """When the last connection of that case has come to a moment, as in `phase`: the median of the runs."""
    lasts = [
        max(each[known(moment)] or 0.0 for each in sample.connections)
        for sample in current.get(name).samples
        if sample.connections
    ]
    return words.seconds(median(lasts)) if lasts else words.UNTOLD


def known(moment: str) -> str:
    """The name of a moment, if it is one; raises NoSuchThing."""
    if moment not in MOMENTS:
        raise NoSuchThing(f"no moment is called {moment!r}{hint(moment, list(MOMENTS))}")
    return moment
