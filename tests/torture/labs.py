"""The lab: programs in it that mean harm, and members of it that are killed or stopped."""

import os
import signal
import sys
import time
from functools import partial

from scripts.lab import __main__ as command
from scripts.lab import spare
from tests.torture.campaign import kind
from tests.torture.victims import Ended, Moment, Victim, strike, struck
from tests.torture.world import World, lost, silent

RTT = 0.01
"""Seconds of a round trip, and of the service."""
NEAR = ["--rtt", f"{RTT}", "--service-time", f"{RTT}"]
FETCH = "import urllib.request as u; print(len(u.urlopen('http://example.com/').read()))"
FETCHED = "9000\n"
BOOT = spare.BOOT
MEMBERS = {"caller": 40, "": 12, "1": 6, "1.1": 120, "1.1.1": 12, "1.1.2": 14, "1.1.3": 10}
"""Who may be struck: the caller, its supervisor, and whom that forks; and about how much each asks."""
HARM = {
    "kills all": "import os; os.kill(-1, 9)",
    "stops all": "import os; os.kill(-1, 19)",
    "kills its group": "import os, signal; os.killpg(0, signal.SIGTERM)",
    "kills PID 1": "import os; [os.kill(1, number) for number in range(1, 32)]",
    "leaves a daemon": "import os, time\nif os.fork() == 0:\n os.setsid()\n if os.fork() == 0:\n  time.sleep(600)",
    "leaves deaf ones": "import os, signal, time\nsignal.pthread_sigmask(0, signal.valid_signals())\nfor _ in range(20):\n if os.fork() == 0:\n  time.sleep(600)",
    "leaves a stopped one": "import os, signal\nif (pid := os.fork()) == 0:\n os.kill(os.getpid(), 19)\nos.waitpid(pid, 2)",
    "leaves files": "import os\nfor place in ('/tmp', '/dev/shm'):\n open(place + '/left', 'w').write('x' * 10**6)",
    "writes where it stands": "open('left', 'w')",
    "removes all": "import shutil; [shutil.rmtree(place, ignore_errors=True) for place in ('.', '/bin', '/etc', '/dev', '/tmp', '/root')]",
    "fills its disk": "\nwith open('/tmp/big', 'wb') as file:\n while True: file.write(bytes(1 << 24))",
    "holds what it printed": "import os, sys, time\nif os.fork() == 0:\n time.sleep(600)\nprint('x')",
    "closes everything": "import os; os.closerange(0, 1000)",
    "ends by itself": "import os; os.abort()",
    "ends oddly": "import os; os._exit(77)",
    "eats memory": "b = bytearray(8 << 30)",
    "mounts": "import ctypes; raise SystemExit(ctypes.CDLL(None).mount(b'x', b'/', b'tmpfs', 0, b''))",
    "unshares": "import ctypes; raise SystemExit(ctypes.CDLL(None).unshare(0x10000000))",
    "talks nonsense": "import socket; s = socket.create_connection(('example.com', 80)); s.sendall(bytes(1 << 16)); s.recv(1)",
    "connects a lot": "import socket; held = [socket.create_connection(('example.com', 80)) for _ in range(40)]",
    "says nothing": "import socket, os; s = [socket.create_connection(('example.com', 80)) for _ in range(9)]; os.kill(os.getpid(), 9)",
    "leaves semaphores": "import multiprocessing as m, os; held = [m.Semaphore() for _ in range(5)]; os._exit(0)",
    "opens all files": "import os\ntry:\n while True: os.open('/', 0)\nexcept OSError: raise SystemExit(3)",
    "recurses": "import sys; sys.setrecursionlimit(10**5)\ndef f(): f()\nf()",
}  # fmt: skip
FAILS = {"fills its disk", "writes where it stands", "eats memory", "recurses"}


def lab(arguments: list[str], program: str) -> int:
    """`python -m scripts.lab`, in this process."""
    sys.argv = ["lab", *NEAR, *arguments, "--", sys.executable, "-c", program]
    return command.main()


def standing(world: World) -> list[str]:
    """What is in the folder in which the lab stands."""
    return sorted(path.name for path in (world.folder / "stand").rglob("*"))


def stand(world: World) -> None:
    """A folder for the lab to stand in, with something to lose."""
    folder = world.folder / "stand"
    folder.mkdir()
    (folder / "precious").write_text("precious")
    folder.chmod(0o755)
    os.chdir(folder)


@kind(72)
def run_harm(world: World) -> str:
    """Its status comes through, nothing of it is left, and the next run is as if it had not been."""
    stand(world)
    name = list(HARM)[world.number % len(HARM)]
    link = ["--link", "emulated"]
    begun = time.monotonic()
    ended = Victim(partial(lab, link, HARM[name]), world.folder / "output").wait()
    if name in FAILS and ended.status == 0:
        raise silent(f"a program that {name} ended with status 0: {ended.output[-300:]}")
    if standing(world) != ["precious"] or (world.folder / "stand" / "precious").read_text() != "precious":
        raise lost(f"the folder holds {standing(world)}")
    if time.monotonic() - begun > 30:
        raise silent(f"a program that {name} took {time.monotonic() - begun:.0f} s")
    after = Victim(partial(lab, link, FETCH), world.folder / "after").wait()
    if (after.status, after.output) != (0, FETCHED):
        raise lost(f"the next run: {after}")
    return "told" if ended.status else "right"


@kind(150)
def strike_a_member(world: World) -> str:
    """Whoever of a run is killed or stopped: its answer is right, or the status says that it is not."""
    stand(world)
    member = world.random.choice(list(MEMBERS))
    number = world.random.choice(
        [signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP, signal.SIGSEGV]
    )
    moment = Moment(world.random.randint(1, MEMBERS[member]), number, "" if member == "caller" else member)
    run = partial(lab, ["--link", "emulated"], FETCH)
    struck_there = strike_the_caller if member == "caller" else strike_below
    ended = struck_there(world, run, moment)
    if ended.status == 0:
        if ended.output != FETCHED:
            raise silent(f"status 0 after {moment}: {ended.output!r}")
        return "right"
    if "Traceback" in ended.output or (ended.status > 0 and not ended.output.strip()):
        raise silent(f"status {ended.status} after {moment}: {ended.output[-1500:]}")
    return "told"


def strike_the_caller(world: World, run, moment: Moment) -> Ended:
    """One that is stopped goes on a moment later."""
    if moment.strike != signal.SIGSTOP:
        return struck(run, moment, world.folder)

    def begin() -> object:
        strike(moment, world.folder / "struck")
        return run()

    victim = Victim(begin, world.folder / "output")
    _, status = os.waitpid(victim.pid, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        os.kill(victim.pid, signal.SIGCONT)
        return victim.wait()
    return Ended(os.waitstatus_to_exitcode(status), (world.folder / "output").read_text())


def strike_below(world: World, run, moment: Moment) -> Ended:
    """In the supervisor, or in one that it has forked, however deep."""
    mark = world.folder / "struck"
    while True:
        when = f"Moment({moment.number}, {int(moment.strike)}, {moment.member!r}), Path({str(mark)!r})"
        path, main = BOOT.rsplit("; from ", 1)
        spare.BOOT = f"{path}; from pathlib import Path; from tests.torture.victims import *; strike({when}); from {main}"
        ended = Victim(run, world.folder / "output").wait()
        if mark.exists() or moment.number == 1:
            return ended
        moment = Moment(moment.number // 2, moment.strike, moment.member)
