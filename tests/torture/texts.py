"""Pages and blocks, records and histories, as careless or hostile people write them."""

import json
import re
from datetime import UTC, datetime
from random import Random
from typing import Any

from scripts.measure import Finding
from scripts.measure.history import Build, Ratios, append
from scripts.stages import CASES
from tests.markup.test_any_text import BLOCKS, CODE, HTML, ODD, SPACE, TAGS, WORDS
from tests.page.test_hostile import hostile
from tests.torture import sites
from tests.torture.builds import changed, told
from tests.torture.campaign import kind
from tests.torture.sites import Site, tree
from tests.torture.world import World, lost, silent

CALLS = [
    "{{ figure('threads', 'wall') }}", "{{ figure('thread', 'wall') }}", "{{ figure(", "{{ 1 + 1 }}", "{{ }}", "}}",
    "{{ claim('blocking', 'wall', '<=', 0.5) }}", "{{ claim('blocking', 'wall', '<=', 1.1) }}",
    '\n```python exec="on"\nresult("threads")\n```\n', '\n```python exec="on"\n', '```python exec="onn"\n',
    "result('nothing')\n", "import os\n", "exit()\n", "while True: pass\n", "sum(range(10**12))\n",
    "\n---\ntitle: x\n---\n", "---\n", "title: [a, b]\n", "[x](nowhere.md)", "![x](nowhere.png)", "[x](#nowhere)",
]  # fmt: skip
BLOCKS_OF_TRIALS = [
    "import os; os._exit(0)", "sum(range(10**12))", "while True: sys.stdout.write('y' * 100000)", "exit(0)",
    "raise KeyboardInterrupt", "import builtins; builtins.print = lambda *a, **k: None", "import os; os.fork()",
    "import gevent.monkey; gevent.monkey.patch_all()", "print('`' * 8)", "import subprocess; subprocess.run(['echo', 'x'])",
    "import threading; threading.Thread(target=threading.Event().wait).start()", "import os; os.chdir('/')",
    "import signal; signal.alarm(1)", "open('pwned', 'w')", "source('threads'\n", "result(result)", "figure('threads', 'wall')",
]  # fmt: skip
MARKUP_OF_TRIALS = [
    '<Font type="info"><Alert type="info">x</Alert></Font>', '~~~\n<Badge type="info">x</Badge>', "``o`<Badge>`",
    "> ```\n> x\n\ny", "a\ud800b", '```python exec="`"\n```', "a\u2028b <Alert type='inof'>x</Alert>", '<Alert type="inof">x',
    '```python exec="on" titel="x"\nbars()\n```', "```jsx {4,7-9}\n<Tree>", "<embed src='x.md'></embed>", "import X from 'y'",
]  # fmt: skip


LISTING = {"measurements.csv", "measurements.json", "sitemap.xml", "sitemap.xml.gz"}
"""Files of a site that follow from all pages."""


def hostile_page(world: World) -> str:
    """A recipe of the trials, or pieces that chance has put together."""
    recipes = [f'```python exec="on"\n{block}\n```\n' for block in BLOCKS_OF_TRIALS] + MARKUP_OF_TRIALS
    if world.number < len(recipes):
        return f"# X\n\n{recipes[world.number]}\n"
    pieces = [*SPACE, *WORDS, *BLOCKS, *CODE, *TAGS, *HTML, *ODD, *CALLS, *CALLS]
    return "".join(world.random.choices(pieces, k=world.random.randint(1, 8)))


@kind(160)
def write_a_page(world: World) -> str:
    """It is built, and no other page is another for it; or it is refused by its name and one of its lines."""
    site, text = changed(world), hostile_page(world)
    site.write("new", x=text)
    ended = site.begin("output", *(["--strict"] if world.random.random() < 0.5 else [])).wait()
    if ended.status:
        site.check(sites.EDITIONS["old"])
        told(ended)
        lines = [int(line) for line in re.findall(r"docs/zh/x\.md:(\d+): ", ended.output)]
        last = len(re.split("\r\n?|\n", text))
        if not lines or not all(1 <= line <= last for line in lines):
            raise silent(f"{text!r}: no line of 1 to {last}: {ended.output[-600:]}")
    else:
        built, edition = tree(site.place), sites.EDITIONS["new"]
        if changes := {name for name in edition if built.get(name) != edition[name]} - LISTING:
            raise lost(f"{text!r} has changed {changes}")
    if site.beside:
        raise lost(f"beside the site: {site.beside}")
    return "told" if ended.status else "right"


