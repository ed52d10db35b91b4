"""Tables in a box of their own, in which they can be wider than the page."""

from collections.abc import Iterable, Sequence

Rows = Iterable[Sequence[str]]
LEFT, RIGHT = "--", "--:"


def table(
    columns: Sequence[str],
    rows: Rows,
    about: Iterable[str] = (),
    *,
    kind: str = "comparison",
    align: str = RIGHT,
) -> str:
    """A Markdown table, each row of which begins with what it is about; below it the circumstances."""
    lines = [columns, [LEFT, *[align] * (len(columns) - 1)], *rows]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f'<div class="{kind}" markdown="1">\n\n{text}\n\n{circumstances(about)}\n\n</div>\n'


def circumstances(told: Iterable[str]) -> str:
    """How, where, on what and when: a line of small print that breaks between them; nothing of nothing."""
    text = " · ".join(f"<span>{each}</span>" for each in told)
    return text and f'<p class="result__circumstances">{text}</p>'


def sheet(columns: Sequence[str], rows: Rows) -> str:
    """A table of numbers as HTML: in thousands of cells Markdown would look for all that it knows."""
    body = "\n".join(line("td", row) for row in rows)
    return (
        f'<div class="comparison">\n<table>\n<thead>\n{line("th", columns)}\n</thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>\n</div>\n"
    )


def line(tag: str, cells: Iterable[str]) -> str:
    """A row of such cells."""
    row = (f'<{tag} style="text-align: right;">{cell}</{tag}>' for cell in cells)
    return f"<tr>{''.join(row)}</tr>"
