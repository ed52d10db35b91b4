"""Tables: each row begins with what it is about, and each other cell knows the title of its column.

In the hand a table of many columns is a list, in which the style sheet puts the titles beside the cells.
"""

from collections.abc import Iterable, Sequence

from scripts.page.html import Html, element

Rows = Iterable[Sequence[object]]
"""The cells of each row: markup, or text."""


def table(columns: Sequence[object], rows: Rows, caption: str = "") -> Html:
    """A table under these column titles, named by its caption; its rows are named by their first cells."""
    head = element("tr", *(element("th", title, scope="col") for title in columns))
    labels = [Html.escape(title).striptags() for title in columns[1:]]
    body = (
        element(
            "tr",
            element("th", subject, scope="row"),
            *(element("td", cell, data_label=label) for cell, label in zip(cells, labels, strict=True)),
        )
        for subject, *cells in rows
    )
    named = element("caption", caption) if caption else ""
    return element("table", named, element("thead", head), element("tbody", *body))


def comparison(
    columns: Sequence[object],
    rows: Rows,
    about: Iterable[object] = (),
    kind: str = "comparison",
    caption: str = "",
) -> Html:
    """A table in a box of its own, in which it can be wider than the page; below it the circumstances.

    A column in which no row has anything is left out.
    """
    lines = [list(row) for row in rows]
    told = [
        column for column in range(len(columns)) if not lines or any(line[column] != "" for line in lines)
    ]
    sheet = table(
        [columns[each] for each in told], [[line[each] for each in told] for line in lines], caption
    )
    return element("div", sheet, circumstances(about), class_=kind, data_search_exclude="")


def circumstances(facts: Iterable[object]) -> Html:
    """A line of small print on how, where and when, which breaks between the facts; nothing of no facts."""
    line = Html(" · ").join(element("span", fact) for fact in facts)
    return element("p", line, class_="result__circumstances", data_search_exclude="") if line else line
