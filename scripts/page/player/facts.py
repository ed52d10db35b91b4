"""What a recording says in numbers: what was kept of the pages while they waited, and who called whom."""

from collections import Counter, defaultdict

from scripts.page.player.listing import functions
from scripts.page.player.section import waits
from scripts.simulator.recording import Recording


def kept(recording: Recording) -> dict[str, int]:
    """For each state of a page, in how many pages at most were at one wait."""
    most: Counter[str] = Counter()
    for step in waits(recording):
        most |= Counter(place.state for place in step.places)
    return dict(most)


def callers(recording: Recording, program: str) -> dict[str, dict[str, float]]:
    """For each call into the system, which functions were on the stack, each in what part of those calls."""
    defined = functions(program)
    calls: Counter[str] = Counter()
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for step in recording.steps:
        calls[step.call] += step.times
        for function in {defined[line] for line in step.stack if line in defined}:
            found[step.call][function] += step.times
    return {call: {name: times / calls[call] for name, times in found[call].items()} for call in calls}
