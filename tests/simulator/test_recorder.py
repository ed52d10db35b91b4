"""The recorder: it changes nothing, and tells where each page stands."""

import json
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import jsonschema
import pytest

from scripts.lab import Settings
from scripts.simulator import record, simulate
from scripts.simulator.recorder import MOST_PAGES, MOST_STEPS
from scripts.simulator.recording import LISTS, Item, Place, Step
from scripts.stages import LANES, find, program
from snippets import tasks

from .conftest import STAGES, settings_with, text
from .test_faults import EARLY_KINDS

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMA = json.loads((ROOT / "scripts/simulator/recording.schema.json").read_text("utf-8"))
FAULTS = [None, *EARLY_KINDS, "silent@/?page=3", "drip@/?page=3"]
IN_FRAMES = {"generators", "yield_from", "async_await"}
IN_CALLBACKS = {"callbacks", "event_loop", "futures"}
LIBRARY = {"tasks", "loops", "c10k"}
"""Stages whose loop is a library's; the line of the page's function is all that there is of it."""
ADDRESS = re.compile(r"\b(0x)?[0-9a-f]{8,}\b")
"""Of an object, in a message."""
DIGESTS = """
import hashlib, json, sys
from pathlib import Path
from scripts.lab.settings import Settings
from scripts.simulator import record
from scripts.stages import LANES, Lanes
for path in map(Path, sys.argv[1:]):
    settings, lanes = Settings(rtt=0.02, service_time=0.02), LANES.get(path.stem, Lanes(()))
    _, recording = record(
        path.read_text("utf-8"), settings, 10, lambda text: None, lanes.values, lanes.runs, lanes.by_line
    )
    print(hashlib.sha256(json.dumps(recording.plain()).encode()).hexdigest())
"""


def heard(source, recorder, **settings):
    """What one run gives: outcome, output, and the recording if there is one."""
    written = []
    made = recorder(source, Settings(**settings), write=written.append)
    outcome, recording = made if isinstance(made, tuple) else (made, None)
    return outcome, "".join(written), recording


def recorded(source, *faults, pages=10):
    return record(dedent(source), settings_with(*faults), pages, lambda text: None)[1]


@pytest.fixture(scope="module")
def recordings():
    return {stage: recorded(text(stage)) for stage in STAGES}


def waits(recording):
    """The steps during which time passes, asking in vain aside."""
    return [step for step in recording.steps if step.end > step.begin and step.times == 1]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_run_that_is_recorded_is_the_same_to_the_nanosecond(stage, fault):
    near = {"body_size": 100, "rtt": 0.01, "service_time": 0.005}
    settings = settings_with(*filter(None, [fault]), **(near if fault else {}))
    runs = []
    for run in (simulate, record, simulate):
        written = []
        made = run(text(stage), settings, write=written.append)
        runs.append((made[0] if isinstance(made, tuple) else made, written))
    first, second, third = (ADDRESS.sub("", repr(run)) for run in runs)
    assert first == second == third


def test_a_recording_is_what_its_schema_says(stage, recordings):
    plain = json.loads(json.dumps(recordings[stage].plain()))
    jsonschema.validate(plain, SCHEMA)


def test_what_is_plain_tells_every_step_whole(stage, recordings):
    recording = recordings[stage]
    assert list(played(json.loads(json.dumps(recording.plain())))) == recording.steps


def played(plain):
    """The steps, made anew from what is plain: how a player reads it."""
    items = [Item(*row) for row in plain["items"]]
    places = [Place(state, tuple(lines), waits) for state, lines, waits in plain["places"]]
    now, at = [Place("not begun")] * len(plain["pages"]), 0
    lists = dict.fromkeys(LISTS, ())
    for step in plain["steps"]:
        at += step.get("after", 0)
        for page, place in step.get("places", ()):
            now[page] = places[place]
        for name in LISTS:
            if name in step:
                gone, come = step[name]
                kept = [item for place, item in enumerate(lists[name]) if place not in gone]
                lists[name] = (*kept, *(items[number] for number in come))
        yield Step(
            step.get("actor", 0), step["call"], at, at + step.get("lasts", 0),
            tuple(plain["stacks"][step["stack"]]), step.get("page"), step.get("result"),
            step.get("times", 1), tuple(now), **lists,
        )  # fmt: skip


def test_at_the_end_every_page_is_done(stage, recordings):
    last = recordings[stage].steps[-1]
    assert (last.call, last.result) == ("exit", None)
    assert {place.state for place in last.places} == {"done"}


def test_while_it_waits_a_page_is_where_its_stage_keeps_it(stage, recordings):
    first, *_ = waits(recordings[stage]) or [recordings[stage].steps[0]]
    kept = {place.state for place in first.places}
    if stage in IN_FRAMES | LIBRARY - {"c10k"}:
        assert kept == {"frame"}
    elif stage in IN_CALLBACKS:
        assert kept == {"callback"}
    elif find(stage).stage.sequential:
        assert [place.state for place in first.places] == ["stack"] + ["not begun"] * 9
        assert first.places[0].waits == ("cpu" if stage == "nonblocking" else "connect")


