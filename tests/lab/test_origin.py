"""The origin, over real sockets: what it answers, when, and how it goes wrong on request."""

import asyncio
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict

import aiohttp
import httpx
import pytest

from scripts.lab import Fault, Settings
from scripts.lab.http import body
from scripts.lab.origin import STAMP, Origin, listen
from tests.patience import PATIENCE

SERVICE_TIME = 0.02
SIZE = 9_000


@contextmanager
def serving(*faults, distance=0.0, log=None, size=SIZE, service_time=SERVICE_TIME):
    """An origin on a free port of loopback; gives the port."""
    settings = Settings("loopback", distance, service_time, size, tuple(map(Fault.parse, faults)))
    with listen("127.0.0.1", 0) as listener, running(Origin(listener, settings, distance, log)):
        yield listener.getsockname()[1]


@contextmanager
def running(origin):
    """A thread in which that origin serves until the block ends."""
    stop, stopped = socket.socketpair()
    with stop, stopped:
        thread = threading.Thread(target=origin.serve, args=[stopped])
        thread.start()
        try:
            yield
        finally:
            stop.close()
            thread.join()


@contextmanager
def connected(port):
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as sock:
        yield sock


def read_all(sock):
    return b"".join(iter(lambda: sock.recv(65_536), b""))


def spin(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


@contextmanager
def stamping():
    """Have the kernel stamp what arrives: it begins to some time after the first asks for it, and lets none wait."""
    if sys.platform != "linux":
        yield
        return
    with listen("127.0.0.1", 0) as listener, connected(listener.getsockname()[1]) as sender:
        receiver, _ = listener.accept()
        with receiver:
            stamps, end = [], time.monotonic() + 10
            while not stamps:
                assert time.monotonic() < end, "no stamps"
                sender.sendall(b"!")
                _, stamps, _, _ = receiver.recvmsg(1, socket.CMSG_SPACE(STAMP.size))
            yield


def exchange(port, request):
    """All that comes back for these bytes, until the origin closes."""
    with connected(port) as sock:
        sock.sendall(request)
        return read_all(sock)


def status_and_body(answer):
    head, _, content = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), content


def test_a_body_has_the_size_asked_for_names_its_path_and_is_always_the_same():
    assert [len(body("/a", size)) for size in (0, 10, 9_000)] == [0, 10, 9_000]
    assert body("/a", SIZE) == body("/a", SIZE) != body("/b", SIZE)
    assert b"/?a=1&amp;b" in body("/?a=1&b", SIZE)


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /a HTTP/1.0\r\n\r\n",
        b"GET /a HTTP/1.0\r\nHost: example.com\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n",
        b"GET http://example.com/a HTTP/1.0\r\n\r\n",
        b"GET /a HTTP/1.0\n\n",
    ],
)
def test_a_page_is_answered_and_the_connection_closed(request_):
    with serving() as port:
        assert status_and_body(exchange(port, request_)) == (200, body("/a", SIZE))


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET HTTP:1.0/\r\n Host: example.com\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 400),
        (b"GET / HTTP/1.0\r\nHost : example.com\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"POST / HTTP/1.0\r\nContent-Length: many\r\n\r\n", 400),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\r\n\r\n", 400),
        (b"DELETE / HTTP/1.0\r\n\r\n", 405),
        (b"GET / HTTP/1.0\r\nCookie: " + b"x" * 17_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.0\r\nCookie: " + b"x" * 40_000, 431),
    ],
)
def test_what_breaks_the_rules_is_told_so_after_the_same_service_time(request_, status):
    with serving() as port:
        start = time.monotonic()
        assert status_and_body(exchange(port, request_))[0] == status
        assert time.monotonic() - start >= SERVICE_TIME


def test_a_method_that_is_not_allowed_is_told_those_that_are():
    with serving() as port:
        assert b"\r\nAllow: GET, HEAD\r\n" in exchange(
            port, b"PUT / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc"
        )


def test_head_is_answered_with_the_length_and_without_the_body():
    with serving() as port:
        answer = exchange(port, b"HEAD /a HTTP/1.0\r\n\r\n")
    assert b"\r\nContent-Length: 9000\r\n" in answer
    assert status_and_body(answer) == (200, b"")


