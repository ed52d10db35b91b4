"""Claims: sentences with a bound, checked against what this build measured."""

import operator
from collections.abc import Callable

from scripts.measure.stats import mann_whitney
from scripts.page import current, words
from scripts.page.failures import NoSuchThing
from scripts.page.verdicts import CANNOT_BE, GLANCE, Verdict
from scripts.page.vocabulary import check
from scripts.stages import find

TIMES = ("wall", "cpu", "user", "system")
CHANCE = 0.10
"""How likely chance alone may be to put two stages on their sides of a bound, where their samples overlap."""
BOUNDS = {
    "<=": (operator.le, "不超过"),
    "<": (operator.lt, "小于"),
    ">=": (operator.ge, "不低于"),
    ">": (operator.gt, "大于"),
    "==": (operator.eq, "等于"),
}


@check
def claim(name: str, metric: str, bound: str, limit: float, of: str = "ideal") -> Verdict:
    """A sentence that says how large that metric is as a ratio, and what it must keep to.

    `of` is what it is divided by: the "ideal" time of the same case, its own "wall" time, or the same
    metric of another case.  `bound` is one of <=, <, >=, >, ==.  Medians are compared; where samples of two
    cases overlap, chance must be unlikely, too.  Raises ClaimFailed when it does not hold; in a preview, a
    single run is not enough to say so.
    """
    keeps, bound_words = bound_of(bound)
    value, (whole, whole_words) = current.get(name).median(metric), reference(name, metric, of)
    subject = f"{find(name).title}{words.of(metric)}"
    if value is None or not whole:
        return Verdict(f"{subject}：{words.UNTOLD}", unjudged=CANNOT_BE)
    ratio = value / whole
    if of == "wall":
        told, asked = words.percent(ratio), f"{limit * 100:g}%"
    else:
        told, asked = f"{words.digits(ratio)} 倍", f"{limit:g} 倍"
    said, asked = f"{subject}是{whole_words}的 {told}", f"{bound_words} {asked}"
    if not keeps(ratio, limit):
        quotient = f"{value:.6g} / {whole:.6g} = {ratio:.4g}: the claim is {bound} {limit:g}"
        against = f"{metric} of {name!r} by {of!r} is {quotient}; {listed(name, metric)}"
    elif others(of) and (chance := by_chance(name, metric, limit, of)) > CHANCE:
        told = f"{listed(name, metric)}, {listed(of, metric)}"
        against = f"{metric} of {name!r} is {bound} {limit:g} of {of!r} by chance (p = {chance:.2g}): {told}"
    else:
        return Verdict(said, asked)
    return Verdict(said, asked, against, GLANCE if current.is_glance(name, *others(of)) else "")


def bound_of(bound: str) -> tuple[Callable[[float, float], bool], str]:
    """How a bound compares, and its words in a sentence; raises NoSuchThing for what is no bound."""
    if bound not in BOUNDS:
        raise NoSuchThing(f"no bound is written {bound!r}: there are {', '.join(BOUNDS)}")
    return BOUNDS[bound]


def others(of: str) -> tuple[str, ...]:
    """The case that a claim compares with, if it is one."""
    return () if of in ("ideal", "wall") else (of,)


def samples(name: str, metric: str) -> list[float]:
    """A metric of a case in each run that tells it."""
    return [sample for sample in current.get(name).samples_of(metric) if sample is not None]


def listed(name: str, metric: str) -> str:
    """Every sample of a metric, in the words of an error."""
    return f"{name} had {', '.join(f'{sample:.4g}' for sample in samples(name, metric))}"


def by_chance(name: str, metric: str, limit: float, of: str) -> float:
    """How likely (one-sided) chance alone puts a case and its bound so; 0 where no samples overlap."""
    ours, bounds = samples(name, metric), [limit * sample for sample in samples(of, metric)]
    apart = max(ours) <= min(bounds) or max(bounds) <= min(ours)
    return 0 if apart else mann_whitney(ours, bounds) / 2


def reference(name: str, metric: str, of: str) -> tuple[float | None, str]:
    """What a claim divides the metric by, and the name of it; raises NoSuchThing for no time by a time."""
    if others(of):
        return current.get(of).median(metric), find(of).title
    if metric not in TIMES:
        raise NoSuchThing(f"{metric} is no time, and so no part of {of!r}: compare it with another stage")
    record = current.get(name)
    return (record.ideal, "理想时间") if of == "ideal" else (record.median("wall"), "墙钟")
