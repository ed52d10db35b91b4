"""Wave after wave of connections: every page arrives, and link and origin stay as they were.

The whole of it, ten thousand at once and twenty times, is run by `make soak`.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from scripts.lab import Settings, bare_environment, run
from scripts.lab.settings import MOST_TRACED

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the emulated link needs Linux"),
    pytest.mark.measures,  # a link that waits for a core has no room for so many
]

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENT = """
import http.client, json, sys
from scripts.lab.http import body
from snippets.callbacks import fetch_all

other = http.client.HTTPConnection("example.com")
at_once, waves, size = map(int, sys.argv[1:])
for wave in range(waves):
    paths = [f"/?page={page}" for page in range(wave * at_once, (wave + 1) * at_once)]
    pages = fetch_all(paths)
    right = sum(pages[path] == body(path, size) for path in paths)
    # Packets stay in order: the end of every connection reaches the origin before this, and it looks for
    # each of them before the second answer.
    for _ in range(2):
        other.request("GET", "/")
        other.getresponse().read()
    print(json.dumps(right), flush=True)
    sys.stdin.readline()
"""
SIZE = 1_000


def children(pid):
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for thread in threads for child in thread.read_text().split()]


def descendants(pid):
    for child in children(pid):
        yield child
        yield from descendants(child)


def helpers():
    """PIDs by name: the link and the origin of this process's lab, and how many processes there are in all."""
    found = list(descendants(os.getpid()))
    names = {Path(f"/proc/{pid}/comm").read_text().strip(): pid for pid in found}
    return names["lab-link"], names["lab-origin"], len(found)


def state():
    """Files and bytes of link and origin, and the number of processes."""
    link, origin, processes = helpers()
    files = [len(os.listdir(f"/proc/{pid}/fd")) for pid in (link, origin)]
    memory = [resident(pid) for pid in (link, origin)]
    return {"files": files, "memory": memory, "processes": processes}


def resident(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))


def soak(at_once, waves):
    """The states after each wave in which every page arrived, and what became of the run."""
    settings = Settings("emulated", rtt=0.05, service_time=0.05, body_size=SIZE, connections=at_once)
    command = [sys.executable, "-c", CLIENT, str(at_once), str(waves), str(SIZE)]
    (go_out, go_in), (told_out, told_in) = os.pipe(), os.pipe()
    with ThreadPoolExecutor(1) as pool, open(go_in, "w") as go, open(told_out) as told:
        lab = pool.submit(
            run, command, settings, env=bare_environment(), cwd=ROOT, timeout=20 + 10 * waves,
            stdin=go_out, stdout=told_in, stderr=subprocess.PIPE,
        )  # fmt: skip
        lab.add_done_callback(lambda _: os.close(told_in))  # nobody is left who could tell anything
        states = []
        for _ in range(waves):
            line = told.readline()
            if not line:
                break  # it ended too early: its outcome says of what
            assert json.loads(line) == at_once
            states.append(state())
            go.write("\n")
            go.flush()
        outcome = lab.result()
        os.close(go_out)
    return states, outcome


def growth(memory):
    """Bytes that a wave takes more than the one before, the median.

    A leak shows in every wave.  An allocator takes a page or a large piece more now and then, and may keep it.
    """
    return median(later - earlier for earlier, later in pairwise(memory))


def check(states, outcome, at_once):
    assert outcome.returncode == 0, outcome.stderr
    assert not [note for note in outcome.notes if "no room for" in note]
    settled = states[MOST_TRACED // at_once + 2 :]  # until then the trace grows, as it should
    for name in ("files", "processes"):
        assert all(each[name] == settled[0][name] for each in settled), [each[name] for each in states]
    for memory in zip(*(each["memory"] for each in settled), strict=True):
        # No object takes as little as that for each connection.
        assert growth(memory) < 8 * at_once, memory
    assert all(connection.closed is not None for connection in outcome.connections[:at_once])


def test_waves_of_connections_leave_link_and_origin_as_they_were():
    check(*soak(at_once=2_000, waves=20), at_once=2_000)


@pytest.mark.benchmark
def test_ten_thousand_at_once_twenty_times():
    states, outcome = soak(at_once=10_000, waves=20)
    print()
    for wave, each in enumerate(states, 1):
        print(f"wave {wave:2}: link and origin: files {each['files']}, bytes {each['memory']}")
    print(f"CPU seconds: link {outcome.link_cpu:.2f}, origin {outcome.origin_cpu:.2f}")
    check(states, outcome, at_once=10_000)
