"""When things happened on the link: moments of connections, seconds after the program began."""

from statistics import median

from scripts.page import current, words
from scripts.page.claims import bound_of
from scripts.page.failures import NoSuchThing
from scripts.page.pictures.lanes import MOMENTS
from scripts.page.verdicts import CANNOT_BE, Verdict
from scripts.page.vocabulary import check, inline
from scripts.stages import find, hint


@inline
def phase(name: str, start: str, end: str) -> str:
    """How long a connection of that case takes from one moment to another: the median of all.

    Moments are syn, established, request, first_byte, last_byte and closed.  Raises NoSuchThing for others,
    and what `current.get` raises.
    """
    span = between(name, start, end)
    return words.UNTOLD if span is None else words.seconds(span)


@check
def lasts(name: str, start: str, end: str, bound: str, limit: float, of: str | None = None) -> Verdict:
    """A checked sentence: how long a connection takes between two moments, as in `phase`, as a ratio.

    It is divided by what takes as long in the case `of`, else by the whole of it, from syn to last_byte.
    """
    keeps, bound_words = bound_of(bound)
    part = between(name, start, end)
    whole = between(of, start, end) if of else between(name, "syn", "last_byte")
    subject = f"{find(name).title}的连接，从{MOMENTS[start]}到{MOMENTS[end]}"
    if part is None or not whole:
        return Verdict(f"{subject}：{words.UNTOLD}", unjudged=CANNOT_BE)
    ratio = part / whole
    told, asked = (
        (f"{words.digits(ratio)} 倍", f"{limit:g} 倍") if of else (words.percent(ratio), f"{limit * 100:g}%")
    )
    quotient = f"{part:.6g} / {whole:.6g} = {ratio:.4g}: the claim is {bound} {limit:g}"
    against = f"from {start} to {end} of {name!r} is {quotient}"
    said = f"{subject}，用时是{find(of).title if of else '全程'}的 {told}"
    return Verdict(said, f"{bound_words} {asked}", None if keeps(ratio, limit) else against)


def between(name: str, start: str, end: str) -> float | None:
    """Seconds from one moment to another in the median connection of a case; None where none tells both."""
    spans = [
        last - first
        for sample in current.get(name).samples
        for each in sample.connections
        if (first := each[known(start)]) is not None and (last := each[known(end)]) is not None
    ]
    return median(spans) if spans else None


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
