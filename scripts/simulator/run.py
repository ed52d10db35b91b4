"""Running a program in the simulator: its text, its output as it comes, and what became of it."""

import ast
import gc
import io
import linecache
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from types import ModuleType, TracebackType

from scripts.lab.settings import Settings
from scripts.simulator.clock import SECOND, Deadlock
from scripts.simulator.frames import FILENAME
from scripts.simulator.impossible import Impossible, refused
from scripts.simulator.machine import Machine, running
from scripts.simulator.network import Network
from scripts.simulator.prices import Prices
from scripts.simulator.recorder import Recorder
from scripts.simulator.recording import Recording
from scripts.simulator.standins import installed

Error = tuple[str, int | None, str]


@dataclass(frozen=True)
class Outcome:
    """What became of a program; times in virtual seconds since it began.

    `cpu` is what was burnt, in the intervals `busy`: (from, to, cores).  `connections` are the phases of
    each.  `error` is None or (message, number of the line in the program or None, traceback); `cannot` is one
    of `impossible.REASONS`, where it ended because it tried what there is not here.
    """

    wall: float
    cpu: float
    connections: list[dict[str, float | None]]
    busy: list[tuple[float, float, float]]
    error: Error | None
    cannot: str | None = None

    @property
    def hangs(self) -> bool:
        """Whether it was ended because it waits for what will never come."""
        return self.error is not None and self.error[0].startswith(f"{Deadlock.__name__}: ")


def simulate(
    source: str,
    settings: Settings,
    pages: int | None = 10,
    write: Callable[[str], object] | None = None,
    prices: Prices | None = None,
) -> Outcome:
    """Run the program with that text as `__main__`, on stand-ins, with example.com in virtual time.

    Where it assigns PATHS at its top level, it assigns that many `pages` instead; None leaves it as it is.
    What it prints goes to `write`, as it comes, or to standard output.  An error of the program is told, not
    raised; KeyboardInterrupt is raised.  Only waiting and asking in vain take time, exactly as long as the
    network says, unless work has its `prices`.
    """
    return run(source, Machine(Network(settings), prices), pages, write)


def record(
    source: str,
    settings: Settings,
    pages: int | None = 10,
    write: Callable[[str], object] | None = None,
    lanes: Sequence[object] = (),
    runs: str | None = None,
    by_line: bool = False,
) -> tuple[Outcome, Recording]:
    """Run the program as `simulate` does, and note what it did: the outcome is the same to the nanosecond.

    Where `lanes` are given, values or names of functions, they are its pages, and not the values of PATHS;
    where it `runs` other statements than those under ``if __name__ == "__main__"``, these.  Noted are its
    calls into the system, and `by_line` the lines of these functions, for a program that makes none.
    """
    recorder = Recorder(source, lanes, by_line)

    def edit(program: ast.Module) -> ast.Module:
        return recorder.with_looks(with_runs(program, runs))

    return run(source, Machine(Network(settings)), pages, write, recorder, edit), recorder.recording


def run(
    source: str,
    machine: Machine,
    pages: int | None,
    write: Callable[[str], object] | None,
    recorder: Recorder | None = None,
    edit: Callable[[ast.Module], ast.Module] = lambda program: program,
) -> Outcome:
    """Run the program as `simulate` does, on that machine, whose observer may be a recorder.

    What `edit` makes of it is compiled.
    """
    linecache.cache[FILENAME] = len(source), None, source.splitlines(keepends=True), FILENAME
    main, output = ModuleType("__main__"), Output(write)
    listening = recorder.listening(machine, vars(main)) if recorder else nullcontext()
    with redirect_stdout(output), redirect_stderr(output), running(machine), installed(main):
        with listening, uncollected(), refused(main):
            raised = attempt(lambda: execute(edit(with_pages(source, pages)), main, machine))
            error = raised and told(raised)
            if recorder:
                recorder.finish(error and error[0])
            with output.muted():
                machine.threads.end()
        vars(main).clear()  # what the program left behind ends on this machine, too
    clock = machine.clock
    return Outcome(
        wall=clock.now / SECOND,
        cpu=clock.burnt / SECOND,
        connections=[asdict(connection) for connection in machine.network.connections],
        busy=list(condensed(clock.busy)),
        error=error,
        cannot=impossible(raised),
    )


