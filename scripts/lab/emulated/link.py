"""The link: a process that holds every packet for half a round trip, then hands it back.

Client and origin share one network namespace, whose one way out is a veth interface, lab0.  What it sends,
its peer lab1 receives, and a packet socket (packet(7)) on the peer reads.  The link swaps source and
destination and sends the frame back into lab1, so that it arrives on lab0 as if from a host at the far end:

    client 192.0.2.1 --SYN to 192.0.2.2:80--> lab0 ~~ lab1 -> link, which waits and swaps -> lab1 ~~ lab0
    origin 192.0.2.1:80 <--SYN from 192.0.2.2--------------------------------------------------------'

Both believe that they talk to 192.0.2.2, which nobody has.  connect(2) blocks for one round trip because the
kernel's own TCP waits for its answer: nothing of the program, of the origin or of TCP is emulated, only the
wire.

It rests on this:

- Checksums of IPv4, TCP and UDP are sums in which addresses are terms: a swap of source and target changes
  none.
- Ports stay as they are.  What goes from 192.0.2.1:40000 to 192.0.2.2:80 arrives as if from 192.0.2.2:40000
  at 192.0.2.1:80, and finds the origin; its answer to 192.0.2.2:40000 arrives at 192.0.2.1:40000 as if from
  192.0.2.2:80, and finds the client.
- An interface with IFF_NOARP needs no neighbour: the kernel writes the sender's own hardware address as
  target, so that a frame which comes back is for the interface it left (netdevice(7)).
- What is sent on one end of a veth pair is received on the other by a softirq of the same CPU, in order, and
  stamped there (see `scripts.lab.clock`).  All frames wait equally long, and so they stay in order.
- A segment may be longer than a packet: with generic segmentation offload the kernel hands the interface one
  piece of up to `gso_max_size` bytes, and a veth pair, which has no wire, never cuts it up.  That limit is
  set when the pair is made (IFLA_GSO_MAX_SIZE, which rtnetlink takes since Linux 4.16), and
  `tcp_min_tso_segs` (Linux 3.12, per namespace since 4.15) makes TCP send what its window lets out in one
  piece.
- select(2) waits with the resolution of the kernel's high-resolution timers, to which PR_SET_TIMERSLACK adds
  50 us unless told otherwise; poll(2) and epoll_wait(2) take milliseconds and round up (epoll_pwait2(2),
  Linux 5.11, does not, and Python has no name for it).
- For about ten packets a connection the link spends 8 us each, four fifths of them in the kernel's TCP, which
  runs inside the link's own system call that sends the frame.
"""

import gc
import select
import socket
import struct
import time
from collections import deque
from typing import Self

from scripts.lab.emulated import linux
from scripts.lab.emulated.ring import Ring
from scripts.lab.settings import LabError
from scripts.lab.trace import IPPROTO_TCP, RST, Trace

ACK = 0x10
BATCH = 64
"""Frames carried before looking at the clock again."""
FINISH = 1.0
"""Seconds at most to bring home what is under way: a process may have been left that goes on and on."""
LATE = 0.05
"""Seconds that the end of a connection may still need to get here, when its processes have ended."""
UNREAD = 10_000
"""Batches carried whose heads may wait to be read for the trace, until there is time."""


