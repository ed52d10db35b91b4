"""Questions about a stage's program, and the changes whose runs answer them: predict, then see.

Which answer is right is nowhere written: each says what must have happened where it is, and the reader's own
run decides.  The module runs in the browser as well, and imports nothing there is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a build has no use for all of the simulator
    from scripts.lab.settings import Settings
    from scripts.simulator import Outcome

WAIT_IN_KERNEL = ("callbacks", "event_loop", "futures", "generators", "yield_from", "async_await")
BY_ASYNCIO = ("tasks", "c10k")
NAP = 0.1
"""Seconds that a program sleeps where it should not."""
PAUSE = 0.01
"""Seconds that a program sleeps before it asks again."""
LOOK = "for path, step in steps.items():"
SENDS = {"tasks": "writer.write(request(path))", "c10k": "transport.write(request(self.path))"}
"""The line that sends the request, where it is another than `sock.sendall(request(path))`."""


@dataclass(frozen=True)
class Run:
    """What a run came to: seconds; `download` is what one page takes alone, `arrived` counts the pages."""

    wall: float
    cpu: float
    download: float
    arrived: int
    error: str
    hangs: bool

    @classmethod
    def of(cls, outcome: Outcome, settings: Settings) -> Run:
        """Of a simulated program with these settings."""
        return cls(
            wall=outcome.wall,
            cpu=outcome.cpu,
            download=2 * settings.rtt + settings.service_time,
            arrived=sum(connection["last_byte"] is not None for connection in outcome.connections),
            error=outcome.error[0] if outcome.error else "",
            hangs=outcome.hangs,
        )

    def takes(self, downloads: float, more: float = 0.0) -> bool:
        """Whether it took about as long as so many downloads, one after another, and some seconds more."""
        return abs(self.wall - self.download * downloads - more) < 0.05 * self.download

    def sleeps(self) -> bool:
        """Whether it was hardly ever on the CPU."""
        return self.cpu < 0.1 * self.wall

    def spins(self) -> bool:
        """Whether it was on the CPU nearly all the time."""
        return self.cpu > 0.9 * self.wall


@dataclass(frozen=True)
class Answer:
    """One that a reader may choose, whether it `holds`, and why it is so where it does."""

    text: str
    holds: Callable[[Run], bool]
    why: str


@dataclass(frozen=True)
class Exercise:
    """A question about the programs of these stages.

    `settings` are fields of the runner's form.  `edits` gives for a stage which lines of its program, told
    without their indent, become which.
    """

    title: str
    question: str
    stages: tuple[str, ...]
    answers: tuple[Answer, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
    edits: Callable[[str], Mapping[str, str]] = lambda stage: {}

    def changed(self, stage: str, program: str) -> str:
        """The program with its edits; raises ValueError where a line is not there, or there twice."""
        lines = program.split("\n")
        for old, new in self.edits(stage).items():
            found = [number for number, line in enumerate(lines) if line.strip() == old]
            if len(found) != 1:
                raise ValueError(f"{stage}.py: {self.title} changes {old!r}, of which there are {len(found)}")
            indent = lines[found[0]][: -len(old)]
            lines[found[0]] = "\n".join(indent + line for line in new.split("\n"))
        return "\n".join(lines)

    def verdict(self, run: Run) -> int | None:
        """Which answer holds; None where not one does, as after further changes."""
        held = [number for number, answer in enumerate(self.answers) if answer.holds(run)]
        return held[0] if len(held) == 1 else None


def of_stage(stage: str) -> Iterator[Exercise]:
    """The exercises of that stage."""
    return (exercise for exercise in EXERCISES if stage in exercise.stages)


def with_nap(stage: str) -> dict[str, str]:
    sends = SENDS.get(stage, "sock.sendall(request(path))")
    return {sends: f"time.sleep({NAP})\n{sends}"}


def without_await(stage: str) -> dict[str, str]:
    return {
        "yield_from": {"yield from connect(loop, sock, address)": "connect(loop, sock, address)"},
        "async_await": {"await connect(loop, sock, address)": "connect(loop, sock, address)"},
        "tasks": {"response = await reader.read()": "response = reader.read()"},
    }[stage]


FAR = {"rtt": "1500", "service": "1500"}

EXERCISES = (
    Exercise(
        "远十倍",
        "往返和服务都慢十倍，取一页要 4.5 秒。十页一共要多久？",
        ("blocking", "processes", "threads"),
        (
            Answer("4.5 秒", lambda run: run.takes(1), "十次等待叠在一起，合起来还是一次那么长。"),
            Answer("45 秒", lambda run: run.takes(10), "十次等待排着队，一次长十倍，合起来也长十倍。"),
        ),
        FAR,
    ),
    Exercise(
        "远十倍",
        "往返和服务都慢十倍，墙钟自然跟着长。CPU 呢？",
        ("polling", *WAIT_IN_KERNEL),
        (
            Answer("几乎不动", Run.sleeps, "等的时候程序睡在 select() 里，等多久都不花 CPU。"),
            Answer("跟着长十倍", Run.spins, "它等多久就问多久，问一次花一次 CPU。"),
        ),
        FAR,
    ),
    Exercise(
        "远一倍",
        "往返和服务都慢一倍，墙钟从 4.5 秒变成 9 秒。CPU 呢？",
        ("nonblocking",),
        (
            Answer("还是 4.5 秒", lambda run: run.cpu < 0.6 * run.wall, "多出来的时间都在睡。"),
            Answer("也是 9 秒", Run.spins, "它等多久就问多久，问一次花一次 CPU。"),
        ),
        {"rtt": "300", "service": "300"},
    ),
    Exercise(
        "问得慢一点",
        f"没有好的时候，先睡 {PAUSE} 秒再问。CPU 会怎样？",
        ("nonblocking", "polling"),
        (
            Answer(
                "几乎不动",
                Run.sleeps,
                f"问的次数少了，花的 CPU 也就少了。代价是好了也不知道，最多要晚 {PAUSE} 秒。",
            ),
            Answer("还是和墙钟一样多", Run.spins, "问得慢，也还是在问。"),
        ),
        edits=lambda stage: {
            "nonblocking": {"pass": f"time.sleep({PAUSE})"},
            "polling": {LOOK: f"time.sleep({PAUSE})\n{LOOK}"},
        }[stage],
    ),
    Exercise(
        "一声不吭",
        "服务器收下 /?page=3 的请求，然后一声不吭。另外九页取得到吗？",
        ("blocking", "processes", "threads", *WAIT_IN_KERNEL, *BY_ASYNCIO),
        (
            Answer(
                "只有它前面的三页",
                lambda run: run.arrived == 3 and run.hangs,
                "程序停在第四页的 recv() 里，后面的六页轮不到。",
            ),
            Answer(
                "九页都取到，程序却不会结束",
                lambda run: run.arrived == 9 and run.hangs,
                "九页都到了，可程序要等十页到齐，而最后那一页永远不会来。",
            ),
            Answer(
                "九页都取到，过一会儿程序报错",
                lambda run: run.arrived == 9 and not run.hangs,
                "这个程序给每一页都定了时限，到时候就不等了。",
            ),
        ),
        {"fault": "silent", "target": "3"},
    ),
    Exercise(
        "拒绝一个",
        "第四个连接被拒绝，程序会报错。报错以前，另外九页到了几页？",
        (
            "blocking",
            "processes",
            "threads",
            "nonblocking",
            "polling",
            "callbacks",
            "event_loop",
            "generators",
        ),
        (
            Answer("三页", lambda run: run.arrived == 3, "前三页早已取完，第四页一出错，后面的就没有开始。"),
            Answer(
                "九页",
                lambda run: run.arrived == 9,
                "各等各的，谁也拦不住谁：离开 with 之前，池子要等大家都做完。",
            ),
            Answer(
                "一页也没有",
                lambda run: run.arrived == 0,
                "拒绝只要一趟往返就知道，异常穿过大家共用的循环，这时谁的回答都还在路上。",
            ),
        ),
        {"fault": "refuse", "target": "4"},
    ),
    Exercise(
        "一千页",
        "十页换成一千页，墙钟变成原来的多少倍？",
        ("blocking", *WAIT_IN_KERNEL, *BY_ASYNCIO),
        (
            Answer(
                "差不多一样",
                lambda run: run.takes(1),
                "一千次等待一样叠得起来。这里干活不算时间，所以一样；真的机器上会多出干活的那一点。",
            ),
            Answer("一百倍", lambda run: run.takes(1000), "一页接着一页，一千页就是一千次等待。"),
        ),
        {"pages": "1000"},
    ),
    Exercise(
        "睡一小会儿",
        f"发请求之前先 time.sleep({NAP})，十页各睡一次。一共多出几秒？",
        ("processes", "threads", *WAIT_IN_KERNEL, *BY_ASYNCIO),
        (
            Answer("0.1 秒", lambda run: run.takes(1, NAP), "谁睡谁的，十个 0.1 秒叠在一起。"),
            Answer(
                "1 秒",
                lambda run: run.takes(1, 10 * NAP),
                "只有一个线程，它睡着的时候谁也走不了：十个 0.1 秒一个接一个。",
            ),
        ),
        edits=with_nap,
    ),
    Exercise(
        "三个人的池子",
        "池子里从十个线程减到三个，十页要多久？取一页是 0.45 秒。",
        ("threads",),
        (
            Answer("0.45 秒", lambda run: run.takes(1), "三个线程也够十页同时等。"),
            Answer("1.5 秒", lambda run: run.takes(10 / 3), "十页平摊给三个线程。"),
            Answer("1.8 秒", lambda run: run.takes(4), "三页一批，要四批才取得完，最后一批只有一页。"),
        ),
        edits=lambda stage: {
            "with ThreadPoolExecutor(max_workers=len(paths)) as pool:": (
                "with ThreadPoolExecutor(max_workers=3) as pool:"
            )
        },
    ),
    Exercise(
        "漏写一个词",
        "connect(...) 前面的 await（或 yield from）漏写了。连接建得起来吗？",
        ("yield_from", "async_await"),
        (
            Answer("建得起来，只是没有等它", lambda run: run.takes(1), "连接照样建立，后面再等也来得及。"),
            Answer(
                "一个也没有",
                lambda run: run.arrived == 0 and bool(run.error),
                "connect(...) 只造出一个对象，函数里一行也没有执行：套接字还没有连，就发请求了。",
            ),
        ),
        edits=without_await,
    ),
    Exercise(
        "漏写一个词",
        "await reader.read() 漏写了 await。response 里会是什么？",
        ("tasks",),
        (
            Answer("整个回答", lambda run: not run.error, "读取照样发生。"),
            Answer(
                "一个还没开始的协程",
                lambda run: "coroutine" in run.error,
                "调用协程函数只造出一个协程，不 await，里面一行也不执行；body() 拿它当字节用，就报错了。",
            ),
        ),
        edits=without_await,
    ),
)
