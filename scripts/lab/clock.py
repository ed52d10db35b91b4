"""The kernel's stamps of what arrives, on the clock by which everything else goes here."""

import time


def realtime_ahead() -> float:
    """Seconds by which CLOCK_REALTIME, on which the kernel stamps, is ahead of CLOCK_MONOTONIC.

    Who sets the system's clock in the middle of a run shifts the stamps of what is under way by as much.
    """
    return time.time() - time.monotonic()


def on_monotonic(stamp: float, ahead: float) -> float:
    """When that was, in seconds on CLOCK_MONOTONIC.

    Before Linux 5.18, what TCP sends within one network namespace keeps TCP's own stamp, on this clock.
    """
    return stamp - ahead if stamp > ahead else stamp
