"""What a page says of itself before its text: YAML between lines of ---, or the metadata of a notebook."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from mkdocs.theme import Theme
from mkdocs.utils.meta import META_RE, YAML_RE

from scripts.stages import hint

KINDS = {
    "title": (str, "a text"),
    "description": (str, "a text"),
    "icon": (str, "a text"),
    "hide": (list, "a list, as in [toc]"),
    "search": (dict, "a mapping, as in {exclude: true}"),
}
"""What a page may say, of which type, and what to call that."""
PLACE = "a page's place is in the list under nav in mkdocs.yml"
HOME = "dumi makes a home page of it with React: write the page in Markdown"
ELSEWHERE = dict.fromkeys(["order", "nav", "group"], PLACE) | dict.fromkeys(["hero", "features"], HOME)
ELSEWHERE |= {
    "toc": "write hide: [toc]",
    "debug": "a page that only a preview shows is named under draft_docs in mkdocs.yml",
}
"""What other tools have in the front matter."""


class Problem(NamedTuple):
    """What is wrong, on which line of the file, and with the value of which key, if it is one."""

    line: int
    cause: str
    key: str | None = None


def problems(text: str, theme: Theme) -> Iterator[Problem]:
    """All that is wrong with the front matter of a page with that text."""
    if above := re.match(r"\s+(?=---[ \t]*\n[ ]{0,3}[\w-]+:)", text):
        cause = "front matter begins on the first line: take out what is above it"
        yield Problem(1 + above[0].count("\n"), cause)
    elif not text.startswith("---"):
        if META_RE.match(text.partition("\n")[0]):  # which MkDocs would take for a kind of front matter
            yield Problem(1, f"{text.partition(':')[0]}: front matter stands between two lines of ---")
    elif (block := YAML_RE.match(text)) is None:
        yield Problem(1, "the front matter has no end: write --- below it")
    else:
        yield from _of_yaml(block[1], theme)


def _of_yaml(block: str, theme: Theme) -> Iterator[Problem]:
    """What is wrong with the lines between those of ---, which begin on the second one."""
    try:
        root = yaml.compose(block, Loader=yaml.SafeLoader)
        values = yaml.safe_load(block)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        yield Problem(2 + (mark.line if mark else 0), f"the front matter is not YAML: {told(error)}")
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        yield Problem(2, "the front matter is no list of keys and values, as in title: A page")
        return
    lines: dict[str, int] = {}
    for node, _ in root.value:
        key, line = str(node.value), 2 + node.start_mark.line
        if key in lines:
            yield Problem(line, f"{key} stands on line {lines[key]} already")
        elif key not in KINDS:
            yield Problem(line, f"a page says no {key!r} of itself: {ELSEWHERE.get(key) or _known(key)}", key)
        else:
            yield from of_value(key, values[key], line, theme)
        lines[key] = line


def of_value(key: str, value: object, line: int, theme: Theme) -> Iterator[Problem]:
    """What is wrong with the value of a known key."""
    kind, called = KINDS[key]
    if value is None or value == "":
        yield Problem(line, f"{key} is empty", key)
    elif not isinstance(value, kind):
        yield Problem(line, f"{key} is {value!r}, and not {called}", key)
    elif key == "icon" and not any(Path(place, ".icons", f"{value}.svg").is_file() for place in theme.dirs):
        yield Problem(line, f"there is no icon {value!r}{hint(str(value), icons(theme))}", key)


def icons(theme: Theme) -> list[str]:
    """The names of all icons of the theme."""
    folders = [Path(place, ".icons") for place in theme.dirs]
    return [
        path.relative_to(folder).with_suffix("").as_posix()
        for folder in folders
        for path in folder.rglob("*.svg")
    ]


def of_notebook(text: str, about: dict[str, Any], theme: Theme) -> Iterator[Problem]:
    """All that is wrong with what a notebook with that text says of itself, in `about`."""
    for key, value in about.items():
        line = 1 + text[: max(text.rfind(f'"{key}"'), 0)].count("\n")
        yield from of_value(key, value, line, theme)


def _known(key: str) -> str:
    return hint(key, list(KINDS)).removeprefix(": ")


def told(error: yaml.YAMLError) -> str:
    """What the parser says, in a line."""
    said = (getattr(error, "context", None), getattr(error, "problem", None))
    return ", ".join(filter(None, said)) or " ".join(str(error).split())
