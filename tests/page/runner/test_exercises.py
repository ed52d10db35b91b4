"""What there is to try: each change fits today's program, and its run decides between the answers."""

import gc
import json

import pytest

from scripts.lab.settings import Fault, Settings
from scripts.page.runner.exercises import EXERCISES, Answer, Exercise, Run, of_stage
from scripts.page.runner.experiment import run, verdict
from scripts.page.runner.lessons import lessons
from scripts.page.runner.section import CANNOT
from scripts.simulator import simulate
from scripts.stages import STAGES, find

OFFERED = [(stage, exercise) for exercise in EXERCISES for stage in exercise.stages]
named = pytest.mark.parametrize(
    ("stage", "exercise"), OFFERED, ids=[f"{stage}-{exercise.title}" for stage, exercise in OFFERED]
)


def program(stage):
    return find(stage).snippet.read_text("utf-8")


def tried(stage, exercise, text):
    """What the page runs: that program with the exercise's settings."""
    told = {"rtt": "150", "service": "150", "pages": "10", "fault": ""} | exercise.settings
    where = told["target"] if told["fault"] == "refuse" else f"/?page={told.get('target')}"
    settings = Settings(
        rtt=float(told["rtt"]) / 1000,
        service_time=float(told["service"]) / 1000,
        faults=(Fault.parse(f"{told['fault']}@{where}"),) if told["fault"] else (),
    )
    outcome = simulate(text, settings, int(told["pages"]), lambda text: None)
    gc.collect()  # a coroutine that was never awaited says so here, and not in another test
    return outcome, settings


@named
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
def test_a_change_fits_todays_program_and_its_run_gives_one_answer(stage, exercise):
    changed = exercise.changed(stage, program(stage))
    assert changed != program(stage) or exercise.settings
    assert exercise.verdict(Run.of(*tried(stage, exercise, changed))) is not None


@named
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
def test_without_its_change_the_answer_would_be_another(stage, exercise):
    if exercise.edits(stage):
        changed, same = (
            exercise.verdict(Run.of(*tried(stage, exercise, text)))
            for text in (exercise.changed(stage, program(stage)), program(stage))
        )
        assert changed != same


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES if stage.name not in CANNOT])
def test_every_page_has_three_to_five_to_try_with_names_of_their_own(stage):
    titles = [exercise.title for exercise in of_stage(stage)]
    assert 3 <= len(titles) <= 5
    assert len(set(titles)) == len(titles)
    offered = json.loads(lessons()[f"{stage}.json"])["exercises"]
    assert [each["title"] for each in offered] == titles


def test_every_stage_but_the_first_has_one_to_be_compared_with():
    befores = {name: json.loads(lesson)["before"] for name, lesson in lessons().items()}
    assert [name for name, before in befores.items() if before is None] == ["blocking.json"]
    assert befores["callbacks.json"] == {"title": "轮询", "program": program("polling")}


@pytest.mark.parametrize("text", ["other\n", "    line\nline\n"], ids=["none", "two"])
def test_a_change_that_does_not_fit_is_told(text):
    exercise = Exercise("A title", "?", ("tasks",), (), edits=lambda stage: {"line": "another"})
    with pytest.raises(ValueError, match=r"tasks.py: A title changes 'line', of which there are [02]"):
        exercise.changed("tasks", text)


def test_a_line_keeps_its_indent():
    exercise = Exercise("A title", "?", (), (), edits=lambda stage: {"line": "first\nsecond"})
    assert exercise.changed("", "def f():\n    line\n") == "def f():\n    first\n    second\n"


def test_where_two_answers_hold_none_does():
    answers = (Answer("a", lambda run: True, ""), Answer("b", lambda run: True, ""))
    outcome, settings = tried("tasks", Exercise("", "", (), ()), "pass")
    assert Exercise("", "", (), answers).verdict(Run.of(outcome, settings)) is None


def test_the_run_decides_and_tells_what_it_took():
    number, exercise = next(
        (number, each) for number, each in enumerate(of_stage("threads")) if each.title == "睡一小会儿"
    )
    settings = {"rtt": 0.15, "service_time": 0.15, "body_size": 9_000, "faults": [], "pages": 10}
    recorded = {"wall": 1, "cpu": 0, "busy": [], "connections": [], "about": ""}
    asked = settings | {"recorded": recorded, "exercise": ["threads", number]}

    def told(text):
        return json.loads(run(json.dumps(asked | {"program": text}), lambda text: None))["verdict"]

    found = told(exercise.changed("threads", program("threads")))
    assert exercise.answers[found["holds"]].text == "0.1 秒"
    assert found["why"].startswith("到了 10 页，墙钟 0.55 秒，CPU 0 秒。")
    one_by_one = program("threads").replace("max_workers=len(paths)", "max_workers=1")
    assert told(one_by_one) == {"holds": None, "why": "这一次跑出来的，和哪个回答都不一样。"}
    assert verdict(["threads", number], *tried("threads", exercise, one_by_one))["holds"] is None