class Link:
    """Carries frames between `interface` and itself, and notes what each connection did.

    It starts as a link of no length.  `refused` are the numbers of the connections to refuse, from 1; `room`
    is how many frames can be under way, which is enough for so many `connections` at once.
    """

    def __init__(self, interface: str, refused: frozenset[int], room: int, connections: int) -> None:
        self.trace = Trace()
        self.cpu = 0.0
        self.lost = 0
        self._ring = Ring(interface, room)
        self._refused = refused
        self._connections = connections
        self._refusals: deque[tuple[float, bytes]] = deque()
        self._carried: deque[tuple[float, list[tuple[float, bytes]]]] = deque()
        self._delay = 0.0
        self._started = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ring.socket.close()

    def carry(self, control: socket.socket, rtt: float) -> None:
        """Carry until `control` is closed; from a byte on it on, echoed, the link is `rtt` seconds long.

        Then `cpu` tells the seconds of CPU that this took, and `lost` how many frames there was no room for.
        Raises LabError once there is none because of more connections than there were to be: TCP would go
        on for minutes, by sending again, and nothing would be as it is on a network.
        """
        linux.keep_time()
        gc.disable()
        while go := self._carry_until_told(control):
            self._started, self._delay, self.trace = True, rtt / 2, Trace()
            self._carried.clear()
            self._ring.lost()
            self.lost = 0
            self.cpu = time.process_time()
            control.sendall(go)
        self.cpu = time.process_time() - self.cpu
        self._finish()

    def _carry_until_told(self, control: socket.socket) -> bytes:
        """Carry until there is something to read from `control`, and return it."""
        ready = []
        while control not in ready:
            oldest = self._ring.oldest()
            # While frames wait the socket is ready for reading, whether or not there is a new one.
            sockets = [control, self._ring.socket] if oldest is None else [control]
            # select(2) waits to the microsecond; poll and epoll_wait round up to the millisecond.
            ready, _, _ = select.select(sockets, [], [], self._patience(oldest))
            self._deliver(time.monotonic())
            self._count_lost()
        return control.recv(1)

    def _count_lost(self) -> None:
        if not (lost := self._ring.lost()):
            return
        self.lost += lost
        self._note(len(self._carried))
        if self._started and len(self.trace.open) > self._connections:
            raise LabError(
                f"the link has room for {self._connections:,} connections at once, there were "
                f"{len(self.trace.open):,}, and packets got lost: give it more --connections"
            )

    def _patience(self, oldest: float | None) -> float | None:
        """Seconds until something is due; who has nothing to carry finds time to note what was carried."""
        dues = [due for due, _ in list(self._refusals)[:1]]
        if oldest is not None:
            dues.append(oldest + self._delay)
        elif self._carried:
            self._note(1)
            return 0.0
        return max(0.0, min(dues) - time.monotonic()) if dues else None

    def _deliver(self, now: float) -> None:
        while self._refusals and self._refusals[0][0] <= now:
            self._ring.send(self._refusals.popleft()[1])
        while frames := self._ring.waiting(now - self._delay, 1 if self._refused else BATCH):
            self._carried.append((time.monotonic(), frames))
            if len(self._carried) > UNREAD:
                self._note(1)
            if self._refused and self._started and self._note(len(self._carried)) in self._refused:
                arrival, head = frames[0]
                # It has travelled there only; the way back takes as long.
                back, answer = arrival + 2 * self._delay, refusal(swapped(head))
                self._refusals.append((back, answer))
                self.trace.record(answer, arrival + self._delay, back)
                self._ring.drop(1)
            else:
                self._ring.send_back(len(frames))

    def _note(self, most: int) -> int:
        """Note the batches carried longest ago; return the number of the connection that this began."""
        number = 0
        for _ in range(min(most, len(self._carried))):
            left, frames = self._carried.popleft()
            for arrival, head in frames:
                # Later than it is due where the link is late.  At the end it brings all home before.
                number = self.trace.record(head, arrival, max(arrival + self._delay, left))
        return number

    def _finish(self) -> None:
        """Bring everything home at once, and note the rest.

        A connection that cannot end would be tried again and again, long after the namespace it was in.  On
        a busy machine its end may still be on the way here, although the process that had it is gone.
        """
        end = time.monotonic() + FINISH
        ready = [self._ring.socket]
        while ready and (now := time.monotonic()) < end:
            self._deliver(now + self._delay)
            self._note(len(self._carried))
            ready, _, _ = select.select([self._ring.socket], [], [], LATE if self.trace.open else 0)


def swapped(frame: bytes) -> bytes:
    """The IPv4 frame with source and destination addresses exchanged."""
    return frame[:26] + frame[30:34] + frame[26:30] + frame[34:]


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