@pytest.mark.parametrize("name", sorted(IN_FRAMES & set(STAGES)))
def test_a_page_in_frames_has_its_lines_from_its_own_function_down(name, recordings):
    program = text(name).splitlines()
    for step in waits(recordings[name]):
        for place in step.places:
            assert any(word in program[place.lines[-1] - 1] for word in ("yield", "await"))
            assert place.waits == ("connect" if step.begin == 0 else "answer")


@pytest.mark.parametrize("name", sorted(IN_CALLBACKS & set(STAGES)))
def test_a_page_in_a_registration_is_at_the_def_that_will_be_called(name, recordings):
    program = text(name).splitlines()
    for step in waits(recordings[name]):
        assert [item.page for item in step.watched] == list(range(10))
        for item, place in zip(step.watched, step.places, strict=True):
            assert program[item.line - 1].strip().startswith("def ")
            assert place.lines == (item.line,)


def test_what_select_gave_back_is_served_one_by_one(recordings):
    recording = recordings["callbacks"]
    wait = recording.steps.index(waits(recording)[0])
    assert recording.steps[wait].result == 10
    left = [[item.page for item in step.handed] for step in recording.steps[wait + 1 :]]
    assert left[0] == list(range(1, 10))
    assert left.index([]) > 9


def test_asking_in_vain_is_counted(recordings):
    vain = [step for step in recordings["nonblocking"].steps if step.times > 1 and step.end > step.begin]
    assert len(vain) == 20
    assert sum(step.times for step in vain) > 40_000
    assert {step.places[step.page].waits for step in vain} == {"vain"}


def test_tasks_have_not_begun_then_stand_in_a_queue_and_have_timers(recordings):
    steps = recordings["tasks"].steps
    created = next(step for step in steps if step.places[0].state == "created")
    assert [item.page for item in created.queue] == list(range(10))
    first, *_ = waits(recordings["tasks"])
    assert [(item.page, item.at) for item in first.timers] == [
        (page, tasks.TIMEOUT * 10**9) for page in range(10)
    ]


def test_a_page_that_went_wrong_has_failed_and_the_others_are_done():
    source = text("tasks").replace("pages = fetch_all(", "pages = fetch_each(")
    last = recorded(source, "reset@/?page=3").steps[-1]
    assert [place.state for place in last.places] == ["done"] * 3 + ["failed"] + ["done"] * 6


def test_the_error_that_ended_it_is_told():
    assert recorded(text("blocking"), "refuse@4").steps[-1].result.startswith("ConnectionRefusedError: ")


@pytest.mark.parametrize(("pages", "left_out", "steps"), [(MOST_PAGES + 1, "pages", 0), (30, None, 200)])
def test_too_many_pages_are_not_recorded_and_it_says_so(pages, left_out, steps):
    recording = recorded(text("callbacks"), pages=pages)
    assert (recording.left_out, bool(recording.steps)) == (left_out, bool(steps))


def test_too_many_steps_are_cut_off_and_it_says_so():
    source = "import time\nPATHS = []\nfor _ in range(2_000):\n    time.sleep(1)\n    time.sleep(2)"
    recording = recorded(source)
    assert (recording.left_out, len(recording.steps)) == ("steps", MOST_STEPS + 1)
    assert recording.steps[-1].call == "exit"


LOOP = """
    import heapq, socket, time
    from collections import deque
    from functools import partial
    from selectors import DefaultSelector
    PATHS = []

    class Engine:
        def __init__(self):
            self.eyes = DefaultSelector()
            self.soon, self.later, self.others = deque(), [], ["no", "callbacks"]

        def go(self):
            while self.soon or self.later:
                while self.soon:
                    what, *given = self.soon.popleft()
                    what(*given)
                if self.later:
                    at, _, what = heapq.heappop(self.later)
                    time.sleep(at - time.monotonic())
                    what()

    def begin(path):
        time.sleep(0)
        heapq.heappush(engine.later, (2.0, path, partial(end, path)))

    def end(path):
        time.sleep(0)

    engine = Engine()
    for path in PATHS:
        engine.soon.append((begin, path))
    engine.go()
"""


def test_the_queue_and_the_timers_of_a_loop_are_found_whatever_they_are_called():
    steps = recorded(LOOP, pages=3).steps
    assert [item.page for item in steps[0].queue] == [1, 2]
    assert steps[0].queue[0].call == "begin"
    asleep = next(step for step in steps if step.end > step.begin)
    assert [(item.page, item.call, item.at) for item in asleep.timers] == [
        (1, "end", 2_000_000_000),
        (2, "end", 2_000_000_000),
    ]
    assert [place.state for place in asleep.places[1:]] == ["callback", "callback"]


