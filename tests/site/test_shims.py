"""What MkDocs takes from a theme is the same, though far less of it is listed."""

from types import SimpleNamespace

import pytest
from mkdocs.structure.files import Files
from mkdocs.theme import Theme

from scripts.site.shims import list_visible


def taken(theme, site):
    """What of the theme goes into the site, and how many files had to be looked at."""
    env, files = theme.get_env(), Files([])
    config = SimpleNamespace(theme=theme, site_dir=str(site), use_directory_urls=True)
    files.add_files_from_theme(env, config)
    return [file.src_uri for file in files], len(env.loader.list_templates())


@pytest.mark.parametrize("name", ["material", "mkdocs"])
def test_the_site_gets_the_same_files(name, tmp_path):
    (tmp_path / ".hidden" / "deep").mkdir(parents=True)
    (tmp_path / ".hidden" / "deep" / "icon.svg").write_text("<svg/>")
    (tmp_path / "shown").mkdir()
    (tmp_path / "shown" / "own.css").write_text("")
    theme = Theme(name, custom_dir=str(tmp_path))
    files, looked_at = taken(theme, tmp_path)
    list_visible(theme)
    quicker, fewer = taken(theme, tmp_path)
    assert quicker == files
    assert "shown/own.css" in files
    assert fewer < looked_at
    assert theme.get_env().get_template(".hidden/deep/icon.svg").render() == "<svg/>"  # as themes do
