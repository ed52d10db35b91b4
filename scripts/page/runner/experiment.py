"""One experiment of a reader, on the simulator: what the worker in the browser calls.

It imports nothing else of the project but the simulator and what draws: the browser gets no more of it.
"""

import ast
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from scripts.lab.settings import Fault, LabError, Settings
from scripts.page.html import Html, element
from scripts.page.pictures import lanes
from scripts.page.player.section import LEFT_OUT, section
from scripts.page.runner.exercises import Run, of_stage
from scripts.simulator import Outcome, record, simulate
from scripts.simulator.frames import FILENAME
from scripts.simulator.prices import calibrated
from scripts.simulator.recorder import MOST_PAGES
from scripts.simulator.run import Error, assignments_of_paths, told

TALLEST = 320
"""Units for the connections of one run in the picture, however many there are."""
FOR_EVER = "，此后会一直等下去"
AT_COST = "（页数多，干活也算时间，单价是构建时量到的）"
USUAL_PATHS = '[f"/?page={number}" for number in range(10)]'
"""What PATHS is in every stage's program, and the runner's field fills in."""
ITS_OWN = "；PATHS 是你自己写的，“页数”不管用"
BEYOND = 1.2
"""As a part of the longer run: how far what waits for ever is drawn, so that one sees it go on."""
WAITING = (("syn", "established"), ("request", "first_byte"))
"""The moments with which a connection begins to wait, and with which that ends."""
NOTE = "模拟的网络，虚拟时间；程序是你刚才跑的这一份。"
CANNOT = {
    "input": "这里没有键盘，input() 等不到人来敲：把要输入的值直接写进程序里。",
    "files": "这里没有文件，open() 打不开什么：把数据直接写进程序里。",
    "processes": "这里开不了进程：要看多进程，用 ProcessPoolExecutor，它在这里是模拟的。",
    "servers": "模拟的机器只能当客户端，bind、listen、accept 都不行：能连的服务器只有 example.com:80。",
    "threads": "这个浏览器还不会切换 WebAssembly 的栈（JSPI），开不了第二个线程：换一个新一点的浏览器。",
}
"""What a program tries that there is not here, by its name in the simulator."""
GUESSES = {
    r"^SyntaxError: .*(await|async).* outside ": (
        "await 只能写在 async def 里面：把这几行放进 async def main():，最后写一行 asyncio.run(main())。"
    ),
    r"^MemoryError$": "MemoryError：浏览器给这一页的内存用完了。",
    r"\[Errno 29\]": "程序想读写的东西这里没有：没有键盘，没有文件，也没有别的设备。",
}
"""Messages, as patterns, that leave a reader to guess, and what they mean."""
WAITS = re.compile(r"Deadlock: (?P<what>.+) waits for ever: [^;]*(; so do (?P<others>.*))?")
ASKS = re.compile(r"Deadlock: the program has asked for (?P<seconds>\d+) s, .*")


@dataclass(frozen=True)
class Recorded:
    """The run of the build, in seconds from its beginning, and `about` it where it was measured."""

    about: str
    wall: float
    cpu: float
    connections: Sequence[Mapping[str, float | None]]
    busy: Sequence[tuple[float, float, float]]


class Problem(TypedDict):
    """What went wrong; `line` is of the program, or None where it is in none."""

    message: str
    line: int | None
    traceback: str


def run(experiment: str, write: Callable[[str], object]) -> str:
    """Simulate an experiment, and give as JSON what there is to show: `summary`, `error`, and as HTML
    `picture`, the run beside the recorded one, and `player`, where each page stood in the program.  Where the
    experiment is an `exercise`, [stage, number], `verdict` tells which answer holds, by its number, and why.

    The experiment is JSON, too: `program`, `pages`, the lab's settings (seconds, bytes), `faults` as the lab
    reads them, and `recorded`, as the fields of Recorded.  Time is exact; but of more pages than a player
    shows, work takes the time that it took the build, if its `costs` are given, as `calibrated` has them.
    What an exercise asks about stays exact.  `error` is None where nothing went wrong.  `write` gets what the
    program prints.
    """
    asked = json.loads(experiment)
    try:
        faults = tuple(map(Fault.parse, asked["faults"]))
        settings = Settings(
            rtt=asked["rtt"], service_time=asked["service_time"], body_size=asked["body_size"], faults=faults
        )
    except LabError as error:
        return json.dumps(not_begun(in_chinese((str(error), None, ""))))
    program = asked["program"]
    if wrong := unreadable(program):
        return json.dumps(not_begun(wrong))
    pages = None if has_paths_of_its_own(program) else asked["pages"]
    if costs := asked.get("costs") if (pages or 0) > MOST_PAGES and not asked.get("exercise") else None:
        outcome = simulate(program, settings, pages, write, calibrated(**costs))
        player = element("p", LEFT_OUT["pages"], class_="player player--absent")
    else:
        outcome, recording = record(program, settings, pages, write)
        if outcome.error and recording.steps:
            recording.steps[-1].result = in_chinese(outcome.error, outcome.cannot)["message"]
        player = section("你的程序", program, recording, outcome, NOTE)
    recorded = Recorded(**asked["recorded"])
    remarks = AT_COST * bool(costs) + FOR_EVER * outcome.hangs + ITS_OWN * (pages is None)
    return json.dumps({
        "summary": summary(outcome) + remarks,
        "error": in_chinese(outcome.error, outcome.cannot) if outcome.error else None,
        "picture": beside(left_waiting(outcome, recorded), recorded) if outcome.connections else "",
        "player": player,
        "verdict": verdict(asked["exercise"], outcome, settings) if asked.get("exercise") else None,
    })  # fmt: skip


