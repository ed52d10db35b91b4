"""What demonstrations found: one number, all of them, or a sentence that is checked against them."""

from typing import Any

from scripts.page import current, footnote, words
from scripts.page.claims import CANNOT_BE, bound_of, checked, unjudged
from scripts.page.failures import ClaimFailed, NoSuchThing
from scripts.page.html import Html, prose
from scripts.page.vocabulary import inline
from scripts.stages import hint


def findings(name: str) -> dict[str, Any]:
    """All that the demonstration of that name found, by the names it chose; raises RunFailed."""
    return dict(current.source().finding(name).values)


def value(name: str, key: str) -> Any:
    """One of them; raises NoSuchThing."""
    found = findings(name)
    if key not in found:
        raise NoSuchThing(f"{name!r} finds no {key!r}{hint(key, list(found))}")
    return found[key]


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
    facts = [f"{name}：{key}", words.LINKS[made.link], words.machine(made), footnote.made(made)]
    return footnote.number(words.found(found), facts, name)


@inline
def holds(name: str, key: str, bound: str, limit: float, says: str, of: str | None = None) -> Html:
    """A sentence that has been checked: `says`, with the number in the place of {}.

    The number is the finding itself, or, as a ratio, divided by the finding `of`.  Raises ClaimFailed when
    it does not keep to the bound, one of <=, <, >=, >, ==.
    """
    check, bound_words = bound_of(bound)
    whole = 1 if of is None else value(name, of)
    part = value(name, key)
    if part is None or not whole:
        return unjudged(prose(says, words.UNTOLD) + CANNOT_BE)
    number = part / whole if of else part
    if not check(number, limit):
        quotient = f"{part:.6g} / {whole:.6g} = {number:.4g}" if of else f"{number!r}"
        raise ClaimFailed(f"{key!r} of {name!r} is {quotient}: the claim is {bound} {limit:g}")
    told = f"{words.digits(number)} 倍" if of else words.found(part)
    asked = f"{limit:g} 倍" if of else words.found(limit)
    return checked(prose(says, told) + f"，检验要求{bound_words} {asked}")


@inline
def share_of_ideal(name: str, key: str, of: str) -> str:
    """What a demonstration found, in seconds, as a part of the ideal time of the case `of`, in percent.

    Raises what `finding` raises.
    """
    return words.percent(value(name, key) / current.get(of).ideal)
