"""The link's frames: what it swaps, what it refuses with, what it reads from them."""

import gc
import select
import socket
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("fcntl", reason="the link needs Linux")

from scripts.lab.emulated import link
from scripts.lab.emulated.link import ACK, checksum, refusal, swapped
from scripts.lab.settings import MOST_TRACED, LabError
from scripts.lab.trace import FIN, RST, SYN, Connection, Trace
from tests.patience import PATIENCE

CLIENT, SERVER = socket.inet_aton("192.0.2.1"), socket.inet_aton("192.0.2.2")


def frame(source_port=40_000, target_port=80, number=7, flags=SYN, payload=b""):
    tcp = struct.pack("!HHIIBBHHH", source_port, target_port, number, 0, 5 << 4, flags, 1_000, 0, 0)
    pseudo_header = CLIENT + SERVER + struct.pack("!HH", 6, len(tcp) + len(payload))
    even = tcp + payload + bytes(len(payload) % 2)
    tcp = tcp[:16] + checksum(pseudo_header + even) + tcp[18:] + payload
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0, CLIENT, SERVER)
    ip = ip[:10] + checksum(ip) + ip[12:]
    return bytes(12) + b"\x08\x00" + ip + tcp


def is_valid(frame):
    ip, tcp = frame[14:34], frame[34:]
    pseudo_header = ip[12:20] + struct.pack("!HH", 6, len(tcp))
    return checksum(ip) == checksum(pseudo_header + tcp + bytes(len(tcp) % 2)) == b"\0\0"


def test_the_frame_that_the_tests_make_has_valid_checksums():
    assert is_valid(frame(payload=b"odd"))


def test_a_swap_exchanges_the_addresses_and_leaves_the_checksums_valid():
    back = swapped(frame(payload=b"GET / HTTP/1.0\r\n\r\n"))
    assert (back[26:30], back[30:34]) == (SERVER, CLIENT)
    assert is_valid(back)
    assert swapped(back) == frame(payload=b"GET / HTTP/1.0\r\n\r\n")


@pytest.mark.parametrize("number", [7, 0xFFFF_FFFF])
def test_a_refusal_is_a_valid_reset_that_acknowledges_the_syn(number):
    reset = refusal(swapped(frame(number=number)))
    source, target, _, acknowledged, _, flags = struct.unpack_from("!HHIIBB", reset, 34)
    assert (source, target, flags) == (80, 40_000, RST | ACK)
    assert acknowledged == (number + 1) % 2**32
    assert (reset[26:30], reset[30:34]) == (SERVER, CLIENT)
    assert is_valid(reset)


def test_a_trace_holds_each_phase_as_the_client_sees_it():
    trace = Trace()
    trace.record(frame(flags=SYN), 1.0, 1.1)
    trace.record(frame(80, 40_000, flags=SYN | ACK), 1.1, 1.2)
    trace.record(frame(number=8, flags=ACK), 1.2, 1.3)
    trace.record(frame(number=8, flags=ACK, payload=b"GET"), 1.25, 1.35)
    trace.record(frame(80, 40_000, number=2**32 - 3, flags=ACK, payload=b"one"), 1.5, 1.6)
    trace.record(frame(80, 40_000, number=0, flags=ACK | FIN, payload=b"two"), 1.7, 1.8)
    trace.record(frame(80, 40_000, number=0, flags=ACK | FIN, payload=b"two"), 2.7, 2.8)
    trace.record(frame(80, 40_000, number=2**32 - 3, flags=ACK, payload=b"one"), 2.8, 2.9)
    trace.record(frame(number=11, flags=ACK | FIN), 1.85, 1.95)
    (connection,) = trace.report()
    assert Connection.in_nanoseconds(connection) == Connection(
        syn=1.0, established=1.2, request=1.25, first_byte=1.6, last_byte=1.8, closed=1.85
    )


class Frames:
    """Stands in for the ring: frames arrive when a test says so, and `losing` of them find no room."""

    def __init__(self):
        self.socket, self._bell = socket.socketpair()
        self._waiting, self.losing, self.left = [], 0, threading.Semaphore(0)

    def arrive(self, head, late=0.0):
        self._waiting.append((time.monotonic() - late, head))
        self._bell.send(b"!")

    def oldest(self):
        return self._waiting[0][0] if self._waiting else None

    def waiting(self, until, most):
        return [frame for frame in self._waiting[:most] if frame[0] <= until]

    def send_back(self, count):
        self.socket.recv(count)
        del self._waiting[:count]
        for _ in range(count):
            self.left.release()

    def lost(self):
        lost, self.losing = self.losing, 0
        return lost


