"""What one stage changed of another: the difference of their programs is the lesson."""

from difflib import unified_diff

from scripts.page.failures import NoSuchThing
from scripts.page.programs import code_block
from scripts.page.vocabulary import block
from scripts.stages import STAGES, Stage, find

CONTEXT = 2
"""Lines that stayed the same, above and below each change."""


@block
def difference(name: str, other: str | None = None) -> str:
    """How the program of that stage differs from the other one's, or from that of the stage before it.

    Raises UnknownStage, or NoSuchThing where nothing is before it or nothing differs.
    """
    after = find(name).stage
    before = find(other).stage if other else predecessor(after)
    old, new = (find(stage.name).snippet.read_text("utf-8").splitlines() for stage in (before, after))
    lines = [*unified_diff(old, new, n=CONTEXT, lineterm="")][2:]  # without the names
    if not lines:
        raise NoSuchThing(f"{after.name}.py and {before.name}.py do not differ: compare two stages")
    title = f"snippets/{before.name}.py → snippets/{after.name}.py"
    return code_block("diff", title, "\n".join(lines))


def predecessor(stage: Stage) -> Stage:
    """The stage before that one in the history."""
    at = STAGES.index(stage)
    if not at:
        raise NoSuchThing(f"{stage.name} is the first stage: name the one it is to be compared with")
    return STAGES[at - 1]
