"""``python -m scripts.page``: what a page may call, each with the first lines of what it shows."""

import inspect
from collections.abc import Iterator
from textwrap import indent

from scripts.files import say
from scripts.page.vocabulary import VOCABULARY, WHERE


def main() -> None:
    """Print the vocabulary: first what stands in a sentence, then what stands in a block."""
    say("\n".join(text for inline, where in WHERE.items() for text in told(inline, where)))


def told(inline: bool, where: str) -> Iterator[str]:
    """What stands there: each name with its arguments, and what it says of itself."""
    yield f"{where[0].upper()}{where[1:]}\n"
    for name, entry in sorted(VOCABULARY.items()):
        if entry.inline is inline:
            yield f"  {name}{inspect.signature(entry.show)}"
            yield indent(f"{inspect.getdoc(entry.show)}\n", "      ")


if __name__ == "__main__":
    main()
