"""``python -m scripts.page``: what a page may call, each with the first lines of what it shows."""

import inspect

import scripts.page
from scripts.page.vocabulary import VOCABULARY, WHERE

__all__ = ["main"]


def main() -> None:
    """Print the vocabulary: first what stands in a sentence, then what stands in a block."""
    for inline, where in WHERE.items():
        print(f"{where[0].upper()}{where[1:]}\n")
        for name, entry in sorted(VOCABULARY.items()):
            if entry.inline is inline:
                print(f"  {name}{inspect.signature(entry.show)}")
                print(f"      {inspect.getdoc(entry.show)}\n".replace("\n", "\n      ").rstrip(), end="\n\n")


if __name__ == "__main__":
    assert scripts.page
    main()
