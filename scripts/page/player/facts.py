"""What a recording says in numbers: what was kept of the pages while they waited, and who called whom."""

from collections import Counter, defaultdict

from scripts.page.player.listing import functions
from scripts.page.player.stops import PASSING, stops, waits
from scripts.simulator.recording import LISTS, Recording


def kept(recording: Recording) -> dict[str, int]:
    """For each state of a page, in how many pages at most were at one wait."""
    most: Counter[str] = Counter()
    for step in waits(recording):
        most |= Counter(place.state for place in step.places)
    return dict(most)


def most(recording: Recording) -> dict[str, int]:
    """At which step, counted from 0, the most pages are so: the first of them in which time passes, if any.

    How they are is told by a state, what they wait for, both ("frame answer"), or a list that they stand in.
    """
    found: dict[str, tuple[int, bool, int]] = {}
    for number, step in enumerate(stops(recording).steps):
        pages = Counter(name for name in LISTS for _ in getattr(step, name))
        for state, _, waits_for in step.places:
            pages.update({state, *([waits_for, f"{state} {waits_for}"] if waits_for else ())})
        for words, count in pages.items():
            found[words] = max(found.get(words, (0, False, 0)), (count, step.call == PASSING, -number))
    return {words: -number for words, (_, _, number) in found.items()}


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