def not_begun(wrong: Problem) -> dict[str, object]:
    """What there is to show of an experiment that cannot be run."""
    return {"summary": "没有运行", "error": wrong, "picture": "", "player": "", "verdict": None}


def has_paths_of_its_own(program: str) -> bool:
    """Whether it assigns anything to PATHS that the stages' programs do not."""
    usual = ast.dump(ast.parse(USUAL_PATHS, mode="eval").body)
    values = (each.value for each in assignments_of_paths(ast.parse(program)))
    return any(value and ast.dump(value) != usual for value in values)


def unreadable(program: str) -> Problem | None:
    """What is wrong with a program of which Python can make no sense."""
    try:
        compile(program, FILENAME, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:  # null characters, deep nesting
        return in_chinese(told(error) or ("", None, ""))
    return None


def verdict(exercise: tuple[str, int], outcome: Outcome, settings: Settings) -> dict[str, object]:
    """Which answer of that exercise holds of this run, and why; None where the run fits none."""
    stage, number = exercise
    asked, ran = list(of_stage(stage))[number], Run.of(outcome, settings)
    holds = asked.verdict(ran)
    if holds is None:
        return {"holds": None, "why": "这一次跑出来的，和哪个回答都不一样。"}
    arrived = f"到了 {ran.arrived:,} 页，墙钟 {exact(ran.wall)} 秒，CPU {exact(ran.cpu)} 秒。"
    return {"holds": holds, "why": f"{arrived}{asked.answers[holds].why}"}


def in_chinese(error: Error, cannot: str | None = None) -> Problem:
    """What went wrong, and in which line; `cannot` is what there is not here, where it was that."""
    message, line, traceback = error
    return {"message": explained(message, cannot), "line": line, "traceback": traceback}


def explained(message: str, cannot: str | None) -> str:
    """Why a program ended, where a reader could only guess; else the error's own message."""
    if cannot:
        return CANNOT[cannot]
    if found := WAITS.fullmatch(message):
        others = f"；一样在等的还有 {found['others']}" if found["others"] else ""
        return f"死锁：{found['what']} 会一直等下去，再没有什么会来叫醒它{others}。"
    if found := ASKS.fullmatch(message):
        return f"程序已经空问了 {found['seconds']} 秒（虚拟时间），再问下去也不会有东西来。"
    return next((chinese for pattern, chinese in GUESSES.items() if re.search(pattern, message)), message)


def summary(run: lanes.Run) -> str:
    """How many connections a run made, and what it took, in a sentence."""
    return f"{len(run.connections):,} 个连接，虚拟时间里墙钟 {exact(run.wall)} 秒，CPU {exact(run.cpu)} 秒"


def exact(seconds: float) -> str:
    """Seconds to the nanosecond, as virtual time is."""
    return f"{seconds:.9f}".rstrip("0").rstrip(".")


def left_waiting(outcome: Outcome, recorded: Recorded) -> Outcome:
    """The run, in which what a connection still waited for lasts until it was closed, or beyond the end."""
    beyond = max(outcome.wall, recorded.wall) * BEYOND

    def drawn(connection: dict[str, float | None]) -> dict[str, float | None]:
        missed = [
            last for first, last in WAITING if connection[first] is not None and connection[last] is None
        ]
        if missed and outcome.hangs:
            return connection | {missed[0]: beyond, "closed": None}
        return connection | dict.fromkeys(missed, connection["closed"])

    return replace(outcome, connections=list(map(drawn, outcome.connections)))


def beside(own: lanes.Run, recorded: Recorded) -> Html:
    """The reader's run above the recorded one, on one axis."""
    return lanes.panels(
        "上面是你刚才在浏览器里模拟的，走虚拟时间；下面是构建时在那台机器上实测的",
        "哪一次",
        f"模拟：{summary(own)}。实测：{recorded.about}。",
        [("浏览器里模拟", own, height(own)), ("构建时实测", recorded, height(recorded))],
    )


def height(run: lanes.Run) -> float:
    """Units for the connections of a run in the picture."""
    return min(max(len(run.connections), 1) * lanes.ROW, TALLEST)