def test_requests_in_one_packet_are_answered_in_order_each_after_its_service_time():
    paths = ["/a", "/b", "/c"]
    requests = [f"GET {path} HTTP/1.1\r\nHost: example.com\r\n".encode() for path in paths]
    with serving(size=100) as port:
        start = time.monotonic()
        answer = exchange(port, b"\r\n".join([*requests, b""])[:-2] + b"Connection: close\r\n\r\n")
        assert time.monotonic() - start >= 3 * SERVICE_TIME
    places = [answer.index(body(path, 100)) for path in paths]
    assert places == sorted(places)


def test_a_request_that_comes_byte_by_byte_is_understood():
    with serving() as port, connected(port) as sock:
        for byte in b"GET /a HTTP/1.0\r\n\r\n":
            sock.sendall(bytes([byte]))
        assert status_and_body(read_all(sock)) == (200, body("/a", SIZE))


def test_a_request_with_a_body_leaves_the_connection_usable():
    with serving() as port:
        post = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
        get = b"GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        answer = exchange(port, post + get)
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert answer.endswith(body("/a", SIZE))


def test_who_stops_sending_still_gets_the_answer():
    with serving() as port, connected(port) as sock:
        sock.sendall(b"GET /a HTTP/1.0\r\n\r\n")
        sock.shutdown(socket.SHUT_WR)
        assert status_and_body(read_all(sock)) == (200, body("/a", SIZE))


def test_a_body_larger_than_any_buffer_comes_whole():
    with serving(size=10_000_000) as port, connected(port) as sock:
        sock.sendall(b"GET /a HTTP/1.0\r\n\r\n")
        assert status_and_body(read_all(sock)) == (200, body("/a", 10_000_000))


def test_nobody_waits_for_anyone_else():
    with serving("silent@/silent") as port, connected(port) as silent, connected(port):
        silent.sendall(b"GET /silent HTTP/1.0\r\n\r\n")
        assert status_and_body(exchange(port, b"GET /a HTTP/1.0\r\n\r\n"))[0] == 200
        silent.setblocking(False)
        with pytest.raises(BlockingIOError):
            silent.recv(1)


def test_a_client_that_leaves_before_its_answer_harms_nobody():
    with serving() as port:
        with connected(port) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes([1, 0, 0, 0, 0, 0, 0, 0]))
            sock.sendall(b"GET /a HTTP/1.0\r\n\r\n")
        assert status_and_body(exchange(port, b"GET /a HTTP/1.0\r\n\r\n"))[0] == 200


@pytest.mark.parametrize("size", [100, SIZE])
def test_a_reset_comes_in_the_middle_of_the_body(size):
    with serving("reset@/a", size=size) as port, connected(port) as sock:
        sock.sendall(b"GET /a HTTP/1.0\r\n\r\n")
        assert sock.recv(100).startswith(b"HTTP/1.1 200 ")
        with pytest.raises(ConnectionResetError):
            read_all(sock)


