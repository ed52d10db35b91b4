"""The environment of a program in the lab: what it needs, and no secret of whoever runs it."""

import os
from collections.abc import Iterable, Mapping

NEEDED = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "TZ")
"""No PYTHON variables either: PYTHONDEVMODE, say, would make a number depend on who asks for it."""


def bare_environment(more: Iterable[str] = ()) -> dict[str, str]:
    """Of this process's variables those that any program needs, and the names in `more`."""
    return {name: os.environ[name] for name in (*NEEDED, *more) if name in os.environ}


def without_proxies(env: Mapping[str, str]) -> dict[str, str]:
    """The variables of `env` but for http_proxy and its like: in the lab there is no way to a proxy."""
    return {name: value for name, value in env.items() if not is_proxy(name)}


def is_proxy(name: str) -> bool:
    """Whether programs read the variable `name` to find a proxy, or when to take none."""
    return name.lower().endswith("_proxy")
