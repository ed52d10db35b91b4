"""What others take to execute the same programs: not of this build, but of the benchmark kept last."""

import json
from html import escape
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

from scripts.page import provenance, words
from scripts.page.failures import NoSuchThing

FILE = Path(__file__).resolve().parent.parent.parent / "docs" / "assets" / "data" / "peers.json"
COMMAND = "python -m scripts.bench peers --json docs/assets/data/peers.json"
OURS = "本站"
KINDS = {"cold": "从头构建，另加", "unchanged": "再构建，什么也没改", "edited": "再构建，改了一页文字"}


def peers() -> str:
    """A table: a row for each tool, ours first, with seconds and how many times ours they are.

    Raises NoSuchThing where no benchmark was kept.
    """
    try:
        kept = json.loads(FILE.read_text("utf-8"))
        ours, *others = kept["tools"]
        rows = [row(OURS, ours, ours), *(row(each["name"], each, ours) for each in others)]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise NoSuchThing(f"{FILE.name} holds no benchmark ({error!r}): make one by {COMMAND}") from error
    lines = [["工具", *KINDS.values(), "版本"], ["--", *["--:"] * len(KINDS), "--"], *rows]
    return "\n".join([
        '<div class="comparison" markdown="1">',
        "",
        *(f"| {' | '.join(line)} |" for line in lines),
        "",
        f'<p class="result__circumstances">{circumstances(kept)}</p>',
        "",
        "</div>",
        "",
    ])  # fmt: skip


def row(name: str, tool: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    """The cells of one tool."""
    return [name, *(cell(median(tool[kind]), median(ours[kind])) for kind in KINDS), escape(tool["versions"])]


def cell(seconds: float, ours: float) -> str:
    """A time, and how many times ours that is."""
    return f"{words.digits(seconds)} 秒（{words.digits(seconds / ours)} 倍）"


def circumstances(kept: dict[str, Any]) -> str:
    """How, on what and when it was measured."""
    made = SimpleNamespace(**kept)
    told = [
        f"{len(kept['programs'])} 个程序",
        f"{len(kept['tools'][0]['cold'])} 轮的中位数",
        words.distances(made),
        escape(words.machine(made)),
        escape(provenance.made(made)),
    ]
    return " · ".join(f"<span>{text}</span>" for text in told)
