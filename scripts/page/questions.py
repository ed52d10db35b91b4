"""Questions to be answered before the page tells: of several reasons, the results of this build leave one."""

import re
from dataclasses import dataclass
from hashlib import sha256

from scripts.page import vocabulary
from scripts.page.failures import ClaimFailed, NotACall
from scripts.page.html import Html, element, prose
from scripts.page.verdicts import Verdict
from scripts.page.vocabulary import block

CALL = re.compile(r"\{\{(.+?)\}\}")
SHAPE = (
    "ask() has a question and at least two answers, each a list of three texts: what it says, its check, why"
)


@dataclass(frozen=True)
class Answer:
    """What it says, the check that it stands or falls with, what that came to, and why."""

    says: str
    check: str
    verdict: Verdict
    why: str


@block
def ask(question: str, *answers: list[str]) -> Html:
    """A question why, and answers to choose from before reading on: each opens, and says what was found.

    An answer is a list of three texts: what it says; the check that it stands or falls with, written as in a
    sentence; and why.  In all but the check, {{ }} holds a call, and `code` stands in backticks.  The first
    answer is the one that holds; readers see them in another order, always the same.  Raises ClaimFailed
    where the first does not hold, or another one does.
    """
    right, *wrong = judged(answers)
    if right.verdict.against and not right.verdict.unjudged:
        raise ClaimFailed(f"the answer {right.says!r} is wrong: {right.verdict.against}")
    for each in wrong:
        if each.verdict.holds:
            raise ClaimFailed(f"the answer {each.says!r} is right as well: {each.check} holds")
    tell = told if right.verdict.holds else untold
    mixed = sorted([right, *wrong], key=lambda each: sha256((question + each.says).encode()).digest())
    shown = (element("details", element("summary", text(each.says)), tell(each)) for each in mixed)
    asked = element("p", element("strong", "先猜，再看"), text(question), class_="ask__question")
    return element("div", asked, *shown, class_="ask", role="group", aria_label="先猜，再看")


def judged(answers: tuple[list[str], ...]) -> list[Answer]:
    """The answers, each with what its check comes to; raises NotACall, or what a check raises."""
    if len(answers) < 2 or any(len(each) != 3 for each in answers):
        raise NotACall(SHAPE)
    return [Answer(says, check, vocabulary.verdict(check), why) for says, check, why in answers]


def told(answer: Answer) -> Html:
    """What stands behind an answer: whether it is right, why, and by what that was found."""
    verdict = answer.verdict
    if verdict.holds:
        return element(
            "p", element("strong", "正是。"), text(answer.why), " ", verdict.upheld(), class_="ask__right"
        )
    asked = f"；要真是这样，该{verdict.asked}" if verdict.asked else ""
    found = element("small", "这次构建里，", verdict.said, asked, "。")
    return element("p", element("strong", "不是。"), text(answer.why), " ", found)


def untold(answer: Answer) -> Html:
    """What stands behind it where this build cannot tell the right one."""
    verdict = answer.verdict
    return element("p", element("small", verdict.said, verdict.unjudged or "，还下不了结论", "。"))


def text(words: str) -> Html:
    """An author's words, with what the calls in them show."""
    calls = CALL.split(words)
    return Html().join(vocabulary.sentence(each) if at % 2 else prose(each) for at, each in enumerate(calls))
