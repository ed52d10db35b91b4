"""The numbers are alive: they follow the lab and the programs, and so does a page under `mkdocs serve`."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from html import unescape
from threading import Event, Thread, Timer

import nbformat
import pytest

from scripts.site import offline
from tests import ports
from tests.patience import PATIENCE
from tests.site.conftest import NEAR


def seconds(html):
    """The page's figure, in seconds."""
    found = re.search(r'<span class="figure"[^>]*>([\d.]+) (毫?)秒<', html)
    return float(found[1]) / (1000 if found[2] else 1)


def measured(copy, service_time):
    """The figure of the page, built now, that far from an origin that takes so long."""
    built = copy.run("build", "--strict", LAB_SERVICE_TIME=service_time)
    assert built.returncode == 0, built.stderr
    return seconds(copy.html)


def test_the_number_follows_the_origin_and_the_program(copy):
    """What a busy machine adds to a wait is told from the wait itself: it takes nothing from any."""
    near = measured(copy, "0.01")
    far, wait = measured(copy, "0.61"), 10 * (2 * float(NEAR["LAB_RTT"]) + 0.61)
    once = copy.snippet().read_text("utf-8")
    twice = once.replace("fetch(path) for path in paths", "fetch(path) and fetch(path) for path in paths")
    assert twice != once
    copy.snippet().write_text(twice, "utf-8")
    both = measured(copy, "0.61")
    assert near < 0.999 * wait <= far < 0.999 * 2 * wait <= both  # the figure is rounded
    assert "and" in copy.html


BROKEN = {
    "raises": ("    1 / 0", "exit status 1: ZeroDivisionError: division by zero"),
    "returns a wrong body": ("    return {path: b'' for path in paths}", "the body of /?page=0 is wrong"),
    "leaves a page out": ("    return {}", "10 of 10 pages are missing"),
    "exits with status 0": (
        "    import sys; sys.exit(0)",
        "it ended with status 0 before fetch_all had returned",
    ),
    "hangs": ("    import threading; threading.Event().wait()", "no end after"),
}


@pytest.mark.parametrize(("body", "cause"), BROKEN.values(), ids=BROKEN)
def test_a_program_that(copy, body, cause):
    copy.snippet().write_text(
        f"{copy.snippet().read_text('utf-8')}\n\ndef fetch_all(paths):\n{body}\n", "utf-8"
    )
    built = copy.run("build", "--quiet")
    assert built.returncode == 1
    assert f"docs/zh/index.md:11: stage 'blocking': {cause}" in built.stderr
    assert not (copy.folder / "site").exists()


@contextmanager
def within_patience(process):
    """Kill it where what it does in here takes too long: whoever reads what it says then comes to the end."""
    too_late = Timer(PATIENCE, process.kill)
    too_late.start()
    try:
        yield
    finally:
        too_late.cancel()


class Serving:
    """`mkdocs serve`, and what it says."""

    def __init__(self, process, address):
        self._process = process
        self._address = address

    def until(self, *words):
        """Read what it says until it says one of these, and return that line."""
        with within_patience(self._process):
            for line in self._process.stderr:
                if any(each in line for each in words):
                    return line
        raise AssertionError(f"it ended before it said {words!r}")

    def end(self, number):
        """Send it that signal, and wait for its end."""
        self._process.send_signal(number)
        self._process.wait(PATIENCE)

    def page(self, name=""):
        with urllib.request.urlopen(self._address + name) as answer:
            return answer.read().decode()

    def until_shown(self, words, name=""):
        """Wait for the build, whichever it is, after which that page has these words, and return the page."""
        while words not in (page := self.page(name)):
            self.until("Reloading browsers")
        return page


FAILING = """# A page

This is shown.

```python exec="on"
source("blocking")
result("nothing")
```

It took {{ figure("blocking", "wal") }}.

```python exec="on" sorce="above"
```

<Alert type="inof">A tip, and <Badge type="eror">this</Badge>.</Alert>
"""
MENDED = FAILING.replace("nothing", "blocking").replace('"wal"', '"wall"').replace(' sorce="above"', "")
MENDED = MENDED.replace("inof", "info").replace("eror", "error")


