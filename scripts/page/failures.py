"""What can be wrong with what a page asks for."""


class NoSuchThing(LookupError):
    """A page asks for a program, a definition or a bound that there is not; the message helps."""


class NotACall(ValueError):
    """What a page writes is no call of the vocabulary: the message says why, `line` where, from 1."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


class ClaimFailed(Exception):
    """A page claims what this build's measurements deny."""
