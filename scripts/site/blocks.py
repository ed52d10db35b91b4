"""Runs one block of a page, in this process."""

import io
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import ModuleType

from scripts.lab import LabError
from scripts.measure import BadRecords, Pending, RunFailed
from scripts.page.failures import ClaimFailed, NoSuchThing
from scripts.site.failures import PageFailed
from scripts.site.watchdog import TimeIsOver, watching
from scripts.stages import UnknownStage

SPEAK_FOR_THEMSELVES = (
    BadRecords, ClaimFailed, LabError, NoSuchThing, RunFailed, TimeIsOver, UnknownStage,
)  # fmt: skip
"""Errors whose message says it all; of any other the name belongs to it."""


def run(code: str, page: str, line: int, seconds: float) -> str:
    """Run the code of the fence that opens on that line, and return what it printed.

    Raises PageFailed, or Pending for a result that nobody has asked for yet.
    It may take so many seconds, those of measurements not counted.
    """
    printed = io.StringIO()
    module = ModuleType("page_block")
    module.__dict__["print"] = partial(print, file=printed)
    sys.modules[module.__name__] = module  # where dataclasses and others look their own module up
    try:
        # With the empty lines before it, every traceback bears the page's own line numbers.
        compiled = compile("\n" * line + code, page, "exec")
        with watching(f"{page}:{line}", seconds), failing_threads() as failed:
            exec(compiled, module.__dict__)
        if failed:
            raise failed[0]
    except (KeyboardInterrupt, Pending):
        raise
    except BaseException as error:
        raise PageFailed(f"{page}:{line_of(error, page, line)}: {cause(error)}") from error
    finally:
        del sys.modules[module.__name__]
    return printed.getvalue()


@contextmanager
def failing_threads() -> Iterator[list[BaseException]]:
    """Collects what threads raise, which would otherwise end nothing but themselves."""
    failed: list[BaseException] = []

    def collect(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value:
            failed.append(arguments.exc_value)

    before, threading.excepthook = threading.excepthook, collect
    try:
        yield failed
    finally:
        threading.excepthook = before


def line_of(error: BaseException, page: str, line: int) -> int:
    """The line of the page that was being run when the error came up."""
    if isinstance(error, SyntaxError) and error.filename == page:
        return error.lineno or line
    lines = [at for frame, at in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == page]
    return lines[-1] if lines else line


def cause(error: BaseException) -> str:
    """What to say of it."""
    if isinstance(error, SystemExit):
        return f"the block called sys.exit({error.code!r}), which would end the build"
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    if isinstance(error, SPEAK_FOR_THEMSELVES):
        return str(error)
    return "".join(traceback.format_exception_only(error)).strip()
