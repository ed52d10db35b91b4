"""The style sheets and scripts of the project's own, each kind in one file, which is named by its content."""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from scripts.files import digest

FOLDER = "assets"


def bundle(files: Files, config: MkDocsConfig) -> None:
    """Join what mkdocs.yml names under extra_css and extra_javascript, so that a page asks for two files.

    A browser may keep them as long as it likes: what is changed has another name.  Raises PluginError.
    """
    config.extra_css = joined(files, config, "stylesheets", ".css", config.extra_css)
    scripts = [str(script) for script in config.extra_javascript]
    config.extra_javascript[:] = joined(files, config, "javascripts", ".js", scripts)


def joined(files: Files, config: MkDocsConfig, folder: str, suffix: str, names: list[str]) -> list[str]:
    """The name of the file that holds all of these, in their place among the site's files; none of none."""
    if not names:
        return []
    content = "\n".join(take(files, name).content_string for name in names)
    name = f"{FOLDER}/{folder}/site.{digest([content.encode()])}{suffix}"
    files.append(File.generated(config, name, content=content))
    return [name]


def take(files: Files, name: str) -> File:
    """Take the file of that address out of the site and return it; raises PluginError if there is none."""
    file = files.get_file_from_path(name)
    if file is None:
        raise PluginError(f"mkdocs.yml names {name}, and there is no such file in docs/")
    files.remove(file)
    return file
