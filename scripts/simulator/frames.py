"""The frames of the program among all others, and in which of its lines they are."""

import ast
import sys
from collections.abc import Iterable, Iterator
from types import FrameType

from scripts.simulator.scheduler import frames_under_way

FILENAME = "program.py"
"""What the program is called in its tracebacks; its frames are told from others by it."""
COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>")
"""Code that has frames of its own before 3.12."""


def where() -> list[int]:
    """The lines of the program that are under way, the innermost first."""
    frames = frames_under_way(sys._getframe(1))
    return [frame.f_lineno for frame in frames if frame.f_code.co_filename == FILENAME]


def of_program(frames: Iterable[FrameType]) -> list[FrameType]:
    """The frames that are of the program, the outermost first, of a stack whose innermost comes first."""
    return [frame for frame in frames if frame.f_code.co_filename == FILENAME][::-1]


def program_under_way() -> list[FrameType]:
    """The frames of the program on the stack of the thread that runs, the outermost first."""
    return of_program(frames_under_way(sys._getframe(1)))


def lines(frames: Iterable[FrameType]) -> Iterator[tuple[FrameType, int]]:
    """Each frame of the program, and its line; a comprehension's is that of whoever it is in."""
    found: list[tuple[FrameType, int]] = []
    for frame in frames:
        if frame.f_code.co_filename != FILENAME:
            continue
        if found and frame.f_code.co_name in COMPREHENSIONS:
            found[-1] = found[-1][0], frame.f_lineno
        else:
            found.append((frame, frame.f_lineno))
    return iter(found)


def first_lines(source: str) -> dict[int, int]:
    """The first line of the statement, for all its other lines; of one with a body, of what is above that."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
            found |= {line: node.lineno for line in range(first, last + 1) if line != node.lineno}
    return found
