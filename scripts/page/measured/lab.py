"""How far away this build put the origin, and what follows from that."""

from scripts.page import current, words
from scripts.page.failures import NoSuchThing
from scripts.page.vocabulary import inline
from scripts.stages import hint

SETTINGS = ("rtt", "service_time", "download")
DAY = 86_400
"""Seconds of it."""


@inline
def setting(name: str) -> str:
    """The round trip ("rtt"), the "service_time", or the ideal time of one "download", in seconds.

    Raises NoSuchThing for any other.
    """
    if name not in SETTINGS:
        raise NoSuchThing(f"no setting is called {name!r}{hint(name, list(SETTINGS))}")
    return f"{getattr(current.settings(), name):g} 秒"


@inline
def in_flight(downloads: int, seconds: int = 1) -> str:
    """How many downloads are under way on average when so many begin in so many seconds: Little's law."""
    return f"{downloads / seconds * current.settings().download:,.0f}"


@inline
def in_a_day() -> str:
    """How many pages can be downloaded in a day, one after another, at best."""
    download = current.settings().download
    return f"{DAY / download:,.0f}" if download else words.UNTOLD