SHOWN = """# Y

```python exec="on"
result("threads")
table("threads", "blocking")
timeline("threads")
output("echo")
```

{{ figure("threads", "cpu") }} {{ finding("resume", "generator") }} {{ finding("resume", "text") }}

- {{ claim("threads", "wall", "<=", 100.0) }}
"""


def spoilt(value: Any, random: Random, text: str) -> Any:
    """A text of JSON with something in it that does not belong there."""
    if isinstance(value, (dict, list)) and value and random.random() < 0.9:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = random.choice(keys)
        if random.random() < 0.1:
            del value[key]
        else:
            value[key] = spoilt(value[key], random, text)
        return value
    return random.choice([
        None, True, -1, 0, 1e308, -1e308, 1 << 70, float("nan"), float("inf"), "", text, [], {}, [text], {text: text},
        [value, value], {"x": value}, "2026-13-45T99:99:99Z", 1e-320, text * 50,
    ])  # fmt: skip


def with_findings(site: Site, text: str) -> dict[str, Any]:
    """Records of all kinds, as JSON."""
    given = json.loads(site.records.read_text("utf-8"))
    about = {key: given["records"][0][key] for key in Finding.__struct_fields__ if key in given["records"][0]}
    given["findings"] = [about | {"name": "resume", "values": {"generator": 1e-7, "text": text}}]
    given["outputs"] = {"echo": text}
    return given


@kind(160)
def spoil_records(world: World) -> str:
    """They are refused by the name of their file, or by a page's line; or what they say is shown as a text."""
    site, written = changed(world), world.folder / "written"
    text = hostile(written)
    site.write("new", y=SHOWN)
    given = with_findings(site, text)
    for _ in range(world.random.randint(0, 3)):
        given = spoilt(given, world.random, text)
    stored = json.dumps(given, ensure_ascii=world.random.random() < 0.5).encode()
    if world.random.random() < 0.25:
        at = world.random.randrange(len(stored))
        rest = [
            b"",
            b"\0" * 9,
            b"\xff" + stored[at:],
            bytes([stored[at] ^ 1 << world.random.randrange(8)]) + stored[at + 1 :],
        ]
        stored = stored[:at] + world.random.choice(rest)
    site.records.write_bytes(stored)
    ended = site.begin().wait()
    if written.exists():
        raise lost("what a record says was run")
    if ended.status:
        site.check(sites.EDITIONS["old"])
        told(ended)
        if "records.json: " not in ended.output and not re.search(r"docs/zh/\w+\.md:\d+: ", ended.output):
            raise silent(f"neither the file nor a line is named: {ended.output[-600:]}")
        return "told"
    page = (site.place / "zh" / "y" / "index.html").read_text("utf-8")
    if re.search(r"<script>alert|<img src=x|<b id=evil|javascript:\d\"|<h1[^>]*>evil", page):
        raise lost("what a record says is more than a text")
    return "right"


@kind(60)
def spoil_a_history(world: World) -> str:
    """A build that is to continue it is refused by its line, and leaves it as it is; or a line is added."""
    path = world.folder / "history.jsonl"
    ratios = {case.name: Ratios([1.0, 1.1], [0.1, 0.1]) for case in CASES[:3]}
    for day in range(1, 4):
        append(path, Build(datetime(2025, 1, day, tzinfo=UTC), "a" * 40, "CPython", "machine", "lab", ratios))
    lines = path.read_bytes().splitlines(keepends=True)
    at = world.random.randrange(len(lines))
    if world.random.random() < 0.5:
        lines[at] = json.dumps(spoilt(json.loads(lines[at]), world.random, "text")).encode() + b"\n"
    else:
        cut = world.random.randrange(len(lines[at]))
        lines[at] = lines[at][:cut] + world.random.choice([b"", b"\n", b"\0\xff", lines[at]])
    path.write_bytes(b"".join(lines))
    return continue_history(world, path)


def continue_history(world: World, path) -> str:
    from scripts.measure import BadRecords
    from scripts.measure.history import read

    before = path.read_bytes()
    try:
        builds = read(path)
    except BadRecords as error:
        if not re.match(rf"{re.escape(str(path))}:\d+: ", str(error)):
            raise silent(f"no line is named: {error}") from error
        return "told"
    added = Build(
        datetime(2026, 1, 1, tzinfo=UTC), None, "CPython", "machine", "lab", builds[0].cases if builds else {}
    )
    append(path, added)
    if not path.read_bytes().startswith(before) or read(path) != sorted(
        [*builds, added], key=lambda each: each.time
    ):
        raise lost("a line of the history")
    return "right"
