"""The kernel's stamps of what arrives, on the clock by which everything else goes here.

A process that is late still knows when a packet came, because the kernel wrote it down; so a delay can begin
at the arrival, however busy the machine is.  What the numbers of this project rest on, then:

- The kernel stamps a packet as it enters the interface, on CLOCK_REALTIME: the header of a slot in a receive
  ring (packet(7), TPACKET_V2 since Linux 2.6.27), and the control message SO_TIMESTAMPNS (socket(7), since
  Linux 2.6.22), which tells of the last segment of what one recvmsg(2) returns.
- It does so for every packet once any socket has asked for it, and begins shortly after the first asks:
  a static key of the kernel's is patched from a work queue.  Until then there is no stamp.
- Before Linux 5.18, a packet that TCP sends within one network namespace keeps TCP's own stamp, which is on
  CLOCK_MONOTONIC.  Since then the kernel marks that kind, and stamps it anew where it arrives.
- Everything else goes by CLOCK_MONOTONIC, which nobody can set.  CLOCK_REALTIME can be set, by a person or by
  NTP, in the middle of a run: what was stamped before then bears the time of another clock than the one that
  is read.  NTP's slewing (adjtimex(2)) moves it by 0.5 ms a second at most, which no run here could notice.

So a stamp is believed only where it makes sense: no packet comes from the future, has waited for longer than
LONGEST_WAIT, came by the clock as it is before the last look at it as it was, or by that after it was set.
One that makes none is tried on CLOCK_MONOTONIC, and else its packet has arrived when it was first read.
Only a packet that comes between the last look and the moment in which somebody sets the clock may be shifted.
"""

import time
from math import inf

from scripts.lab.settings import LONGEST

LONGEST_WAIT = LONGEST
"""Seconds after which every packet has been read: half a round trip, and however late its reader is."""
SET = 0.001
"""Seconds by which the clock has moved if somebody has set it."""


class Stamps:
    """Reads stamps that the kernel made of what arrived, seconds on a clock that it does not tell."""

    def __init__(self) -> None:
        self._now = time.monotonic()
        self._ahead = time.time() - self._now
        self._since = -inf
        self._before: list[tuple[float, float, float]] = []
        """How far the clock was ahead at other times, the latest first: from when and until when at most."""
        self._senseless = self._arrived = 0.0
        self.look()

    def look(self) -> None:
        """See what time it is: stamps made until now are then read at the cost of a subtraction."""
        ahead = time.time() - (now := time.monotonic())
        earliest = now - LONGEST_WAIT
        if abs(ahead - self._ahead) > SET:
            recent = [each for each in self._before if each[2] > earliest]
            self._before = [(self._ahead, self._since, now), *recent]
            self._since = self._now
        self._ahead, self._now, self._sure_from = ahead, now, max(self._since, earliest)

    def on_monotonic(self, stamp: float) -> float:
        """When the kernel made that stamp, in seconds on CLOCK_MONOTONIC."""
        at = stamp - self._ahead
        return at if self._sure_from <= at <= self._now else self._second_thought(stamp)

    def _second_thought(self, stamp: float) -> float:
        self.look()  # it may have been made since the last time
        earliest = self._now - LONGEST_WAIT
        for ahead, begin, end in (
            (self._ahead, self._since, self._now),
            *self._before,
            (0.0, -inf, self._now),
        ):
            if max(begin, earliest) <= stamp - ahead <= end:
                return stamp - ahead
        if stamp != self._senseless:  # who waits is asked again and again
            self._senseless, self._arrived = stamp, self._now
        return self._arrived
