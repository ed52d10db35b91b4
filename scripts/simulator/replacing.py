"""Putting one thing in the place of another, for a while."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def replaced(owner: object, name: str, value: object) -> Iterator[None]:
    """Inside, the attribute `name` of `owner` is `value`."""
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextmanager
def modules_replaced(modules: Mapping[str, ModuleType | None]) -> Iterator[None]:
    """Inside, imports find these modules; for None they import anew, and what that brings is gone outside."""
    before = {name: sys.modules.pop(name) for name in modules if name in sys.modules}
    sys.modules.update({name: module for name, module in modules.items() if module})
    try:
        yield
    finally:
        for name in modules:
            sys.modules.pop(name, None)
        sys.modules.update(before)


def counterparts(real: ModuleType, standin: ModuleType) -> Iterator[tuple[object, object]]:
    """Pairs of what is real and what stands in for it: the module, each of its functions and classes."""
    yield real, standin
    for name, new in vars(standin).items():
        old = vars(real).get(name)
        if callable(old) and old is not new and not name.startswith("__"):
            yield old, new


def replace(
    modules: Iterable[object], pairs: list[tuple[object, object]]
) -> list[tuple[ModuleType, str, object]]:
    """Replace what these modules hold by its counterpart; returns what they held, and where."""
    table = {id(old): new for old, new in pairs}
    held = [
        (module, name, value)
        for module in modules
        if isinstance(module, ModuleType)  # an import may leave anything in sys.modules
        for name, value in list(vars(module).items())
        if id(value) in table
    ]
    for module, name, value in held:
        setattr(module, name, table[id(value)])
    return held
