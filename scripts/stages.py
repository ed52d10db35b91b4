"""The stages of the story, their names and their order: the only such list.

A stage bears the name of its program in ``snippets/`` and of its page in ``docs/zh/``.
A *case* is what one measurement runs: a stage, or one way of running it, written
``"processes:spawn"``.  The bare name of a stage with several ways means the first.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

SNIPPETS = Path(__file__).resolve().parent.parent / "snippets"


@dataclass(frozen=True)
class Stage:
    """One step of the history.  `seconds_2017` is the source article's figure, quoted as history."""

    name: str
    title: str
    sequential: bool = False
    start_methods: tuple[str, ...] = ()
    seconds_2017: float | None = None


STAGES = (
    Stage("blocking", "同步阻塞", sequential=True, seconds_2017=4.5),
    Stage("processes", "多进程", start_methods=("fork", "forkserver", "spawn"), seconds_2017=0.6),
    Stage("threads", "多线程", seconds_2017=0.43),
    Stage("nonblocking", "忙循环", sequential=True, seconds_2017=4.3),
    Stage("polling", "轮询", sequential=False),
    Stage("greenlets", "绿色线程"),
)

DEMONSTRATIONS = ("echo",)
"""Programs that a page runs for what they print; they download nothing."""


class UnknownStage(LookupError):
    """No such stage or case; the message lists those there are."""


@dataclass(frozen=True)
class Case:
    """One stage, run one way."""

    stage: Stage
    start_method: str | None = None

    @property
    def name(self) -> str:
        return f"{self.stage.name}:{self.start_method}" if self.start_method else self.stage.name

    @property
    def title(self) -> str:
        return f"{self.stage.title}（{self.start_method}）" if self.start_method else self.stage.title

    @property
    def snippet(self) -> Path:
        return SNIPPETS / f"{self.stage.name}.py"

    def ideal(self, download: float, pages: int) -> float:
        """Seconds this stage would take if nothing but the network took time."""
        return download * pages if self.stage.sequential else download


CASES = tuple(
    Case(stage, start_method) for stage in STAGES for start_method in stage.start_methods or (None,)
)


def find(name: str) -> Case:
    """The case of that name; raises UnknownStage."""
    for case in CASES:
        if name in (case.name, case.stage.name):
            return case
    names = [case.name for case in CASES]
    near = get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
    raise UnknownStage(f"no stage is called {name!r}: {hint}")
