"""Checks of a stage's recording: what is kept of its pages while they wait, and who calls whom."""

from scripts.page.claims import bound_of
from scripts.page.failures import NoSuchThing
from scripts.page.html import prose
from scripts.page.player import recorded
from scripts.page.player.listing import functions
from scripts.page.player.subjects import Subject, subject
from scripts.page.runner.section import CANNOT
from scripts.page.verdicts import CANNOT_BE, Verdict
from scripts.page.vocabulary import check
from scripts.stages import find, hint

STATES = {
    "stack": "有自己的栈",
    "frame": "留着自己的栈帧",
    "callback": "只登记着一个函数",
    "open": "只剩一个打开的描述符",
    "not begun": "还没有开始",
}
"""What is kept of a page, in a sentence."""


@check
def kept(name: str, state: str, bound: str, pages: int) -> Verdict:
    """A checked sentence: of so many pages at once that is kept while they wait, in the stage's recording.

    States are stack, frame, callback, open and "not begun".
    """
    if state not in STATES:
        raise NoSuchThing(f"nothing that is kept is called {state!r}{hint(state, list(STATES))}")
    keeps, bound_words = bound_of(bound)
    played = recordable(name)
    if not (states := recorded.made(played)["kept"]):  # without distance nothing waits
        return Verdict(f"{played.title}一次也不等", unjudged=CANNOT_BE)
    found = states.get(state, 0)
    said = f"{played.title}等的时候，{STATES[state]}的最多有 {found} 页"
    against = f"{found} pages of {name!r} at most are in {state!r}: the claim is {bound} {pages}"
    return Verdict(said, f"{bound_words} {pages}", None if keeps(found, pages) else against)


@check
def under(name: str, call: str, function: str, bound: str, share: float) -> Verdict:
    """A checked sentence: in what part of the calls of that name the function was on the stack, as recorded.

    `call` is one into the system, such as recv; `function` one of the program.
    """
    keeps, bound_words = bound_of(bound)
    played = recordable(name)
    callers = recorded.made(played)["callers"]
    if call not in callers:
        raise NoSuchThing(f"{name} never calls {call!r}{hint(call, list(callers))}")
    if function not in (defined := set(functions(played.text).values())):
        raise NoSuchThing(f"{name}.py defines no {function!r}{hint(function, sorted(defined))}")
    found = callers[call].get(function, 0.0)
    against = f"{function!r} is under {found:.4g} of the calls of {call!r}: the claim is {bound} {share:g}"
    said = prose(f"{played.title}的每次 `{call}()` 里，栈上有 `{function}` 的占 {found:.0%}")
    return Verdict(said, f"{bound_words} {share:.0%}", None if keeps(found, share) else against)


def recordable(name: str) -> Subject:
    """The program of that name; raises NoSuchThing where the simulator cannot run it."""
    played = subject(name)
    if find(played.measured).stage.name in CANNOT:
        raise NoSuchThing(f"{name!r} has no recording: the simulator cannot run it")
    return played