@pytest.fixture
def carrying(monkeypatch):
    """A function that has a link without length, with room for two connections, carry such frames.

    It gives the link and its frames, and a function that has it come to its end.
    """
    frames = Frames()
    monkeypatch.setattr(link, "Ring", lambda interface, room: frames)
    ours, theirs = socket.socketpair()
    with ours, theirs, frames.socket, frames._bell, ThreadPoolExecutor(1) as pool:
        carrier = link.Link("", frozenset(), room=1, connections=2)
        carried = pool.submit(carrier.carry, theirs, 0.0)
        ours.sendall(b"!")
        ours.recv(1)

        def end():
            ours.close()
            carried.result(PATIENCE)

        yield carrier, frames, end
        ours.close()
    gc.enable()  # a link goes without


def test_a_frame_that_leaves_late_is_told_when_it_left(carrying):
    carrier, frames, end = carrying
    frames.arrive(frame(), late=3)
    frames.arrive(frame(80, 40_000, flags=SYN | ACK), late=2)
    assert frames.left.acquire(timeout=PATIENCE)
    assert frames.left.acquire(timeout=PATIENCE)
    end()
    [connection] = map(Connection.in_nanoseconds, carrier.trace.report())
    assert connection.established - connection.syn >= 3


@pytest.mark.parametrize("connections", [2, 3])
def test_frames_get_lost_with_as_many_connections_as_foreseen_and_no_link_goes_on_with_more(
    carrying, connections
):
    carrier, frames, end = carrying
    for port in range(connections):
        frames.arrive(frame(40_000 + port))
        assert frames.left.acquire(timeout=PATIENCE)
    frames.losing = 4
    frames.arrive(frame(flags=ACK))
    if connections == 2:
        assert frames.left.acquire(timeout=PATIENCE)
        end()
        assert carrier.lost == 4
    else:
        with pytest.raises(LabError, match="room for 2 connections at once, there were 3"):
            end()


def test_a_link_waits_a_moment_for_the_end_of_a_connection_that_is_on_its_way(carrying, monkeypatch):
    carrier, frames, end = carrying
    frames.arrive(frame())
    assert frames.left.acquire(timeout=PATIENCE)
    wait = select.select

    def end_comes_meanwhile(reading, writing, failing, patience):
        if patience == link.LATE:
            frames.arrive(frame(flags=FIN | ACK))
        return wait(reading, writing, failing, patience)

    monkeypatch.setattr(link.select, "select", end_comes_meanwhile)
    end()
    [connection] = map(Connection.in_nanoseconds, carrier.trace.report())
    assert connection.closed is not None


def test_a_trace_knows_which_connections_have_not_ended():
    trace = Trace()
    for port in (5_000, 5_001, 5_002):
        trace.record(frame(port), 0.0, 0.0)
    trace.record(frame(5_000, flags=FIN | ACK), 1.0, 1.0)
    trace.record(frame(5_000, flags=RST), 1.0, 1.0)
    trace.record(frame(80, 5_002, flags=RST | ACK), 1.0, 1.0)
    assert trace.open == {5_001}


def test_connections_are_numbered_in_order_and_a_repeated_syn_is_no_new_one():
    trace = Trace()
    opened = [trace.record(frame(port, number=port), 0.0, 0.0) for port in (5_000, 5_001, 5_000, 5_002)]
    assert opened == [1, 2, 0, 3]


def test_a_port_used_again_is_a_connection_of_its_own():
    trace = Trace()
    assert trace.record(frame(5_000, number=1), 0.0, 0.0) == 1
    assert trace.record(frame(5_000, number=2), 1.0, 1.0) == 2
    assert [connection[0] for connection in trace.report()] == [0, 1_000_000_000]


def test_of_more_connections_than_a_trace_keeps_the_first_are_told_and_are_not_mixed_up_with_the_rest():
    trace = Trace()
    for number in range(MOST_TRACED):
        assert trace.record(frame(1_024 + number, number=number), number, 0.0) == number + 1
    told = trace.report()
    assert trace.record(frame(1_024, number=MOST_TRACED), 1.0, 1.1) == 0
    trace.record(frame(1_024, flags=ACK, payload=b"GET"), 2.0, 2.1)
    assert trace.report() == told
    assert len(told) == MOST_TRACED


def test_a_phase_that_never_came_is_told_as_such():
    connection = Connection(syn=0.25)
    assert Connection.in_nanoseconds(connection.nanoseconds()) == connection
