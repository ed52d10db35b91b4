"""One run of one program, in a process of its own: the meters stand around one call only.

Runs inside the lab as a script, told by one JSON argument what to do:

    {"call": "fetch_all", "program": PATH, "start_method": NAME, "loop": NAME, "pages": NUMBER}
    {"call": "endure", the same, "patience": SECONDS}  fetch_each where there is one, whatever comes of it
    {"call": "demonstrate", "program": PATH}           for what it finds

Null stands for what the program itself chooses.

It answers on the standard output that it was given, in one line of JSON; whatever the program
prints goes to standard error instead, so that the two cannot be mixed up.  Any Python from 3.8 on
can read it.

A process that multiprocessing spawns imports this file again.  So it imports at its top
only what any interpreter has loaded anyway, or spawning would look dearer than it is.
"""

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from resource import struct_rusage
    from typing import Any, TextIO, TypeVar

    Returned = TypeVar("Returned")
    Meters = tuple[float, float, int | None, int | None]
    """User and system seconds, voluntary and involuntary switches; None for what this system hides."""


def main() -> None:
    """Do the run that the command line asks for, and answer."""
    import json
    import socket

    with os.fdopen(os.dup(1), "w", encoding="ascii") as answer:
        os.dup2(2, 1)
        task = json.loads(sys.argv[1])
        program = load(task["program"])
        if task["call"] == "demonstrate":
            json.dump(program.demonstrate(), answer, allow_nan=False)
            return
        if task["start_method"]:
            import multiprocessing

            multiprocessing.set_start_method(task["start_method"])
        pages, way = task["pages"], {"loop": task["loop"]} if task["loop"] else {}
        paths = list(program.PATHS if pages is None else [f"/?page={number}" for number in range(pages)])
        # The first look-up of a name imports codecs, and gevent's imports half of gevent: imports do not
        # count, so each program looks its host up once before, by the socket module that is its own.
        getattr(program, "socket", socket).getaddrinfo(program.HOST, program.PORT)
        if way:
            program.fetch_all([], **way)  # a loop's library is imported when it first runs
        if task["call"] == "endure":
            endure(program, paths, way, task["patience"], answer)
            return
        sample, bodies = meter(lambda: program.fetch_all(paths, **way))
        json.dump({**sample, "asked": paths, "got": fingerprints(bodies)}, answer)


def load(path: str) -> "Any":
    """Import the program by its name, since a pool of processes has to find its functions by that name."""
    import importlib

    folder, file = os.path.split(path)
    sys.path[0] = folder  # where this file's own folder stood: -P, which keeps it out, came with 3.11
    return importlib.import_module(os.path.splitext(file)[0])


def endure(
    program: "Any", paths: "list[str]", way: "dict[str, str]", patience: float, answer: "TextIO"
) -> None:
    """Download while something goes wrong, and answer with what came, what was raised and what it took.

    After so many seconds the process says so and ends, whatever its threads and children wait for.
    """
    import json
    import signal

    def answer_with(
        sample: "dict[str, object]", bodies: "dict[str, bytes]", raised: "dict[str, str]", gave_up: bool
    ) -> None:
        told = {"asked": paths, "got": fingerprints(bodies), "raised": raised, "gave_up": gave_up}
        json.dump({**sample, **told}, answer)
        answer.flush()

    def give_up(number: int, frame: object) -> None:
        answer_with(since(start), {}, {}, gave_up=True)
        os._exit(0)

    def download() -> "tuple[dict[str, bytes], dict[str, str]]":
        fetch = getattr(program, "fetch_each", None) or program.fetch_all
        try:
            outcomes = fetch(paths, **way)
        except BaseException as error:
            return {}, {"": told(error)}
        bodies = {path: page for path, page in outcomes.items() if isinstance(page, bytes)}
        return bodies, {path: told(page) for path, page in outcomes.items() if path not in bodies}

    start = now()
    if hasattr(signal, "setitimer"):  # elsewhere the lab's own time-out ends it
        signal.signal(signal.SIGALRM, give_up)
        signal.setitimer(signal.ITIMER_REAL, patience)
    sample, (bodies, raised) = meter(download)
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
    answer_with(sample, bodies, raised, gave_up=False)


