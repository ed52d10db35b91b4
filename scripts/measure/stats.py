"""What a handful of samples tells, and when not to trust it."""

from collections.abc import Sequence
from statistics import fmean, median, stdev

UNSTABLE_DEVIATION, UNSTABLE_DISTANCE = 0.10, 0.50
"""pyperf's bounds, as shares of the mean: of the standard deviation, and of any one sample's distance."""


def middle(samples: Sequence[float | None]) -> float | None:
    """The median, or None when this system did not tell (any sample is None, or there is none)."""
    told = [sample for sample in samples if sample is not None]
    return median(told) if told and len(told) == len(samples) else None


def spread(samples: Sequence[float | None]) -> tuple[float, float] | None:
    """The lowest and the highest sample, or None when this system did not tell."""
    told = [sample for sample in samples if sample is not None]
    return (min(told), max(told)) if told and len(told) == len(samples) else None


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
