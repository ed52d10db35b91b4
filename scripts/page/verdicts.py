"""What came of checking a statement against the results of this build."""

from dataclasses import dataclass

from scripts.page.failures import ClaimFailed
from scripts.page.html import Html, element
from scripts.page.pending import HOW


@dataclass(frozen=True)
class Verdict:
    """A statement, and whether the results bear it out.

    `said` is what they say, as a part of a sentence; `asked` what they were to say for the statement to hold.
    `against` is why it does not hold, in the words of an error; None where it does.  `unjudged`, where it
    could not be checked, is why.
    """

    said: str | Html
    asked: str = ""
    against: str | None = None
    unjudged: str = ""

    @property
    def holds(self) -> bool:
        """Whether it was found true."""
        return not self.against and not self.unjudged

    def upheld(self) -> Html:
        """The statement as a sentence of the page, which vouches for it; raises ClaimFailed."""
        if self.against and not self.unjudged:
            raise ClaimFailed(self.against)
        asked = f"，检验要求{self.asked}" if self.asked else ""
        kind = "claim claim--untold" if self.unjudged else "claim"
        return element("span", self.said, asked, self.unjudged, "。", class_=kind)


CANNOT_BE = "，这一条在这台机器上无从检验"
GLANCE = f"：只量了一次，还不作数。想看：{HOW}"
"""Why a statement could not be checked: nothing was told of it; it was looked at once, in a preview."""
