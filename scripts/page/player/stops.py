"""Where a player stops: at each step of a recording, and halfway through the time that passes between two."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from scripts.simulator.recording import Recording, Step

PASSING = "pass"
"""What is called meanwhile: nothing; all stand as the last call left them."""


def stops(recording: Recording) -> Recording:
    """The recording with a step more wherever time passes between two, halfway."""
    steps: list[Step] = []
    for step, following in pairwise(recording.steps):
        steps.append(step)
        if passes := following.begin - step.begin:
            halfway = step.begin + passes // 2
            steps.append(replace(step, call=PASSING, begin=halfway, end=halfway, page=None, times=1))
    return replace(recording, steps=steps + recording.steps[-1:])


def waits(recording: Recording) -> Iterator[Step]:
    """The steps in which time passes."""
    return (step for step in stops(recording).steps if step.call == PASSING)
