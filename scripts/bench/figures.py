"""Figures that are comparable, and what is said of them."""

from collections.abc import Callable
from statistics import median

WIDTH = 24
"""Columns for the name of a figure."""


def alternately(times: int, *kinds: Callable[[], float]) -> list[float]:
    """The median of each kind; in turn, so that a busy moment meets all of them."""
    rounds = [[one() for one in kinds] for _ in range(times)]
    return [median(seconds) for seconds in zip(*rounds, strict=True)]


def row(name: str, figure: float, unit: str, about: str) -> str:
    """A line about a figure that has no bound."""
    return f"{name:{WIDTH}}{figure:8.2f} {unit:2} {about}"


def verdict(name: str, figure: float, bound: float, unit: str = "×") -> bool:
    """Print a figure beside its bound; true when it is within."""
    good = figure <= bound
    print(row(name, figure, unit, f"{'within' if good else 'MORE THAN'} {bound:g} {unit}"))
    return good
