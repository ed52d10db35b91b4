"""The cage: no way that was thought of leads out of it, and nothing that a program does in it is left."""

import ctypes
import json
import os
import pty
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("the cage needs Linux", allow_module_level=True)

from scripts.lab.emulated import linux
from tests.lab.emulated.probes import HARMLESS, PROBES
from tests.lab.nobody import NOBODY, interpreter_of_nobody
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parent.parent.parent.parent
PROGRAM = Path(__file__).with_name("probes.py")
SECRETS = {"CAGE_SECRET": "secret", "http_proxy": "http://127.0.0.1:9"}
EVEN_ROOT_WOULD = {"to_be_root", "to_become_root", "other_groups", "the_passwords"}
"""What a program has that runs as root because nobody else may read its folder."""
libc = ctypes.CDLL(None, use_errno=True)


class World:
    """Things outside that a probe might reach; `told` says where they are, `place` is open to every user."""

    def __init__(self):
        self.place = Path(tempfile.mkdtemp(prefix="cage-"))
        self.place.chmod(0o755)
        folder, own, secret = self.place / "folder", self.place / "folder" / "own", self.place / "secret"
        folder.mkdir()
        own.write_text("own")
        secret.write_text("secret")
        name = self.place.name
        self.shared = Path("/dev/shm", name)
        self.shared.write_text("shared")
        self.servers = [
            listening(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            listening(socket.AF_UNIX, socket.SOCK_STREAM, str(self.place / "socket")),
            listening(socket.AF_UNIX, socket.SOCK_DGRAM, str(self.place / "datagrams")),
            listening(socket.AF_UNIX, socket.SOCK_STREAM, f"\0{name}"),
        ]
        for path in (secret, folder, own, self.place / "socket", self.place / "datagrams"):
            path.chmod(0o777)
        key = int.from_bytes(os.urandom(3), "big")
        self.segment = libc.shmget(key, 4096, 0o1666)
        self.told = {
            "port": self.servers[0].getsockname()[1], "socket": str(self.place / "socket"),
            "datagrams": str(self.place / "datagrams"), "abstract": name, "pid": os.getpid(),
            "cmdline": Path("/proc/self/cmdline").read_text(), "secret": str(secret), "folder": str(folder),
            "own": str(own), "shared": name, "segment": key, "project": str(ROOT), "home": str(Path.home()),
            "left": f"{name}-left", "left_segment": key + 1, "uncaged": False,
        }  # fmt: skip

    def close(self):
        for server in self.servers:
            server.close()
        libc.shmctl(self.segment, 0, None)  # IPC_RMID
        self.shared.unlink()
        shutil.rmtree(self.place)


def listening(family, kind, address):
    server = socket.socket(family, kind)
    server.bind(address)
    if kind == socket.SOCK_STREAM:
        server.listen()
    return server


@pytest.fixture(scope="module")
def world():
    world = World()
    yield world
    world.close()


def told(command, **options):
    """What the probes got, as that command tells."""
    ran = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, **options)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def in_the_cage(world, interpreter=sys.executable, folder=None, **user):
    """What the probes got in a lab that this user started in that folder."""
    lab = [interpreter, "-m", "scripts.lab", "--link", "emulated", "--rtt", "0", "--service-time", "0", "--"]
    outside = json.dumps(world.told | {"scoped": knows_scopes()})
    environment = os.environ | SECRETS | {"PYTHONPATH": str(ROOT)}
    command = [*lab, interpreter, str(PROGRAM), outside]
    return told(command, env=environment, cwd=folder or world.told["folder"], **user)


def knows_scopes():
    """Whether this kernel lets a process give up signals to others: Landlock from its ABI 6 on."""
    try:
        return linux.system_call(linux.SYS_LANDLOCK_CREATE_RULESET, None, 0, 1) >= 6
    except OSError:
        return False


def got_by_whoever_tests(world):
    return in_the_cage(world)


def got_by_nobody(world):
    if os.getuid():
        pytest.skip("only root can become nobody")
    return in_the_cage(world, interpreter_of_nobody(), user=NOBODY, group=NOBODY)


def got_by_root_in_a_folder_of_its_own(world):
    if os.getuid():
        pytest.skip("only root is root")
    closed = world.place / "closed"
    closed.mkdir(0o700)
    return in_the_cage(world, folder=closed)


@pytest.fixture(
    scope="module", params=[got_by_whoever_tests, got_by_nobody, got_by_root_in_a_folder_of_its_own]
)
def got(request, world):
    """What each probe got, and from whom."""
    return request.param.__name__, request.param(world)


@pytest.mark.parametrize("name", PROBES)
def test_the_cage_withholds(name, got):
    who, got = got
    if who == "got_by_root_in_a_folder_of_its_own" and name in EVEN_ROOT_WOULD:
        pytest.skip("root is root, with the note that says so")
    assert got[name] is None


def test_nothing_is_left_behind(got, world):
    left = world.told["left"]
    assert [path for path in (Path("/tmp", left), Path("/dev/shm", left)) if path.exists()] == []
    assert libc.shmget(world.told["left_segment"], 0, 0) == -1


def test_where_there_is_no_cage_the_same_probes_get_out(world):
    outside = json.dumps(world.told | {"uncaged": True})
    got = told([sys.executable, str(PROGRAM), outside, *sorted(HARMLESS)], env=os.environ | SECRETS)
    assert [name for name, what in got.items() if what is None or "broken" in what] == []


TYPE = """
import fcntl, os, sys, termios
for words, attempt in {
    "the terminal": lambda: os.open("/dev/tty", os.O_RDWR),
    "what was typed": lambda: fcntl.ioctl(0, termios.TIOCSTI, b"x"),
    "to control it": lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
}.items():
    try:
        attempt()
    except OSError:
        continue
    sys.exit(f"it got {words}")
os.write(1, b"nothing")
"""


def test_nobody_can_type_into_the_terminal_of_the_caller():
    ours, theirs = pty.openpty()

    def control():
        os.setsid()
        os.close(os.open(os.ttyname(theirs), os.O_RDWR))  # the first that a session opens controls it

    lab = [sys.executable, "-m", "scripts.lab", "--link", "emulated", "--", sys.executable, "-c", TYPE]
    ran = subprocess.run(
        lab, cwd=ROOT, stdin=theirs, capture_output=True, preexec_fn=control, timeout=PATIENCE
    )
    os.close(theirs)
    os.close(ours)
    assert ran.stdout == b"nothing", ran.stderr
