"""Virtual time, in whole nanoseconds: it passes where a program waits, and nowhere else."""

SECOND = 1_000_000_000
SLIVER = 100_000
"""What asking in vain takes where a program does nothing else, so that a busy loop ends, and burns CPU."""


class Deadlock(BaseException):
    """The program waits for what will never come; on a real machine it would wait for ever.

    No error of the program's own: like SystemExit it is not for `except Exception`.
    """


def nanoseconds(seconds: float) -> int:
    """Seconds as virtual time has them."""
    return round(seconds * SECOND)


class Clock:
    """`now` in nanoseconds since the run began; `busy` are the intervals in which a CPU was used."""

    def __init__(self) -> None:
        self.now = 0
        self.busy: list[tuple[int, int]] = []

    def burn(self, duration: int = SLIVER) -> None:
        """Let so much pass on the CPU."""
        begin, self.now = self.now, self.now + duration
        if self.busy and self.busy[-1][1] == begin:
            begin = self.busy.pop()[0]
        self.busy.append((begin, self.now))

    @property
    def burnt(self) -> int:
        """Nanoseconds of CPU that have been used, by all workers together."""
        return sum(end - begin for begin, end in self.busy)
