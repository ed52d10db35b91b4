"""The theme's files, without its icons: MkDocs lists all twelve thousand of them, and drops them again."""

import os

from jinja2 import Environment, FileSystemLoader
from mkdocs.theme import Theme


class Visible(FileSystemLoader):
    """Lists no file in a hidden folder; what is asked for by its name is found there all the same."""

    def list_templates(self) -> list[str]:
        found = set()
        for place in self.searchpath:
            for folder, folders, files in os.walk(place):
                folders[:] = [name for name in folders if not name.startswith(".")]
                found.update(os.path.relpath(os.path.join(folder, name), place) for name in files)
        return sorted(name.replace(os.sep, "/") for name in found)


def list_visible(theme: Theme) -> None:
    """Have MkDocs list no more of the theme than it may take into the site."""
    get_env = theme.get_env

    def get_quicker_env() -> Environment:
        env = get_env()
        env.loader = Visible(theme.dirs)
        return env

    theme.get_env = get_quicker_env  # type: ignore[method-assign]
