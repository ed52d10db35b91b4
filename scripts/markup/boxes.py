"""Boxes: what is open in each container of a text, such as a list item, and what closes it."""

from dataclasses import dataclass, field

from markdown_it.token import Token


@dataclass
class Box:
    """A box that is open since that line, how it was opened and is closed, and the token that began it."""

    opening: str
    closing: str
    line: int
    token: Token
    colons: int = 0
    """How many colons the line has that opened the box; 0 if a tag did."""
    tabs: int | None = None
    """How many tabs a code-group has so far; None if the box is no code-group."""

    def closed_by(self, colons: int) -> bool:
        """Whether a line of so many colons ends it, or, for none, a tag."""
        return colons >= self.colons if self.colons else not colons


@dataclass
class Boxes:
    """The boxes that are open in each container, the innermost last."""

    containers: list[list[Box]] = field(default_factory=lambda: [[]])

    @property
    def depth(self) -> int:
        """How many boxes and containers are open."""
        return len(self.containers) + sum(map(len, self.containers))

    @property
    def innermost(self) -> Box | None:
        """The box around the next block, in the same container."""
        return self.containers[-1][-1] if self.containers[-1] else None

    @property
    def group(self) -> Box | None:
        """The box around the next block, if it is a code-group."""
        box = self.innermost
        return box if box and box.tabs is not None else None
