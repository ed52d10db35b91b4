"""What stands in a page where a result takes long and nobody has asked for it: under `mkdocs serve` only."""

from scripts.measure import Pending
from scripts.page.html import Html, element

HOW = "RUNS=5 make serve"
"""How an author asks for all of it."""


def mark(pending: Pending) -> Html:
    """What says that this result is pending, in a sentence or in a line of its own."""
    about = f"{pending} 要量很久，预览时不量。想看：{HOW}"
    return element("span", "待测", class_="pending", title=about)
