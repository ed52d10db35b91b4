"""How long one thread stands still while another waits, or computes in C."""

import time
from hashlib import pbkdf2_hmac
from threading import Thread


def standstill(call, *arguments):
    """Seconds of the call in another thread, and this one's longest pause."""
    thread = Thread(target=call, args=arguments)
    longest, last = 0, (start := time.perf_counter())
    thread.start()
    while thread.is_alive():
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return last - start, longest


if __name__ == "__main__":
    for call, *arguments in (
        (time.sleep, 0.1),
        (pbkdf2_hmac, "sha256", b"word", b"salt", 300_000),
    ):
        seconds, longest = standstill(call, *arguments)
        assert longest < seconds / 2, f"{call.__name__} stops all threads"
        print(
            f"{call.__name__}: {seconds * 1000:.0f} ms in one thread,"
            f" the other stood still for {longest * 1000:.1f} ms at most"
        )
