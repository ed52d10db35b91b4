"""What a handful of samples tells, and when not to trust it."""

from collections import Counter
from collections.abc import Sequence
from math import inf
from statistics import fmean, median, stdev

UNSTABLE_DEVIATION, UNSTABLE_DISTANCE = 0.10, 0.50
"""pyperf's bounds, as shares of the mean: of the standard deviation, and of any one sample's distance."""


def middle(samples: Sequence[float | None]) -> float | None:
    """The median, or None when this system did not tell (any sample is None, or there is none)."""
    return median(told) if (told := _told(samples)) else None


def percentile(samples: Sequence[float], percent: int) -> float | None:
    """The least sample that so many percent of all do not exceed, or None where there is none."""
    return sorted(samples)[-(-len(samples) * percent // 100) - 1] if samples else None


def spread(samples: Sequence[float | None]) -> tuple[float, float] | None:
    """The lowest and the highest sample, or None when this system did not tell."""
    return (min(told), max(told)) if (told := _told(samples)) else None


def _told(samples: Sequence[float | None]) -> list[float]:
    """All samples, or nothing when this system did not tell one of them."""
    told = [sample for sample in samples if sample is not None]
    return told if len(told) == len(samples) else []


def apart(samples: Sequence[float]) -> float:
    """How far the highest lies above the lowest, as a part of that; infinitely far above nothing."""
    lowest, highest = min(samples), max(samples)
    return highest / lowest - 1 if lowest else inf if highest else 0.0


def unstable(samples: Sequence[float]) -> str | None:
    """Say why these samples should not be trusted, or None when they may be; one alone says nothing."""
    if len(samples) < 2 or not (mean := fmean(samples)):
        return None
    around = f"the mean of {len(samples)} samples, {mean:.3g}"
    deviation = stdev(samples) / mean
    if deviation >= UNSTABLE_DEVIATION:
        return f"the standard deviation is {deviation:.0%} of {around}"
    farthest = max(samples, key=lambda sample: abs(sample - mean))
    distance = (farthest - mean) / mean
    if abs(distance) >= UNSTABLE_DISTANCE:
        return f"one sample, {farthest:.3g}, is {distance:+.0%} from {around}"
    return None


def mann_whitney(one: Sequence[float], other: Sequence[float]) -> float:
    """How likely samples of one kind would lie so far apart, or farther: the exact two-sided p-value of U.

    Every choice of `len(one)` among all samples is as likely as any other; those are counted by the sum of
    their ranks, and of equal samples each has the mean of their ranks (doubled here, so that it is whole).
    """
    everything = sorted([*one, *other])
    ranks = {
        sample: everything.index(sample) * 2 + 1 + everything.count(sample) for sample in set(everything)
    }
    ways = [Counter({0: 1}), *(Counter[int]() for _ in one)]
    for sample in everything:
        for chosen in reversed(range(len(one))):
            for total, count in ways[chosen].items():
                ways[chosen + 1][total + ranks[sample]] += count
    expected = len(one) * (len(everything) + 1)
    distance = abs(sum(ranks[sample] for sample in one) - expected)
    extreme = sum(count for total, count in ways[-1].items() if abs(total - expected) >= distance)
    return extreme / ways[-1].total()