def test_a_page_is_known_by_its_value_whatever_holds_it():
    source = """
        import time
        PATHS = []
        def in_a_closure(path):
            def inner():
                time.sleep(1); path
            inner()
        def in_a_keyword(*, anything):
            time.sleep(1)
        class Thing:
            __slots__ = ("where",)
            def __getattr__(self, name): raise SystemExit("it was asked")
            def nap(self): time.sleep(1)
        def in_a_local():
            for path in PATHS: pass
            time.sleep(1)
        in_a_closure(PATHS[0])
        in_a_keyword(anything=PATHS[1])
        thing = Thing()
        thing.where = PATHS[2]
        thing.nap()
        in_a_local()
    """
    assert [step.page for step in recorded(source, pages=3).steps] == [0, 1, 2, None, None]


def test_what_a_function_has_deleted_is_not_kept_alive():
    source = """
        import socket, time
        PATHS = []
        def fetch(path):
            sock = socket.create_connection(("example.com", 80))
            time.sleep(1)
            del sock
            time.sleep(1)
        fetch(PATHS[0])
    """
    outcome, _ = record(dedent(source), Settings(), 1)
    assert outcome.connections[0]["closed"] == 1.15


def test_lines_are_those_at_which_statements_begin():
    source = (
        "import time\nPATHS = []\ndef nap(path):\n    time.sleep(\n        1\n    )\nnap(\n    PATHS[0]\n)"
    )
    recording = recorded(source, pages=1)
    assert recording.steps[0].stack == (7, 4)
    assert recording.statements == {4: 6, 7: 9}


def pythons():
    """Other Pythons of this machine that the simulator knows."""
    folder = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = {
        *folder.glob("3.*/bin/python"),
        *(Path(path) for n in range(11, 20) if (path := shutil.which(f"python3.{n}"))),
    }
    return sorted(map(str, found))


def test_a_recording_is_the_same_under_every_python(tmp_path):
    stages = [stage for stage in STAGES if stage not in ("loops", "c10k")]  # which need libraries
    programs = [str(find(stage).snippet) for stage in stages] + [str(program(name)) for name in LANES]
    stages += LANES
    digests = {}
    for python in (sys.executable, *pythons()):
        known = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        if subprocess.run(known, capture_output=True).returncode == 0:
            command = [python, "-c", DIGESTS, *programs]
            digests[python] = subprocess.check_output(command, cwd=ROOT, text=True).split()
    for python, told in digests.items():
        different = [
            stage
            for stage, *pair in zip(stages, told, digests[sys.executable], strict=True)
            if len({*pair}) > 1
        ]
        assert not different, f"{python}: {different}"


def lanes_of(name, **more):
    """Outcome, output and recording of that demonstration."""
    lanes, written = LANES[name], []
    given = {"lanes": lanes.values, "runs": lanes.runs, "by_line": lanes.by_line} | more
    outcome, recording = record(program(name).read_text("utf-8"), Settings(), None, written.append, **given)
    return outcome, written, recording


def test_lanes_may_be_functions_and_one_that_sleeps_with_the_thread_holds_up_the_other():
    *_, recording = lanes_of("heartbeat")
    asleep, *others = (step for step in recording.steps if step.call == "sleep")
    assert not others
    beat, nap = asleep.places
    assert (beat.state, beat.waits) == ("frame", "turn")
    assert (nap.state, nap.waits) == ("stack", "sleep")
    assert [item.call for item in asleep.queue] == ["Task.wakeup"]
    following = recording.steps[recording.steps.index(asleep) + 1]
    assert following.begin - asleep.begin == 300_000_000
    beats = [step.begin for step in recording.steps if step.begin > following.begin and step.places[0].lines]
    assert max(after - before for before, after in pairwise(beats)) == 10_000_000


def test_without_calls_each_line_of_a_lane_is_a_step_and_a_queue_keeps_one_out_of_the_other():
    *_, recording = lanes_of("two_tasks")
    assert {step.call for step in recording.steps} == {"line", "exit"}
    source = program("two_tasks").read_text("utf-8").splitlines()
    order = [source[step.stack[-1] - 1].strip() for step in recording.steps[:-1]]
    begins, ends, goes_on = (f'log.append("{text}")' for text in ("A begins", "A ends", "B goes on"))
    assert [line for line in order if line.startswith("log")] == [
        begins,
        goes_on,
        ends,
        begins,
        ends,
        goes_on,
    ]
    inside, *_ = (step for step in recording.steps[:-1] if source[step.stack[-1] - 1].strip() == goes_on)
    assert [place.state for place in inside.places] == ["stack", "stack"]
    queued = [step for step in recording.steps if step.queue]
    assert [[item.page for item in step.queue] for step in queued] == [[1]]


@pytest.mark.parametrize("name", LANES)
def test_a_demonstration_that_is_recorded_is_the_same_to_the_nanosecond(name):
    written = []
    outcome = simulate(program(name).read_text("utf-8"), Settings(), None, written.append)
    assert (outcome, written) == lanes_of(name, runs=None)[:2]


def test_threads_stand_in_one_line_each_on_its_own_stack(recordings):
    recording = recordings["threads"]
    step = next(step for step in recording.steps if step.actor == 0 and step.end > step.begin)
    assert {place.state for place in step.places} == {"stack"}
    assert len({place.lines for place in step.places}) == 1
    assert recording.actors == ["main", *(f"ThreadPoolExecutor-0_{number}" for number in range(10))]