@contextmanager
def serving(copy, *options, preview=False):
    """Serve that copy."""
    with ports.reserved() as port:
        address = f"127.0.0.1:{port}"
        call = copy.call("serve", "--dev-addr", address, *options)
        if preview:
            del call["env"]["RUNS"]
        with subprocess.Popen(**call, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            try:
                server = Serving(process, f"http://{address}/zh/")
                server.until("Serving on")
                yield server
            finally:
                process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
                with within_patience(process):
                    process.stderr.read()


@contextmanager
def insisting(path, text):
    """Write that again and again: what is changed before MkDocs first looks is never seen to change."""
    enough = Event()

    def write():
        path.write_text(text, "utf-8")
        while not enough.wait(1):
            os.utime(path)

    thread = Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


@pytest.mark.parametrize("options", [[], ["--strict"]], ids=["plain", "strict"])
def test_an_error_is_shown_in_the_page_and_serving_goes_on(copy, options):
    with serving(copy, *options) as server:
        assert 'class="figure"' in server.page()

        with insisting(copy.page, FAILING):
            server.until("docs/zh/index.md:12: a fence has no option 'sorce'")
            server.until("docs/zh/index.md:15: <Alert type=\"inof\">: no type is called 'inof'")
            server.until("docs/zh/index.md:15: <Badge type=\"eror\">: no type is called 'eror'")
            server.until("docs/zh/index.md:7: no stage is called 'nothing'")
            server.until("docs/zh/index.md:10: ValueError: no metric is called 'wal'")
            page = server.until_shown("no stage is called")
        for shown in (
            "index.md:7",
            "docs/zh/index.md:10: ValueError: no metric",
            "index.md:12",
            "This is shown.",
            '&lt;Badge type="eror"&gt;this',
        ):
            assert shown in page

        copy.page.write_text(MENDED, "utf-8")
        assert "no stage is called" not in server.until_shown('class="result"')
        assert 'class="figure"' in server.page()


WRONG_NAV = "\nnav: [zh/records.md]\n"
PAGE, CONFIG = "docs/zh/index.md", "mkdocs.yml"
MISTAKES = {
    "in a link": (PAGE, lambda text: text + "\n[there](nowhere.md)\n", "contains a link 'nowhere.md'"),
    "in an anchor": (PAGE, lambda text: text + "\n[there](records.md#x)\n", "an anchor '#x'"),
    "in an image": (PAGE, lambda text: text + "\n![there](x.png)\n", "contains a link 'x.png'"),
    "in the front matter": (
        PAGE,
        lambda text: text.replace("title:", "titel:", 1),
        "a page says no 'titel' of itself",
    ),
    "in the list of pages": (CONFIG, lambda text: text + WRONG_NAV, "this page has no place"),
    "in the configuration": (
        CONFIG,
        lambda text: text + "\nnav: [a\n",
        "error parsing the configuration file",
    ),
    "in the stages": (
        "scripts/stages.py",
        lambda text: text + "\nSTAGES = (\n",
        "SyntaxError: '(' was never closed",
    ),
    "in a function": (
        "scripts/page/words.py",
        lambda text: text + "\n1 / 0\n",
        "ZeroDivisionError: division by zero",
    ),
}


@pytest.mark.parametrize(
    ("options", "mistakes"),
    [
        ([], ["in a link", *MISTAKES]),  # the first one twice: MkDocs says nothing twice
        (["--strict"], ["in a link", "in the front matter", "in a link"]),
        (["--clean"], ["in the front matter", "in the list of pages", "in the front matter"]),
    ],
    ids=["plain", "strict", "clean"],
)
def test_every_mistake_is_told_and_shown_and_mended_without_a_restart(copy, options, mistakes):
    with serving(copy, *options) as server:
        for mistake in mistakes:
            file, spoil, told = MISTAKES[mistake]
            path = copy.folder / file
            whole = path.read_text("utf-8")
            with insisting(path, spoil(whole)):
                server.until(told)
                while told not in unescape(page := server.page()):
                    server.until("Reloading browsers")
            assert unescape(page).count(told) == 1, mistake
            assert 'class="figure"' in page, mistake
            with insisting(path, whole):
                while told in unescape(page := server.page()):
                    server.until("Reloading browsers")
            assert 'class="figure"' in page, mistake


def test_a_preview_that_is_terminated_leaves_nothing(copy, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with serving(copy) as server:
        assert len(list(temporary.glob("mkdocs_*"))) == 1
        assert not list(temporary.glob(".mkdocs_*"))
        server.end(signal.SIGTERM)
    assert not list(temporary.glob("*mkdocs_*"))
    with serving(copy) as server:
        server.end(signal.SIGKILL)
    assert list(temporary.glob("mkdocs_*"))
    with serving(copy) as server:
        assert len(list(temporary.glob("mkdocs_*"))) == 1


def test_a_page_that_changes_has_nothing_measured_again(copy):
    with serving(copy) as server:
        with insisting(copy.page, copy.page.read_text("utf-8") + "\nMore words.\n"):
            server.until("Detected file changes")
        said = server.until("Documentation built", "Measuring")
        assert "Measuring" not in said


def test_a_preview_says_that_it_makes_no_zip(copy):
    with serving(copy) as server, insisting(copy.page, copy.page.read_text("utf-8") + offline.SIZE):
        server.until_shown(offline.ABSENT)


def test_a_program_that_changes_is_measured_again(copy):
    changed = copy.snippet().read_text("utf-8") + "# More words.\n"
    with serving(copy) as server, insisting(copy.snippet(), changed):
        server.until("Measuring blocking")
        server.until_shown("# More words.")


LONG = """---
title: A page
---

# A page

Ten pages: {{ figure("blocking", "wall") }}, more: {{ figure("threads@1000", "wall") }}.
An opinion: {{ finding("spins", "one after another") }}.
A mistake: {{ finding("resume", "generatr") }}.

```python exec="on"
two_spins()
output("order")
```
"""


def test_a_preview_marks_what_takes_long_and_runs_a_demonstration_once_it_is_saved(copy):
    copy.page.write_text(LONG, "utf-8")
    for other in {*(copy.folder / "snippets").glob("*.py")} - {
        copy.snippet("blocking"),
        copy.snippet("threads"),
    }:
        other.unlink()  # which a preview would look at first
    with serving(copy, preview=True) as server:
        page = server.page()
        assert re.search(r"Ten pages: .*只量了一次.*, more: <span class=.pending.*>待测</span>", page)
        assert re.search(r"An opinion: <span class=.pending.*>待测</span>", page)
        assert page.count('class="pending"') == 5
        assert 'class="admonition error"' not in page

        with insisting(copy.snippet("demonstrations/order"), "print('in order')\n"):
            server.until("Running order")
            server.until_shown("in order")
        found = "def demonstrate():\n    return {'generator': 0.5}\n"
        with insisting(copy.snippet("demonstrations/resume"), found):
            server.until("docs/zh/index.md:9: 'resume' finds no 'generatr': did you mean 'generator'?")
            server.until_shown("did you mean")


def test_a_script_that_changes_takes_effect(copy):
    with serving(copy) as server:
        words = copy.folder / "scripts" / "page" / "words.py"
        changed = words.read_text("utf-8").replace('"wall": "墙钟"', '"wall": "钟在墙上"')
        assert "钟在墙上" not in server.page()
        with insisting(words, changed):
            server.until_shown("钟在墙上")


ADDED = """
import importlib.util, pathlib, sys
spec = importlib.util.spec_from_file_location("hooks", sys.argv[1] + "/scripts/hooks.py")
sys.modules["hooks"] = hooks = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hooks)
hooks.load_code()
import scripts.page
stages = pathlib.Path(sys.argv[1], "scripts", "stages.py")
text = stages.read_text("utf-8")
stages.write_text(text.replace('Stage("polling"', 'Stage("new", "new"), Stage("polling"'), "utf-8")
hooks.load_code()
from scripts.measure import sources
from scripts.page.measured import cards
print(sources.stages.find("new").name, cards.find("new").name)
"""


def test_a_stage_that_is_added_is_known_everywhere_at_once(copy):
    done = subprocess.run([sys.executable, "-P", "-c", ADDED, copy.folder], capture_output=True, text=True)
    assert done.stdout == "new new\n", done.stderr


def test_a_page_that_stays_as_it_is_is_not_run_again(copy):
    calls = copy.folder / "calls"
    vocabulary = copy.folder / "scripts" / "page" / "__init__.py"
    vocabulary.write_text(vocabulary.read_text("utf-8") + COUNTING.format(path=str(calls)), "utf-8")
    copy.page.with_name("other.md").write_text(OTHER, "utf-8")
    with serving(copy) as server:
        with insisting(copy.page, copy.page.read_text("utf-8") + "\nMore words.\n"):
            server.until_shown("More words.")
        assert server.page("other/").count("It was called.") == 1
        assert calls.read_text() == "x"
        with insisting(copy.snippet(), copy.snippet().read_text("utf-8") + "# More words.\n"):
            while calls.read_text() == "x":
                server.until("Reloading browsers")


OTHER = "---\ntitle: Another page\n---\n\n# Another page\n\n{{ counted() }}\n"
COUNTING = """
from scripts.page.vocabulary import inline

@inline
def counted() -> str:
    with open({path!r}, "a") as calls:
        calls.write("x")
    return "It was called."
"""


def notebook(copy, *cells):
    """Where a notebook of that code is, and its text."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    return copy.page.with_name("notebook.ipynb"), nbformat.writes(made)


def test_a_notebook_is_executed_again_once_it_has_changed_and_its_failure_is_shown(copy):
    path, text = notebook(copy, "import uuid\nprint('executed', uuid.uuid4())")
    path.write_text(text, "utf-8")
    with serving(copy, "--strict") as server:
        executed = re.search("executed [0-9a-f-]+", server.page("notebook/"))[0]

        with insisting(copy.page, copy.page.read_text("utf-8") + "\nMore words.\n"):
            server.until_shown("More words.")
        assert executed in server.page("notebook/")

        with insisting(*notebook(copy, "print('before')", "1 / 0")):
            server.until("docs/zh/notebook.ipynb, cell In[2], line 1: ZeroDivisionError: division by zero")
            server.until_shown("ZeroDivisionError", "notebook/")
        assert "More words." in server.page()

        copy.page.with_name("notebook.ipynb").write_text(notebook(copy, "6 * 7")[1], "utf-8")
        assert "ZeroDivisionError" not in server.until_shown("<code>42</code>", "notebook/")
