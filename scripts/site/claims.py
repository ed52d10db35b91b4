"""Claims one below the other fold into one line, which says how many hold; each can be read on demand."""

import re

from markdown.postprocessors import Postprocessor

WORDS = r"(?!</?(?:span|li)\b)."
FACT = rf"(?:{WORDS}|<span\b[^>]*>(?:{WORDS})*</span>)*"
NUMBER = rf'<span class="figure"[^>]*>(?:{WORDS}|<span\b[^>]*>{FACT}</span>)*</span>'
"""A number of the page, with the note that tells where it comes from, fact by fact."""
CLAIM = rf'<span class="claim(?: claim--untold)?">(?:{WORDS}|{NUMBER})*</span>'
LIST = re.compile(rf"<ul>\s*(?:<li>\s*{CLAIM}\s*</li>\s*){{2,}}</ul>", re.DOTALL)
UNTOLD = "claim--untold"


class FoldedClaims(Postprocessor):
    """Folds each list that holds claims and nothing else; a claim by itself is one line already."""

    def run(self, text: str) -> str:
        """The page's HTML, with those lists folded."""
        return LIST.sub(lambda found: folded(found[0]), text)


def folded(claims: str) -> str:
    """HTML of a list of claims, folded below a line that says how many of them hold."""
    untold, every = claims.count(UNTOLD), claims.count("<li>")
    told = f"{every - untold} 条断言成立，{untold} 条还没有定论" if untold else f"{every} 条断言都成立"
    kind = "claims claims--untold" if untold else "claims"
    return f'<details class="{kind}"><summary>{told}</summary>{claims}</details>'