def told(error: BaseException) -> str:
    """The kind of the error, and its message; of a group's first."""
    while errors := getattr(error, "exceptions", None):  # groups came with 3.11
        error = errors[0]
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def meter(call: "Callable[[], Returned]") -> "tuple[dict[str, object], Returned]":
    """Make that call and return what it took (see `since`), beside what it returned."""
    start = now()
    returned = call()
    return since(start), returned


def now() -> "tuple[Meters, Meters, float, float]":
    """Usage of this process and of its children, seconds on CLOCK_MONOTONIC, and on the finest clock."""
    return *usage(), time.monotonic(), time.perf_counter()


def since(start: "tuple[Meters, Meters, float, float]") -> "dict[str, object]":
    """Seconds and bytes spent since `now` returned `start`; None for what this system does not tell.

    `begin` is on CLOCK_MONOTONIC, `memory` the peak of the largest process.
    """
    before, children_before, begin, began = start
    wall = time.perf_counter() - began
    after, _ = usage()
    end_helpers()
    _, children_after = usage()
    user, system, voluntary, involuntary = map(_spent, after, before, children_after, children_before)
    cpu, switches = {"user": user, "system": system}, {"voluntary": voluntary, "involuntary": involuntary}
    return {"begin": begin, "wall": wall, "memory": peak_memory(), **cpu, **switches}


def _spent(*meters: "float | None") -> "float | None":
    """The differences of two meters, each given last and first."""
    told = [meter for meter in meters if meter is not None]
    return told[0] - told[1] + told[2] - told[3] if len(told) == len(meters) else None


def usage() -> "tuple[Meters, Meters]":
    """What this process has used so far, and what those of its children have that ended."""
    try:
        import resource
    except ImportError:  # Windows: it counts no switches, and no children
        times = os.times()
        return (times.user, times.system, None, None), (0.0, 0.0, None, None)
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return _meters(own), _meters(children)


def _meters(rusage: "struct_rusage") -> "Meters":
    return rusage.ru_utime, rusage.ru_stime, rusage.ru_nvcsw, rusage.ru_nivcsw


def end_helpers() -> None:
    """End the server and the tracker that multiprocessing keeps until the interpreter ends.

    The kernel counts a child only when it has been waited for, and those that the fork server
    started are its children: without this their CPU and switches would be missing.
    """
    for module, attribute in (
        ("multiprocessing.forkserver", "_forkserver"),
        ("multiprocessing.resource_tracker", "_resource_tracker"),
    ):
        if module in sys.modules:
            getattr(sys.modules[module], attribute)._stop()  # the standard library has no public way


def peak_memory() -> "int | None":
    """Bytes of resident memory of the largest process, at its highest."""
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    try:
        # ru_maxrss would include what this process was before exec(2): a fork of the lab.
        with open("/proc/self/status") as status:
            own = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):  # gVisor has the file without the line
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return max(own, children)


def fingerprints(bodies: object) -> "dict[str, tuple[int, str]]":
    """Length and SHA-256 of each body; raises TypeError for anything but a dict of str to bytes."""
    import hashlib

    if not isinstance(bodies, dict):
        raise TypeError(f"fetch_all returned {type(bodies).__name__}, not a dict of path to body")
    for path, body in bodies.items():
        if not isinstance(path, str) or not isinstance(body, bytes):
            raise TypeError(f"fetch_all returned {path!r}: {type(body).__name__}, not a path and its bytes")
    return {path: (len(body), hashlib.sha256(body).hexdigest()) for path, body in bodies.items()}


if __name__ == "__main__":
    main()
