"""What one call costs that asks about many sockets: what is measured, and what a system may lack."""

import os
import select
import selectors
import socket
import sys
from ast import literal_eval
from types import SimpleNamespace

import pytest

from scripts.stages import program
from snippets.demonstrations import readiness
from tests.strictly import printed

WITH_FEW_DESCRIPTORS = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (450, 450))
sys.path.insert(0, {folder!r})
import readiness
print(readiness.demonstrate())
"""

linux = pytest.mark.skipif(sys.platform != "linux", reason="the numbers are those of Linux")


@pytest.fixture(scope="module")
def found():
    """All that the program prints, as texts."""
    return dict(line.split(": ") for line in printed(program("readiness")).splitlines())


@linux
def test_every_api_is_measured_with_every_number_of_sockets(found):
    assert len(found) == len(readiness.APIS) * len(readiness.IDLE) + 3
    for api in readiness.APIS:
        for n in readiness.IDLE:
            seconds = literal_eval(found[f"{api}, {n}"])
            if not hasattr(select, api) or (api == "select" and n > 1000):
                assert seconds is None
            else:
                assert 0 < seconds < readiness.WAIT  # had none been ready, it would have waited
    assert found["DefaultSelector"] == selectors.DefaultSelector.__name__


@linux
def test_select_stops_where_its_table_of_descriptors_ends(found):
    assert found["first refused by select"] == "1024"
    assert found["FD_SETSIZE"] == "filedescriptor out of range in select()"


@linux
@pytest.mark.measures
def test_what_a_call_costs_grows_with_select_and_poll_and_not_with_epoll(findings):
    found = findings("readiness")

    def ratio(api, n):
        return found[f"{api}, {n}"] / found[f"{api}, 10"]

    assert ratio("epoll", 9000) <= 3
    assert ratio("poll", 9000) >= 50
    assert ratio("select", 1000) >= 10


@linux
def test_where_few_descriptors_are_allowed_less_is_found(tmp_path):
    script = tmp_path / "few.py"
    script.write_text(WITH_FEW_DESCRIPTORS.format(folder=str(program("readiness").parent)))
    found = literal_eval(printed(script))
    assert found["poll, 400"] > 0
    assert found["poll, 1000"] is None
    assert found["FD_SETSIZE"] is None


@linux
def test_it_leaves_no_descriptor_open_and_the_limit_as_it_was(monkeypatch):
    import resource

    monkeypatch.setattr(readiness, "IDLE", (10, 20))
    monkeypatch.setattr(readiness, "BATCHES", 1)
    before = os.listdir("/proc/self/fd"), resource.getrlimit(resource.RLIMIT_NOFILE)
    found = readiness.demonstrate()
    assert (os.listdir("/proc/self/fd"), resource.getrlimit(resource.RLIMIT_NOFILE)) == before
    assert found["epoll, 20"] > 0
    assert found["FD_SETSIZE"] is None  # so few did not come near it


@pytest.mark.parametrize("api", [api for api in ("select", "poll", "epoll") if hasattr(select, api)])
def test_each_api_tells_that_one_is_ready_and_the_other_not(api):
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as idle:
        theirs.send(b"!")
        with readiness.APIS[api]([idle.fileno(), ours.fileno()]) as ask:
            answer = ask()
        ready = ours.fileno()
    assert answer == (([ready], [], []) if api == "select" else [(ready, select.POLLIN)])


def test_kqueue_is_told_of_all_descriptors_once_and_then_asked_for_what_is_ready(monkeypatch):
    calls = []
    kqueue = SimpleNamespace(control=lambda *call: calls.append(call), close=lambda: calls.append("close"))
    monkeypatch.setattr(select, "kqueue", lambda: kqueue, raising=False)
    monkeypatch.setattr(select, "kevent", lambda descriptor: f"read {descriptor}", raising=False)
    with readiness.by_kqueue([3, 4]) as ask:
        ask()
        ask()
    assert calls == [(["read 3", "read 4"], 0), *[(None, 1, readiness.WAIT)] * 2, "close"]
