"""What MkDocs calls while it builds.  What is done stands in `scripts.site`; this says when.

MkDocs looks for extensions and fences before it calls any hook, and not in this project: so the project's
own are registered by the hook, and mkdocs.yml does not name them.
"""

from __future__ import annotations

import gc
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

SCRIPTS = Path(__file__).resolve().parent

if TYPE_CHECKING:  # what is imported here would not be imported anew
    from scripts.site.build import Build


@dataclass
class Session:
    """One run of MkDocs: of one build, or under `mkdocs serve` of one after another."""

    command: str = "build"
    since: float = field(default_factory=time.time)
    code: dict[Path, int] = field(default_factory=dict)
    """When each module of the project was changed."""
    under_way: Build | None = None

    @property
    def build(self) -> Build:
        """The build that is under way."""
        assert self.under_way, "MkDocs calls on_config first"
        return self.under_way


session = Session()


def on_startup(command: str, dirty: bool) -> None:
    """Remember whether this is a build or only a preview."""
    session.command = command
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup(1) has it
            signal.signal(number, signal.default_int_handler)  # like Ctrl-C, so that it cleans up as well


def on_config(config: MkDocsConfig) -> None:
    """Begin a build, which has too little garbage to look for it all the time."""
    gc.disable()
    same_code = not load_code()
    from scripts.site.build import Build

    serving = session.command == "serve" or serving_clean()
    session.under_way = Build(
        config,
        session.since,
        lenient=session.command == "serve",
        serving=serving,
        before=session.under_way,
        same_code=same_code,
    )


def load_code() -> bool:
    """Have the project's code imported anew where it has changed, since `mkdocs serve` goes on for hours.

    Returns whether it has.  MkDocs restores the path once it has loaded this module, so it is set here.
    """
    if str(SCRIPTS.parent) not in sys.path:
        sys.path.insert(0, str(SCRIPTS.parent))
    code = {path: path.stat().st_mtime_ns for path in SCRIPTS.rglob("*.py")}
    changed = session.code not in ({}, code)
    if changed:
        # With the package itself, which else would go on giving the modules that it had imported.
        for name in [name for name in sys.modules if name.partition(".")[0] == "scripts"]:
            del sys.modules[name]
    session.code = code
    return changed


def serving_clean() -> bool:
    """Whether this is `mkdocs serve --clean`, which calls itself a build."""
    context = click.get_current_context(silent=True)
    return context is not None and context.info_name == "serve"


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Callable[[], None]) -> LiveReloadServer:
    from scripts.site.preview import survive

    survive(server)
    return server


def on_files(files: Files, config: MkDocsConfig) -> None:
    session.build.pages.look_at(files, config)


def on_page_read_source(page: Page, config: MkDocsConfig) -> None:
    session.build.pages.read(page, config)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    return session.build.pages.begin(markdown, page, config, files)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    return session.build.pages.end(html, page)


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    session.build.sign(config)
    session.build.introduce(env)
    session.build.speed_up(env, config)
    session.build.show_programs(env, config)
    return env


def on_post_build(config: MkDocsConfig) -> None:
    session.build.publish(config)
    gc.enable()


def on_build_error(error: Exception) -> None:
    """Forget the new site: also because of warnings, which --strict counts after `on_post_build`.

    Raises PluginError, which is told in a sentence, in the place of an error of the system's, which is not.
    """
    gc.enable()
    if session.under_way:
        session.under_way.place.fail()
    if isinstance(error, OSError):
        raise PluginError(f"the build broke off: {error}") from error


def on_shutdown() -> None:
    """Put the new site in its place, if it came to that."""
    if session.under_way:
        session.under_way.place.end()