def test_a_truncated_body_ends_in_good_order_and_too_early():
    with serving("truncate@/a") as port:
        status, content = status_and_body(exchange(port, b"GET /a HTTP/1.0\r\n\r\n"))
    assert (status, content) == (200, body("/a", SIZE)[: SIZE // 2])


def test_a_drip_is_a_byte_each_service_time_and_whole_in_the_end():
    with serving("drip@/a", size=3) as port:
        start = time.monotonic()
        answer = exchange(port, b"GET /a HTTP/1.0\r\n\r\n")
        assert time.monotonic() - start >= (len(answer) - 1) * SERVICE_TIME
    assert status_and_body(answer) == (200, body("/a", 3))


def test_a_drip_holds_no_byte_back_for_the_next():
    with serving("drip@/a", service_time=0.5) as port, connected(port) as sock:
        sock.sendall(b"GET /a HTTP/1.0\r\n\r\n")
        assert sock.recv(100) == b"H"


def test_a_reset_from_who_waits_in_vain_ends_the_connection():
    log = []
    with serving("silent@/silent", log=log) as port:
        with connected(port) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes([1, 0, 0, 0, 0, 0, 0, 0]))
            sock.sendall(b"GET /silent HTTP/1.0\r\n\r\n")
            exchange(port, b"GET /a HTTP/1.0\r\n\r\n")
        exchange(port, b"GET /a HTTP/1.0\r\n\r\n")
        told = list(log)
    assert any(connection.first_byte is None for connection in told)


@pytest.mark.parametrize("fault", [(), (Fault("truncate", "/a"),)], ids=["whole", "truncated"])
def test_what_still_comes_behind_a_last_request_costs_nobody_the_answer(fault):
    whole = body("/a", SIZE)
    settings = Settings(rtt=0, service_time=SERVICE_TIME, faults=fault)
    with listen("127.0.0.1", 0) as listener, connected(listener.getsockname()[1]) as sock:
        sock.sendall(b"GET /a HTTP/1.0\r\n\r\n" + b"x" * 200_000)  # more than is read at once
        with running(Origin(listener, settings)):
            _, content = status_and_body(read_all(sock))
    assert content == (whole[: SIZE // 2] if fault else whole)


def test_a_second_request_waits_from_the_end_of_the_answer_before_it():
    size, service_time = 20_000_000, 0.3
    request = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
    with (
        serving(size=size, service_time=service_time) as port,
        connected(port) as sock,
        sock.makefile("rb") as answers,
    ):
        sock.sendall(request)
        sock.recv(1, socket.MSG_PEEK)
        sock.sendall(
            request
        )  # the origin cannot read it before it is rid of an answer that fills every buffer
        spin(service_time)
        start = time.monotonic()
        while answers.readline() != b"\r\n":
            pass
        answers.read(size)
        answers.read(1)
        assert time.monotonic() - start >= service_time


@pytest.mark.measures
def test_a_wait_counts_from_the_arrival_of_a_request_however_late_it_is_read():
    settings = Settings(service_time=0.3)
    with stamping(), listen("127.0.0.1", 0) as listener, connected(listener.getsockname()[1]) as sock:
        sent = time.monotonic()
        sock.sendall(b"GET /a HTTP/1.0\r\n\r\n")
        spin(0.2)  # the origin is busy elsewhere
        with running(Origin(listener, settings)):
            sock.recv(1)
            waited = time.monotonic() - sent
    assert waited >= 0.3
    assert sys.platform != "linux" or waited < 0.5


def test_a_fault_concerns_its_own_path_only():
    with serving("reset@/a", "truncate@/b") as port:
        assert status_and_body(exchange(port, b"GET /c HTTP/1.0\r\n\r\n")) == (200, body("/c", SIZE))


@pytest.mark.measures
def test_the_first_answer_makes_up_for_two_trips_and_the_next_for_one():
    seconds = []
    with serving(distance=0.05) as port:
        for _ in range(5):  # what else the machine does adds to a wait and takes nothing from any
            with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
                seconds.append([client.get("/a").elapsed.total_seconds() for _ in range(2)])
    first, second = map(min, zip(*seconds, strict=True))
    assert 0.07 <= second < 0.12 <= first


def test_the_log_tells_each_connection_as_if_the_distance_had_been_real():
    log = []
    with serving(distance=0.05, log=log) as port:
        exchange(port, b"GET /a HTTP/1.0\r\n\r\n")
    connection = asdict(*log)
    assert connection["established"] - connection["syn"] == pytest.approx(0.05)
    assert connection["request"] == connection["established"]
    assert connection["first_byte"] - connection["request"] >= 0.05 + SERVICE_TIME
    assert connection["closed"] >= connection["last_byte"] >= connection["first_byte"]


def test_urllib_gets_the_page():
    with serving() as port, urllib.request.urlopen(f"http://127.0.0.1:{port}/a") as answer:
        assert answer.read() == body("/a", SIZE)


def test_httpx_gets_two_pages_over_one_connection():
    log = []
    with serving(log=log) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        assert [client.get(path).content for path in ("/a", "/b")] == [body("/a", SIZE), body("/b", SIZE)]
    assert len(log) == 1


def test_aiohttp_gets_ten_pages_at_once():
    paths = [f"/?page={number}" for number in range(10)]

    async def fetch(session, path):
        async with session.get(path) as answer:
            return await answer.read()

    async def fetch_all(port):
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            return await asyncio.gather(*(fetch(session, path) for path in paths))

    # In a thread of its own, where no other test has left an event loop running.
    with serving() as port, ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: asyncio.run(fetch_all(port))).result() == [
            body(path, SIZE) for path in paths
        ]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_gets_the_page_and_its_head():
    with serving() as port:
        url = f"http://127.0.0.1:{port}/a"
        page = subprocess.run(["curl", "-s", url], capture_output=True, timeout=PATIENCE).stdout
        head = subprocess.run(["curl", "-sI", url], capture_output=True, timeout=PATIENCE).stdout
    assert page == body("/a", SIZE)
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
