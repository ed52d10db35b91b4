"""Many connections at once: what the lab needs for them, and what it says where it does not have it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.lab import LabError, Settings, run
from tests.patience import PATIENCE

resource = pytest.importorskip("resource", reason="the emulated link needs Linux")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the emulated link needs Linux")

ROOT = Path(__file__).resolve().parent.parent.parent
FETCH = """
import json
from scripts.lab.http import body
from snippets.callbacks import fetch_all

pages = fetch_all([f"/?page={number}" for number in range(PAGES)])
print(json.dumps(sum(page == body(path, SIZE) for path, page in pages.items())))
"""
LEAVE_OPEN = """
import os, socket
open = [socket.create_connection(("example.com", 80)) for _ in range(50)]
os._exit(0)
"""
LEAVE_CHILDREN = """
import os, signal, socket
reader, writer = os.pipe()
for _ in range(5):
    if not os.fork():
        open = socket.create_connection(("example.com", 80))
        os.write(writer, b"!")
        signal.pause()
for _ in range(5):
    os.read(reader, 1)
"""
LEAVE_A_TALKER = """
import os, socket
if not os.fork():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    while True:
        try:
            sock.sendto(b"!", ("192.0.2.2", 80))
        except OSError:
            pass
"""
QUICK = {"link": "emulated", "rtt": 0.02, "service_time": 0.02}


def lost(outcome):
    """What it says of packets for which there was no room."""
    return [note for note in outcome.notes if "no room for" in note]


def fetch(pages, body_size=1_000, **settings):
    command = [sys.executable, "-c", f"PAGES, SIZE = {pages}, {body_size}\n{FETCH}"]
    settings = Settings(**QUICK, body_size=body_size, **settings)
    outcome = run(command, settings, cwd=ROOT, timeout=PATIENCE, stdout=subprocess.PIPE)
    assert json.loads(outcome.stdout) == pages
    return outcome


@pytest.mark.measures  # a link that waits for a core has no room for so many
def test_a_thousand_connections_leave_a_trace_each_and_no_packet_behind():
    outcome = fetch(1_000)
    assert lost(outcome) == []
    assert len(outcome.connections) == 1_000
    assert all(connection.closed is not None for connection in outcome.connections)


@pytest.mark.measures
def test_a_thousand_long_answers_at_once_leave_no_packet_behind():
    assert lost(fetch(1_000, body_size=30_000)) == []


def test_room_grows_with_answers_up_to_a_quarter_of_a_gibibyte():
    from scripts.lab.emulated.pid1 import room
    from scripts.lab.emulated.ring import LARGEST, SLOT

    def frames(connections, size):
        return room(Settings(connections=connections, body_size=size))

    assert frames(10, 1_000) == frames(10, 9_000) == 30
    assert frames(10, 1_000_000) > 10 * 1_000_000 / LARGEST
    assert frames(1_000, 100_000_000) * SLOT == 256 << 20
    assert frames(60_000, 100_000_000) == frames(60_000, 0)


def test_more_connections_than_there_is_room_for_end_the_run_at_once_and_the_error_names_the_option():
    with pytest.raises(LabError, match="room for 1 connections at once, there were .* more --connections"):
        fetch(500, connections=1)


def test_bodies_of_any_size_arrive():
    assert lost(fetch(3, body_size=200_000)) == []


def test_connections_that_a_program_leaves_open_are_closed_when_it_ends():
    outcome = run([sys.executable, "-c", LEAVE_OPEN], Settings(**QUICK), timeout=PATIENCE)
    assert len(outcome.connections) == 50
    assert all(connection.closed is not None for connection in outcome.connections)


def test_a_child_that_goes_on_talking_does_not_keep_the_lab_from_ending():
    assert run([sys.executable, "-c", LEAVE_A_TALKER], Settings(**QUICK), timeout=PATIENCE).returncode == 0


def test_connections_of_children_left_behind_are_closed_when_the_program_ends():
    outcome = run([sys.executable, "-c", LEAVE_CHILDREN], Settings(**QUICK), timeout=PATIENCE)
    assert len(outcome.connections) == 5
    assert all(connection.closed is not None for connection in outcome.connections)


@pytest.mark.parametrize("link", ["emulated", "loopback"])
def test_too_few_files_for_so_many_connections_are_an_error_that_says_how_many_it_takes(link):
    def with_few_files():
        resource.setrlimit(resource.RLIMIT_NOFILE, (500, 500))

    command = [
        sys.executable,
        "-m",
        "scripts.lab",
        "--link",
        link,
        "--connections",
        "2000",
        "--",
        sys.executable,
    ]
    ran = subprocess.run(
        command, cwd=ROOT, preexec_fn=with_few_files, capture_output=True, text=True, timeout=PATIENCE
    )
    assert ran.returncode == 125
    assert "2,000 connections at once need 2,024 open files, and a process may open 500 here" in ran.stderr
    assert "ulimit -Hn 2024" in ran.stderr


def test_a_hard_limit_of_1024_files_is_enough_for_as_many_connections_as_the_lab_has_by_default():
    def with_1024_files():
        resource.setrlimit(resource.RLIMIT_NOFILE, (1_024, 1_024))

    command = [sys.executable, "-m", "scripts.lab", "--", "true"]
    assert subprocess.run(command, cwd=ROOT, preexec_fn=with_1024_files, timeout=PATIENCE).returncode == 0


def test_what_the_system_grants_is_enough_for_as_many_connections_as_it_is():
    from scripts.lab.limits import BESIDE, open_all_files

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = min(hard, 65_536)
    try:
        open_all_files(most - BESIDE)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == most
        with pytest.raises(LabError):
            open_all_files(most - BESIDE + 1)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
