"""What MkDocs calls while it builds.  What is done stands in `scripts.page`; this says when.

MkDocs looks for extensions and fences before it calls any hook, and not in this project: so the project's
own are registered by the hook, and mkdocs.yml does not name them.
"""

import signal
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import click
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

SCRIPTS = Path(__file__).resolve().parent

now = SimpleNamespace(command=None, code=None, site=None, places=None, config=None, complete=False)


def on_startup(command: str, dirty: bool) -> None:
    """Remember whether this is a build or only a preview."""
    now.command = command
    if command != "serve" and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # like Ctrl-C, so that it cleans up as well


def on_config(config: MkDocsConfig) -> None:
    """Begin a build."""
    load_code()
    from scripts.site.build import Site
    from scripts.site.swap import Places

    now.site = Site(config, lenient=now.command == "serve")
    now.config, now.places, now.complete = config, None, False
    if now.command in ("build", "gh-deploy") and not previewing():
        now.places = Places(Path(config.site_dir))
        now.places.prepare()
        config.site_dir = str(now.places.new)


def load_code() -> None:
    """Have the project's code imported anew where it has changed: `mkdocs serve` goes on for hours."""
    if str(SCRIPTS.parent) not in sys.path:
        sys.path.insert(0, str(SCRIPTS.parent))
    code = {path: path.stat().st_mtime_ns for path in SCRIPTS.rglob("*.py")}
    if now.code not in (None, code):
        # With the package itself, which else would go on giving the modules that it had imported.
        for name in [name for name in sys.modules if name.partition(".")[0] == "scripts"]:
            del sys.modules[name]
    now.code = code


def previewing() -> bool:
    """Whether this is `mkdocs serve --clean`, which calls itself a build but serves where it builds."""
    context = click.get_current_context(silent=True)
    return context is not None and context.info_name == "serve"


def on_files(files: Files, config: MkDocsConfig) -> None:
    now.site.order(files, config)


def on_page_read_source(page: Page, config: MkDocsConfig) -> None:
    now.site.read(page, config)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    return now.site.begin_page(markdown, page, config, files)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    return now.site.end_page(html, page)


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    now.site.sign(config)
    now.site.speed_up(env, config, files)
    return env


def on_post_build(config: MkDocsConfig) -> None:
    now.site.end(config)
    now.complete = True


def on_build_error(error: Exception) -> None:
    now.complete = False  # --strict counts the warnings after on_post_build


def on_shutdown() -> None:
    """Put the new site in its place, or, if it did not come to that, remove what there is of it."""
    if now.places is None:
        return
    now.config.site_dir = str(now.places.site)  # where gh-deploy looks for it
    if not now.complete:
        now.places.prepare()
        return
    try:
        now.places.swap()
    except OSError as error:
        raise PluginError(f"the new site cannot be put in the place of {now.places.site}: {error}") from error
