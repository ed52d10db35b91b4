"""What a text draws on beside itself: pictures, and other texts that it embeds."""

from dataclasses import dataclass

from scripts.markup.tags import MarkupError


class Around:
    """The surroundings of a text that has none."""

    def picture(self, address: str) -> str:
        """What to write for that address of an <img>; raises MarkupError if there is no such picture."""
        return address

    def embedded(self, address: str) -> "Embedded":
        """The text, or part of one, that an <embed> names; raises MarkupError if it cannot be had."""
        raise MarkupError(f'<embed src="{address}">: nothing can be embedded here')


@dataclass(frozen=True)
class Embedded:
    """A text to be embedded, from that file, where it begins on that line; `folder` leads to the file's.

    The folder is relative to that of the text which embeds it.
    """

    text: str
    file: str
    line: int
    folder: str
    around: Around