def condensed(busy: list[tuple[int, int]]) -> Iterator[tuple[float, float, float]]:
    """The intervals, few enough to be drawn: from when to when, in seconds, how many cores were in use."""
    most = 200
    if len(busy) <= most:
        yield from ((begin / SECOND, end / SECOND, 1.0) for begin, end in busy)
        return
    width = -(-busy[-1][1] // most)
    used = [0] * most
    for begin, end in busy:
        for bucket in range(begin // width, -(-end // width)):
            used[bucket] += min(end, (bucket + 1) * width) - max(begin, bucket * width)
    for bucket, share in enumerate(used):
        if share:
            yield bucket * width / SECOND, (bucket + 1) * width / SECOND, share / width


def impossible(error: BaseException | None) -> str | None:
    """What it was that cannot be done here; `socket.create_server` puts an error of its own in its place."""
    if isinstance(error, OSError) and not isinstance(error, Impossible):
        error = error.__context__
    return error.what if isinstance(error, Impossible) else None


def execute(program: ast.Module, main: ModuleType, machine: Machine) -> None:
    """Run the program in that module, and wait, as Python does, for its threads that are no daemons."""
    machine.resume()
    try:
        exec(compile(program, FILENAME, "exec", dont_inherit=True), vars(main))
    except Deadlock:
        raise
    except BaseException:
        attempt(sys.modules["threading"]._shutdown)
        raise
    sys.modules["threading"]._shutdown()


def attempt(call: Callable[[], object]) -> BaseException | None:
    """Call it; returns what it raised, if anything.  Raises KeyboardInterrupt."""
    try:
        call()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return error
    return None


@contextmanager
def uncollected() -> Iterator[None]:
    """Inside, cycles stay: when the collector would run hangs on how much was made, and closes sockets."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def with_pages(source: str, pages: int | None) -> ast.Module:
    """The program, with the value of each top-level assignment to PATHS replaced; raises SyntaxError."""
    program = ast.parse(source, FILENAME)
    if pages is None:
        return program
    paths = ast.parse(f'[f"/?page={{number}}" for number in range({pages})]', mode="eval").body
    for statement in assignments_of_paths(program):
        for node in ast.walk(paths):
            ast.copy_location(node, statement)
        statement.value = paths
    return program


def assignments_of_paths(program: ast.Module) -> Iterator[ast.Assign | ast.AnnAssign]:
    """The statements at the top level that assign to PATHS, or declare it."""
    for statement in program.body:
        match statement:
            case ast.Assign(targets=[ast.Name("PATHS")]) | ast.AnnAssign(target=ast.Name("PATHS")):
                yield statement


def with_runs(program: ast.Module, runs: str | None) -> ast.Module:
    """The program, in which these statements stand under its last one, ``if __name__ == "__main__":``."""
    if runs is not None:
        guard, body = program.body[-1], ast.parse(runs).body
        for node in (each for statement in body for each in ast.walk(statement)):
            ast.copy_location(node, guard)
        guard.__dict__["body"] = body
    return program


class Output(io.TextIOBase):
    """A stream that hands on what is written to it, to a function that may print itself."""

    def __init__(self, write: Callable[[str], object] | None) -> None:
        self._outside = sys.stdout
        self._write = write or self._outside.write

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Inside, nothing is handed on."""
        write, self._write = self._write, str
        yield
        self._write = write

    def write(self, text: str) -> int:
        with redirect_stdout(self._outside):
            self._write(text)
        return len(text)


def told(error: BaseException) -> Error | None:
    """The error as an `Outcome` tells it; None for a program that ended itself in good order."""
    if isinstance(error, SystemExit) and not error.code:
        return None
    frames = error.__traceback__
    while frames and frames.tb_frame.f_code.co_filename != FILENAME:
        frames = frames.tb_next
    text = "".join(traceback.format_exception(type(error), error, frames))
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    message, line = error, last_line(error.__traceback__)
    if isinstance(error, SyntaxError):  # which has the line in its message as well
        message, line = error.msg, error.lineno
    return f"{type(error).__name__}: {message}".removesuffix(": "), line, text


def last_line(frames: TracebackType | None) -> int | None:
    """The line of the program in which the error was raised, or from which it called what raised it."""
    lines = [frame.lineno for frame in traceback.extract_tb(frames) if frame.filename == FILENAME]
    return lines[-1] if lines else None
