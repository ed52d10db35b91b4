"""The emulated link keeps the times it promises; loopback comes to the same totals."""

import json
import shutil
import subprocess
import sys
from statistics import median

import pytest

from scripts import stages
from scripts.lab import Settings, run
from scripts.measure import Given

pytestmark = [
    pytest.mark.measures,
    pytest.mark.skipif(sys.platform != "linux", reason="the emulated link needs Linux"),
]
EMULATED = Settings("emulated")
RUNS = 5
"""What else the machine does adds to a wait and takes nothing from any: the least of so many is the lab's own."""

# The request of many a first attempt: no path, no version, a space before the field's name.
MALFORMED = r"""
import json, socket, time
start = time.perf_counter()
with socket.create_connection(("example.com", 80)) as sock:
    sock.sendall(b"GET HTTP:1.0\r\n Host: example.com\r\n\r\n")
    answer = b"".join(iter(lambda: sock.recv(4096), b""))
print(json.dumps([time.perf_counter() - start, answer.decode()]))
"""
WITH_HTTPX = r"""
import httpx, json, time
client = httpx.Client()  # a new client reads every certificate there is: not the link's time
client.get("http://example.com/warm-up", headers={"Connection": "close"})
start = time.perf_counter()
answer = client.get("http://example.com/?page=1", headers={"Connection": "close"})
print(json.dumps([time.perf_counter() - start, answer.status_code]))
"""
PAGES = r"""
import sys, time
sys.path.insert(0, "snippets")
import {stage} as stage
start = time.perf_counter()
stage.fetch_all(stage.PATHS[:{pages}])
print(time.perf_counter() - start)
"""


def python(program, settings=EMULATED):
    outcome = run(
        [sys.executable, "-c", program], settings, stdout=subprocess.PIPE, cwd=stages.SNIPPETS.parent
    )
    assert outcome.returncode == 0
    return json.loads(outcome.stdout), outcome


def test_connect_and_first_byte_are_within_milliseconds_of_the_ideal(measured_site):
    record = Given(measured_site / "measurements.json").get("blocking")
    connections = record.samples[0].connections
    assert (record.link, len(connections)) == ("emulated", 10)
    connect_error = median(c["established"] - c["syn"] for c in connections) - record.rtt
    answer_error = (
        median(c["first_byte"] - c["request"] for c in connections) - record.rtt - record.service_time
    )
    assert 0 <= connect_error <= 0.002
    assert 0 <= answer_error <= 0.004


@pytest.mark.parametrize("stage", ["blocking", "threads"])
def test_loopback_comes_to_the_same_total_and_says_what_it_is(stage):
    program, seconds = PAGES.format(stage=stage, pages=3), []
    for _ in range(RUNS):  # in turn, as fast as the machine may be just then
        emulated, _ = python(program)
        loopback, outcome = python(program, Settings("loopback"))
        seconds.append((emulated, loopback))
        assert outcome.link == "loopback"
        assert len(outcome.connections) == 3
    emulated, loopback = map(min, zip(*seconds, strict=True))
    assert loopback == pytest.approx(emulated, rel=0.05)


def test_a_malformed_request_is_answered_with_400_after_the_same_time():
    told = [python(MALFORMED)[0] for _ in range(RUNS)]
    assert all(answer.startswith("HTTP/1.1 400 ") for _, answer in told)
    assert 0.99 * EMULATED.download <= min(seconds for seconds, _ in told) <= 1.05 * EMULATED.download


def test_a_program_written_with_httpx_takes_one_download():
    least = []
    for _ in range(RUNS):
        (seconds, status), outcome = python(WITH_HTTPX)
        least.append(seconds)
        assert status == 200
        assert len(outcome.connections) == 2
    assert 0.99 * EMULATED.download <= min(least) <= 1.10 * EMULATED.download


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_sees_the_same_distances():
    timing = "[%{time_connect}, %{time_starttransfer}, %{http_code}]"
    curl = ["curl", "--silent", "--output", "/dev/null", "--write-out", timing, "http://example.com/"]
    told = [json.loads(run(curl, EMULATED, stdout=subprocess.PIPE).stdout) for _ in range(RUNS)]
    connected, answered, statuses = zip(*told, strict=True)
    assert set(statuses) == {200}
    assert 0.99 * EMULATED.rtt <= min(connected) <= 1.10 * EMULATED.rtt
    assert 0.99 * EMULATED.download <= min(answered) <= 1.05 * EMULATED.download
