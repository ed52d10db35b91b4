"""The link: a process that holds every packet for half a round trip, then hands it back.

Client and origin share one network namespace, whose one way out is a veth interface.
What it sends, the peer interface receives, and a packet socket (packet(7)) on the peer
reads.  The link swaps source and destination and sends the frame back, so that both ends
believe in a host at the far end.  Checksums stay valid: they are sums, and a swap changes
no sum.  Packets all wait equally long, so a queue keeps them in order.

A receive ring is memory shared with the kernel: ten thousand packets can arrive in one
burst, and an unprivileged socket buffer would drop most of them.
"""

import gc
import mmap
import select
import socket
import struct
import time
from collections import deque
from collections.abc import Iterator
from typing import Self

from scripts.lab import linux
from scripts.lab.trace import IPPROTO_TCP, RST, Trace

ETH_P_IP = 0x0800
ACK = 0x10
SOL_PACKET, PACKET_RX_RING, PACKET_VERSION, TPACKET_V2 = 263, 5, 10, 1
TP_STATUS_KERNEL, TP_STATUS_USER = 0, 1

FRAME_SIZE = 2_048
"""Room for an Ethernet frame of 1,514 bytes behind the ring's own header."""
FRAMES = 16_384
BLOCK_SIZE = 1 << 20
BATCH = 64
"""Frames read before looking at the clock again."""

_HEADER = struct.Struct("=IIIHHII")


class Ring:
    """The frames that arrive at one interface, each with the kernel's stamp of its arrival."""

    def __init__(self, interface: str) -> None:
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V2)
        size = FRAMES * FRAME_SIZE
        request = struct.pack("=IIII", BLOCK_SIZE, size // BLOCK_SIZE, FRAME_SIZE, FRAMES)
        self.socket.setsockopt(SOL_PACKET, PACKET_RX_RING, request)
        self.socket.bind((interface, ETH_P_IP))
        self._memory = mmap.mmap(self.socket.fileno(), size)
        self._position = 0

    def read(self) -> Iterator[tuple[float, bytes]]:
        """Yield at most BATCH frames that are there, with their arrival on CLOCK_MONOTONIC."""
        memory, position = self._memory, self._position
        since_boot = time.time() - time.monotonic()
        for _ in range(BATCH):
            status, _, length, start, _, seconds, nanoseconds = _HEADER.unpack_from(memory, position)
            if not status & TP_STATUS_USER:
                break
            frame = memory[position + start : position + start + length]
            struct.pack_into("=I", memory, position, TP_STATUS_KERNEL)
            position = (position + FRAME_SIZE) % len(memory)
            yield seconds + nanoseconds / 1e9 - since_boot, frame
        self._position = position


def swapped(frame: bytes) -> bytes:
    """The IPv4 frame with source and destination addresses exchanged."""
    return frame[:26] + frame[30:34] + frame[26:30] + frame[34:]


class Link:
    """Carries frames between `interface` and itself, and notes what each connection did.

    It starts as a link of no length.  `refused` are the numbers of the connections to refuse, from 1.
    """

    def __init__(self, interface: str, refused: frozenset[int] = frozenset()) -> None:
        self.trace = Trace()
        self._ring = Ring(interface)
        self._refused = refused
        self._delay = 0.0
        self._waiting: deque[tuple[float, bytes, bool]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ring.socket.close()

    def carry(self, control: socket.socket, rtt: float) -> None:
        """Carry until `control` is closed; from a byte on it on, echoed, the link is `rtt` seconds long."""
        linux.keep_time()
        gc.disable()
        while True:
            ready, _, _ = select.select([self._ring.socket, control], [], [], self._patience())
            self._receive()
            self._deliver()
            if control in ready:
                if not (go := control.recv(1)):
                    return
                self._delay, self.trace = rtt / 2, Trace()
                control.sendall(go)

    def _patience(self) -> float | None:
        # select(2) waits to the microsecond; poll and epoll_wait round up to the millisecond.
        return max(0.0, self._waiting[0][0] - time.monotonic()) if self._waiting else None

    def _receive(self) -> None:
        for arrival, frame in self._ring.read():
            due = arrival + self._delay
            number = self.trace.record(frame, arrival, due)
            refused = bool(self._delay) and number in self._refused
            back = refusal(swapped(frame)) if refused else swapped(frame)
            self._waiting.append((due, back, refused))

    def _deliver(self) -> None:
        now = time.monotonic()
        while self._waiting and self._waiting[0][0] <= now:
            due, frame, refused = self._waiting.popleft()
            if refused:  # it has travelled there only; the way back takes as long
                self._waiting.append((due + self._delay, frame, False))
            else:
                self._ring.socket.send(frame)


def refusal(frame: bytes) -> bytes:
    """The reset with which a host that does not listen answers the SYN in `frame`."""
    source, target, number = struct.unpack_from("!HHI", frame, 34)
    tcp = struct.pack("!HHIIBBHHH", target, source, 0, number + 1 & 0xFFFFFFFF, 5 << 4, RST | ACK, 0, 0, 0)
    pseudo_header = frame[26:34] + struct.pack("!HH", IPPROTO_TCP, len(tcp))
    tcp = tcp[:16] + checksum(pseudo_header + tcp) + tcp[18:]
    ip = frame[14:16] + struct.pack("!H", 20 + len(tcp)) + frame[18:24] + b"\0\0" + frame[26:34]
    return frame[:14] + ip[:10] + checksum(ip) + ip[12:] + tcp


def checksum(words: bytes) -> bytes:
    """The Internet checksum (RFC 1071) of an even number of bytes."""
    total = sum(struct.unpack(f"!{len(words) // 2}H", words))
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", ~total & 0xFFFF)
