"""The environment of a program that the build runs: what it needs, and no secret of whoever builds."""

import os

KEPT = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "TZ")
"""No PYTHON variables either: PYTHONDEVMODE, say, would make a number depend on who asks for it."""


def bare_environment() -> dict[str, str]:
    """Of this process's variables those that any program needs."""
    return {name: os.environ[name] for name in KEPT if name in os.environ}
