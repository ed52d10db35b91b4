"""What can be wrong with what a page asks for."""


class NoSuchThing(LookupError):
    """A page asks for a program, a definition or a bound that there is not; the message helps."""


class ClaimFailed(Exception):
    """A page claims what this build's measurements deny."""
