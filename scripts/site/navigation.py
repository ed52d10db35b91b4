"""The places of the pages: the list under `nav` in mkdocs.yml names each of them once, in their order."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from mkdocs.structure.files import File, Files

from scripts.stages import hint

HAN = re.compile(r"[\u4e00-\u9fff]")
FENCE = re.compile(r"^ *(`{3,}|~{3,})[^\n]*\n.*?^ *\1 *$", re.MULTILINE | re.DOTALL)
PACE, PAUSE = 300, 0.5
"""Characters that one reads in a minute where there is something to understand; minutes for a block."""


def minutes(markdown: str) -> int:
    """How long one takes to read a page: its prose, and the programs and pictures in between."""
    prose, blocks = FENCE.subn("", markdown)
    return max(1, round(len(HAN.findall(prose)) / PACE + blocks * PAUSE))


def problems(files: Files, config_file: Path, root: Path) -> Iterator[str]:
    """What is wrong with the list, each with file and line; nothing where there is none in that file."""
    pages = [file for file in files.documentation_pages() if not file.inclusion.is_not_in_nav()]
    uris = [file.src_uri for file in pages]
    lines: dict[str, int] = {}
    listed = list(places(config_file))
    for uri, line in listed:
        place = f"{config_file.name}:{line}"
        if uri in lines:
            yield f"{place}: nav names {uri} on line {lines[uri]} already"
        elif uri not in uris and "://" not in uri:
            yield f"{place}: nav names {uri}, and there is no such page{hint(uri, uris)}"
        lines[uri] = line
    for file in pages:
        if listed and file.src_uri not in lines:
            told = f"name {file.src_uri} in the list under nav in {config_file.name}"
            yield f"{name(file, root)}:1: this page has no place: {told}"


def places(config_file: Path) -> Iterator[tuple[str, int]]:
    """What is named under `nav` in that file, from top to bottom, and on which line."""
    root = yaml.compose(config_file.read_text("utf-8"), Loader=yaml.SafeLoader)
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value == "nav":
                yield from _named(value)


def _named(node: yaml.Node) -> Iterator[tuple[str, int]]:
    match node:
        case yaml.ScalarNode():
            yield node.value, 1 + node.start_mark.line
        case yaml.MappingNode():  # a title, or a section
            for _, value in node.value:
                yield from _named(value)
        case yaml.SequenceNode():
            for value in node.value:
                yield from _named(value)


def name(file: File, root: Path) -> str:
    """The page's path in the project, as messages name it."""
    path = Path(file.abs_src_path or file.src_uri)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file.src_uri
