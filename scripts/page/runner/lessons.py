"""What a stage's runner has to offer beyond its program, for the browser to fetch when it is opened."""

import json

from scripts.page.runner.exercises import of_stage
from scripts.page.runner.section import CANNOT
from scripts.stages import STAGES, Stage, find

BEFORE = {"nonblocking": "blocking", "callbacks": "polling", "c10k": "tasks"}
"""What a program is compared with, where that is not the stage before it."""


def lessons() -> dict[str, bytes]:
    """A file of JSON for each stage that runs in the browser, by its name; raises ValueError for an edit.

    `before` is the program that it is compared with, and its title, or None; `exercises` have what the reader
    sees, the changed `program`, and the first `line` that was changed, or None.
    """
    runnable = [stage for stage in STAGES if stage.name not in CANNOT]
    befores = dict(zip(runnable[1:], runnable, strict=False))
    made = {}
    for stage in runnable:
        other = BEFORE.get(stage.name)
        told = lesson(stage, find(other).stage if other else befores.get(stage))
        made[f"{stage.name}.json"] = json.dumps(told, ensure_ascii=False).encode()
    return made


def lesson(stage: Stage, before: Stage | None) -> dict[str, object]:
    """What is in that stage's file."""
    return {
        "before": before and {"title": before.title, "program": program(before)},
        "exercises": [
            {
                "title": exercise.title,
                "question": exercise.question,
                "answers": [answer.text for answer in exercise.answers],
                "settings": exercise.settings,
                "program": (changed := exercise.changed(stage.name, program(stage))),
                "line": first_difference(program(stage), changed),
            }
            for exercise in of_stage(stage.name)
        ],
    }


def program(stage: Stage) -> str:
    return find(stage.name).snippet.read_text("utf-8")


def first_difference(before: str, after: str) -> int | None:
    """The number of the first line that is another."""
    lines = zip(before.split("\n"), after.split("\n"), strict=False)
    return next((number for number, (old, new) in enumerate(lines, 1) if old != new), None)
