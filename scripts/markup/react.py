"""What dumi makes with React, and a static page cannot: told by name, wherever it stands."""

import re
from collections.abc import Iterator

from scripts.markup.tags import DEFAULTS

HERE = "this site does not have"
COMPONENT = re.compile(r"<(?P<name>[A-Z]\w*)(?=[\s/>.]|$)")
DEMO = re.compile(r"<code\s[^<>]*\bsrc\s*=[^<>]*>", re.IGNORECASE)
EXPRESSION = re.compile(r"<[A-Za-z][^<>]*?\s(?P<name>[\w-]+)=\{")
IMPORT = re.compile(
    r"""^[ ]*import\s(?:[^'"\n]*\sfrom\s)?\s*(?:'[^'\n]+'|"[^"\n]+")[ ]*;?[ ]*$""", re.MULTILINE
)
INSTEAD = {
    "API": "write its table in Markdown",
    "CodeGroup": "write :::code-group",
    "Container": "write :::info, or an <Alert>",
    "SourceCode": "write a fence",
    "Table": "write the table in Markdown",
    "Tree": "draw it in a block of code, ```text",
}
DEMOS = ("jsx", "tsx")
"""Languages of code that dumi runs, unless it is `pure`."""


def faults(text: str) -> Iterator[tuple[int, str]]:
    """Where, from 0, something needs React in a text without code and comments, and what to say of it."""
    for found in COMPONENT.finditer(text):
        if (name := found["name"]) not in DEFAULTS:
            instead = INSTEAD.get(name, r"write what it shows; if it is only text, write \<")
            yield found.start(), f"<{name}> is a component of React, which {HERE}: {instead}"
    for found in DEMO.finditer(text):
        yield found.start(), f"{found[0]}: dumi runs this with React, which {HERE}: show its source"
    for found in EXPRESSION.finditer(text):
        name = found["name"]
        yield found.start(), f'{name}={{…}} is an expression of React: write {name}="…", as in HTML'


def imports(text: str) -> Iterator[tuple[int, str]]:
    """Where, from 0, a line of the text is an import, and what to say of it."""
    for found in IMPORT.finditer(text):
        yield found.start(), f"{found[0].strip()}: a page imports nothing, for it has no React"


def demo(language: str) -> str:
    """What to say of code in that language that is not `pure`: nothing if dumi would not run it."""
    if language not in DEMOS:
        return ""
    return f"{language}: dumi runs this with React, which {HERE}: write {language} | pure"
