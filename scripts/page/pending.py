"""What stands in a page where a result takes long and nobody has asked for it: under `mkdocs serve` only."""

from collections.abc import Callable
from functools import wraps
from html import escape
from typing import ParamSpec

from scripts.measure import Pending

Given = ParamSpec("Given")
HOW = "RUNS=5 make serve"
"""How an author asks for all of it."""


def or_pending(show: Callable[Given, str]) -> Callable[Given, str]:
    """The same function of a page, except that it marks the place of a result that is pending."""

    @wraps(show)
    def shown(*arguments: Given.args, **named: Given.kwargs) -> str:
        try:
            return show(*arguments, **named)
        except Pending as pending:
            return mark(pending)

    return shown


def mark(pending: Pending) -> str:
    """What says so, in a sentence or in a line of its own."""
    about = f"{pending} 要量很久，预览时不量。想看：{HOW}"
    return f'<span class="pending" title="{escape(about)}">待测</span>'


def block(pending: Pending) -> str:
    """The same in the place of a whole block, which cannot do without the result."""
    needed = f"这一段要用到 <code>{escape(str(pending))}</code> 的结果，要量很久，预览时不量。"
    title = '<p class="admonition-title">待测</p>'
    return f'<div class="admonition pending">{title}<p>{needed}想看：<code>{HOW}</code></p></div>'
