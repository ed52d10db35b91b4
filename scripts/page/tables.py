"""Tables: each row begins with what it is about."""

from collections.abc import Iterable, Sequence

from scripts.page.html import Html, element

Rows = Iterable[Sequence[object]]
"""The cells of each row: markup, or text."""


def table(columns: Sequence[object], rows: Rows) -> Html:
    """A table under these column titles; its rows are named by their first cells."""
    head = element("tr", *(element("th", title, scope="col") for title in columns))
    body = (
        element("tr", element("th", subject, scope="row"), *(element("td", cell) for cell in cells))
        for subject, *cells in rows
    )
    return element("table", element("thead", head), element("tbody", *body))


def comparison(
    columns: Sequence[object], rows: Rows, about: Iterable[object] = (), kind: str = "comparison"
) -> Html:
    """A table in a box of its own, in which it can be wider than the page; below it the circumstances."""
    return element("div", table(columns, rows), circumstances(about), class_=kind, data_search_exclude="")


def circumstances(facts: Iterable[object]) -> Html:
    """A line of small print on how, where and when, which breaks between the facts; nothing of no facts."""
    line = Html(" · ").join(element("span", fact) for fact in facts)
    return element("p", line, class_="result__circumstances", data_search_exclude="") if line else line
