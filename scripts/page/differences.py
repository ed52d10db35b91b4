"""What one stage changed of another: the difference of their programs is the lesson."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from scripts.page.colours import coloured, listing
from scripts.page.failures import NoSuchThing
from scripts.page.html import Html, element
from scripts.page.vocabulary import block
from scripts.stages import STAGES, Stage, find

CONTEXT = 2
"""Lines that stayed the same, above and below each change."""


@block
def difference(name: str) -> Html:
    """How the program of that stage differs from the one of the stage that it comes after.

    Raises UnknownStage, or NoSuchThing where it comes after none or nothing differs.
    """
    after = find(name).stage
    before = predecessor(after)
    old, new = (find(stage.name).snippet.read_text("utf-8") for stage in (before, after))
    if old == new:
        raise NoSuchThing(f"{after.name}.py and {before.name}.py do not differ")
    return compared(old, new, f"snippets/{before.name}.py → snippets/{after.name}.py", CONTEXT)


def compared(old: str, new: str, title: str | Html, context: int) -> Html:
    """The new program, with what it lost of the old one; of what both have, so many lines around each change.

    Who copies it copies the new program: page.css hides the rest meanwhile.
    """
    return listing(Html().join(changes(old, new, context)), title, "language-diff")


def changes(old: str, new: str, context: int) -> Iterator[Html]:
    """The lines of both programs in their order, marked where only one of them has them."""
    before, after = coloured(old), coloured(new)
    matcher = SequenceMatcher(None, old.splitlines(), new.splitlines(), autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(context)):
        if number:
            yield element("span", Html("⋯\n"), class_="gap")
        for kind, first, last, new_first, new_last in group:
            if kind == "equal":
                yield from (line + Html("\n") for line in after[new_first:new_last])
            else:
                yield from (element("del", line + Html("\n")) for line in before[first:last])
                yield from (element("ins", line + Html("\n")) for line in after[new_first:new_last])


def predecessor(stage: Stage) -> Stage:
    """The stage that this one comes after; raises UnknownStage, or NoSuchThing if it is the first."""
    if stage.after:
        return find(stage.after).stage
    at = STAGES.index(stage)
    if not at:
        raise NoSuchThing(f"{stage.name} is the first stage, so there is nothing to compare it with")
    return STAGES[at - 1]
