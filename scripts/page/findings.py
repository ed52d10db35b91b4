"""What demonstrations found: a number in a sentence, or a sentence that is checked against such a number."""

from collections.abc import Mapping

from scripts.measure.record import Value
from scripts.page import current, footnote, words
from scripts.page.claims import bound_of
from scripts.page.failures import NoSuchThing
from scripts.page.html import Html, prose
from scripts.page.verdicts import CANNOT_BE, Verdict
from scripts.page.vocabulary import check, inline
from scripts.stages import hint


def values(name: str) -> Mapping[str, Value]:
    """All that the demonstration of that name found, by its keys; raises what `current.get` raises."""
    return current.source().finding(name).values


def value(name: str, key: str) -> Value:
    """What the demonstration found by that key; raises NoSuchThing where it knows no such key."""
    found = values(name)
    if key not in found:
        raise NoSuchThing(f"{name!r} finds no {key!r}{hint(key, list(found))}")
    return found[key]


def number(name: str, key: str) -> float:
    """What the demonstration found by that key; raises NoSuchThing where that is no number."""
    found = value(name, key)
    if found is None or isinstance(found, str):
        raise NoSuchThing(f"{key!r} of {name!r} is {found!r} here, and no number")
    return found


@inline
def finding(name: str, key: str, missing: str | None = None) -> Html:
    """One finding, to stand in a sentence: a time with its unit, a count, a text.

    `missing` is what to say where the demonstration found None, because this interpreter or system lacks
    what it would take; without it that raises NoSuchThing.
    """
    found = value(name, key)
    if found is None:
        if missing is None:
            raise NoSuchThing(f"{name!r} found no {key!r} here: say what to print then, by missing=")
        return prose(missing)
    made = current.source().finding(name)
    return footnote.number(words.found(found), [f"{name}：{key}", *footnote.of_finding(made)], name)


@check
def holds(name: str, key: str, bound: str, limit: float, says: str, of: str | None = None) -> Verdict:
    """A sentence that has been checked: `says`, with the number in the place of {}, and `code` in backticks.

    The number is the finding itself, or, as a ratio, divided by the finding `of`, which another
    demonstration may have made: of="memory_time:memory access".  Raises ClaimFailed when it does not keep
    to the bound, one of <=, <, >=, >, ==.
    """
    keeps, bound_words = bound_of(bound)
    other, _, unit = (of or "").rpartition(":")
    if value(name, key) is None or (of and not value(other or name, unit)):
        return Verdict(prose(says, words.UNTOLD), unjudged=CANNOT_BE)
    part, whole = number(name, key), number(other or name, unit) if of else None
    found = part / whole if whole else part
    against = None
    if not keeps(found, limit):
        quotient = f"{part:.6g} / {whole:.6g} = {found:.4g}" if whole else f"{part!r}"
        against = f"{key!r} of {name!r} is {quotient}: the claim is {bound} {limit:g}"
    shown, asked = (
        (f"{words.digits(found)} 倍", f"{limit:g} 倍") if whole else (words.found(found), words.found(limit))
    )
    return Verdict(prose(says, shown), f"{bound_words} {asked}", against)


@inline
def share_of_ideal(name: str, key: str, of: str) -> str:
    """What a demonstration found, in seconds, as a part of the ideal time of the case `of`, in percent.

    Raises NoSuchThing where it found no number, and what `current.get` raises.
    """
    ideal = current.get(of).ideal
    return words.percent(number(name, key) / ideal) if ideal else words.UNTOLD
