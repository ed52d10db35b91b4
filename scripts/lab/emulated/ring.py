"""Frames that wait in memory shared with the kernel: the receive ring of a packet socket (packet(7)).

Ten thousand packets can arrive in one burst, and an unprivileged socket buffer would drop most of them.
The ring has a slot for each frame, where the kernel puts it with the time of its arrival, and there it
stays until it is sent back: nothing is copied meanwhile.  The same word of one slot after another is a
column, a memoryview with a stride, so that what is done to a frame is done to many at once.

Checksums and the cutting up of long segments are left to hardware, as with a real network card, and since
there is none between the two ends of a veth pair, nobody does that work: each frame bears a header that
says what is left to do (PACKET_VNET_HDR), and takes it along.

It rests on this:

- A ring is asked for by PACKET_RX_RING and mapped by mmap(2) (Linux 2.4).  Its memory is the kernel's own and
  cannot be swapped out, but counts for no limit of the process; in a user namespace CAP_NET_RAW there is
  enough.
- TPACKET_V2 (Linux 2.6.27) has slots of one size.  The kernel fills them in turn, each first with the frame
  and its stamp, then, after a write barrier, with a status that is not TP_STATUS_KERNEL; so whoever reads the
  status first sees the rest.  A slot whose status is set back to TP_STATUS_KERNEL is the kernel's again.  On
  x86-64 loads stay in order; elsewhere there is no barrier on this side but all that CPython does between two
  reads.
- When the next slot is not free, the frame is dropped and counted (PACKET_STATISTICS, which starts over each
  time it is read); TCP sends it again after a time-out of 200 ms at least, or of 1 s for a SYN.
- With PACKET_VNET_HDR (Linux 2.6.34; for a receive ring since 4.6), a frame begins with struct virtio_net_hdr
  in both directions: a checksum not yet made and a segment not yet cut stay that way.
- PACKET_RESERVE (Linux 2.6.27) leaves room before the frame: six bytes, and the two addresses of IPv4 lie on
  multiples of four, where a memoryview of words can reach them.
- sendmmsg(2) (Linux 3.0) sends many frames from where they lie, by one call.  While frames wait in the ring
  the socket is always ready for reading, new ones or not: the link then waits for a time and not for the
  socket.
"""

import mmap
import socket
import struct
from array import array

from scripts.lab.clock import Stamps
from scripts.lab.emulated.linux import Messages

ETH_P_IP = 0x0800
SOL_PACKET = 263
PACKET_STATISTICS, PACKET_RX_RING, PACKET_VERSION, PACKET_RESERVE, PACKET_VNET_HDR = 6, 5, 10, 12, 15
TPACKET_V2 = 1
STATUS, LENGTH, SECONDS, NANOSECONDS = 0, 2, 4, 5
"""Words of a slot's own header, struct tpacket2_hdr."""
KERNEL = 0
"""The status of a slot that the kernel may fill."""

OFFLOADS = 10
"""Bytes of the header before a frame, struct virtio_net_hdr."""
RESERVE = 6
"""Bytes that the kernel is asked to leave out, so that the addresses of IPv4 are words of their slot."""
FRAME = 80 + OFFLOADS + RESERVE - 14
"""Where the Ethernet frame begins in a slot."""
SOURCE, TARGET = (FRAME + 26) // 4, (FRAME + 30) // 4
HEAD = 54
"""Bytes of Ethernet, IPv4 and TCP headers."""

LARGEST = 7_600
"""Bytes of the longest segment, of which the network card makes packets: five, half of TCP's first window."""
SLOT = 8_192
"""Bytes: room for one of these."""
BLOCK = 1 << 20
SLOTS_IN_BLOCK = BLOCK // SLOT
WORDS = SLOT // 4


class Ring:
    """The frames that arrive at one interface, at most `slots` at a time, and go back from there."""

    def __init__(self, interface: str, slots: int) -> None:
        blocks = -(-slots // SLOTS_IN_BLOCK)
        self._slots = blocks * SLOTS_IN_BLOCK
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V2)
        self.socket.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
        self.socket.setsockopt(SOL_PACKET, PACKET_RESERVE, RESERVE)
        request = struct.pack("=IIII", BLOCK, blocks, SLOT, self._slots)
        self.socket.setsockopt(SOL_PACKET, PACKET_RX_RING, request)
        self.socket.bind((interface, ETH_P_IP))
        self._memory = mmap.mmap(self.socket.fileno(), blocks * BLOCK)
        self._words = memoryview(self._memory).cast("I")
        self._messages = Messages(self._memory, range(FRAME - OFFLOADS, blocks * BLOCK, SLOT))
        self._stamps = Stamps()
        self._oldest = 0

    def oldest(self) -> float | None:
        """When the frame that waits longest arrived, on CLOCK_MONOTONIC; None where none waits."""
        words, at = self._words, self._oldest * WORDS
        if words[at] == KERNEL:
            return None
        self._stamps.look()
        return self._stamps.on_monotonic(words[at + SECONDS] + words[at + NANOSECONDS] / 1e9)

    def waiting(self, until: float, most: int) -> list[tuple[float, bytes]]:
        """When each of the oldest frames, `most` of them, arrived by `until`, and its first HEAD bytes."""
        words, memory, on_monotonic = self._words, self._memory, self._stamps.on_monotonic
        self._stamps.look()
        found = []
        for slot in range(self._oldest, min(self._oldest + most, self._slots)):
            at = slot * WORDS
            if words[at] == KERNEL:  # first: the kernel writes the stamp, and then the status
                break
            arrival = on_monotonic(words[at + SECONDS] + words[at + NANOSECONDS] / 1e9)
            if arrival > until:
                break
            begin = at * 4 + FRAME
            found.append((arrival, memory[begin : begin + HEAD]))
        return found

    def send_back(self, count: int) -> None:
        """Send `count` of the oldest back with source and target exchanged; raises OSError.

        Checksums stay valid: they are sums, and an exchange changes no sum.
        """
        source, target = self._column(SOURCE, count), self._column(TARGET, count)
        source[:], target[:] = array("I", target), array("I", source)
        lengths = array("L", [OFFLOADS + length for length in self._column(LENGTH, count)])
        self._messages.send(self.socket.fileno(), self._oldest, lengths)
        self.drop(count)

    def drop(self, count: int) -> None:
        """Give the slots of `count` of the oldest frames back to the kernel."""
        self._column(STATUS, count)[:] = array("I", [KERNEL]) * count
        self._oldest = (self._oldest + count) % self._slots

    def send(self, frame: bytes) -> None:
        """Send a frame that is complete; raises OSError."""
        self.socket.send(bytes(OFFLOADS) + frame)

    def lost(self) -> int:
        """How many frames the kernel dropped for want of a slot, since this was last asked."""
        _, drops = struct.unpack("=II", self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
        return drops

    def _column(self, word: int, count: int) -> memoryview:
        first = self._oldest * WORDS + word
        return self._words[first : first + count * WORDS : WORDS]
