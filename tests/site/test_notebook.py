"""Notebooks: executed beside this build's records, rendered like any other page, and never a failure published."""

import hashlib
import os
import re
import select
import subprocess
import sys
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from scripts.files import Cache
from scripts.site import notebook, pages
from scripts.site.notebook.worker import cause
from tests.patience import PATIENCE
from tests.tiny import MODES, record

HASH = "import hashlib\nfrom pathlib import Path\nhashlib.sha256(Path('measurements.json').read_bytes()).hexdigest()"
FIGURE = "{{ figure('threads', 'wall') }}\n"


@pytest.fixture
def write(tiny, tmp_path, monkeypatch):
    """A function that writes a notebook x of those cells, code but for those that begin with #."""
    monkeypatch.setattr(notebook, "KEPT", Cache(tmp_path / "kept", 1 << 20))

    def write(*cells, kernel="python3", name="x", **about):
        made = nbformat.v4.new_notebook(
            metadata={"kernelspec": {"name": kernel, "display_name": ""}, **about}
        )
        for text in cells:
            kind = nbformat.v4.new_markdown_cell if text.startswith("#") else nbformat.v4.new_code_cell
            made.cells.append(kind(text, id=f"cell-{len(made.cells)}"))
        path = tiny.folder / "docs" / "zh" / f"{name}.ipynb"
        nbformat.write(made, path)
        return path

    return write


def built(tiny, *options):
    result = tiny.build(*options)
    assert result.exit_code == 0, result.output
    return tiny.page("x")


def test_it_sees_the_records_that_are_published_whatever_the_pages_are_called(tiny, write):
    write(HASH)
    tiny.write(y=FIGURE)
    page = built(tiny, "--strict")
    published = (tiny.folder / "site" / "measurements.json").read_bytes()
    assert b'"threads"' in published
    assert hashlib.sha256(published).hexdigest() in page


@pytest.fixture
def counted(monkeypatch):
    """Executing takes no kernel here, and all that the page shows is how often it was done."""
    number = count(1)
    monkeypatch.setattr(notebook, "executed", lambda *given: f"executed: {next(number)}")


@pytest.mark.usefixtures("counted")
def test_it_is_executed_again_when_and_only_when_records_or_notebook_have_changed(tiny, write, records):
    write("1")
    tiny.write(y=FIGURE)
    for _ in range(2):
        assert "executed: 1" in built(tiny)
    records(record("threads", [0.51]))
    assert "executed: 2" in built(tiny)
    write("2")
    assert "executed: 3" in built(tiny)


@pytest.mark.parametrize("spoil", [lambda kept: b"", lambda kept: kept[:-9]], ids=["emptied", "cut short"])
@pytest.mark.usefixtures("counted")
def test_it_is_executed_again_where_what_was_kept_is_damaged(tiny, write, tmp_path, spoil):
    write("1")
    assert "executed: 1" in built(tiny)
    [kept] = (tmp_path / "kept").iterdir()
    kept.write_bytes(spoil(kept.read_bytes()))
    for _ in range(2):
        assert "executed: 2" in built(tiny)


def change(path, before, after):
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


CELLS = {
    "a folded cell": (
        "print(6 * 7)",
        r"<details(?s:(?!</details>).)*print(?s:(?!</details>).)*</details>\s*<div class=\"output\"><pre><code>42<",
    ),
    "a page's Markdown": ('# 标题\n\n[别处](records.md)\n\n!!! note "留意"\n\n    `1 < 2`', (
        r'<a href="../records/">别处</a>(?s:.*)<div class="admonition note">(?s:.*)<code>1 &lt; 2</code>'
    )),
    "a heading with an anchor": ("# 标题\n\n## 一节", r'<h2 id="\w+">一节</h2>'),
    "code, to the letter": (
        'x = \'<p class="x">\' "&amp;" \'</p>\'\n\n"~~~", "```", "{{ 1 }}"',
        r"x = '&lt;p class=\"x\"&gt;' \"&amp;amp;\" '&lt;/p&gt;'\n\n\"~~~\", \"```\", \"{{ 1 }}\"",
    ),
    "what is printed": ("print('a <b>\\n\\nc')", r"<pre><code>a &lt;b&gt;&#10;&#10;c</code></pre>"),
    "what would run": (
        "print('\\r```python exec=\"on\"\\nassert False\\n```\\n\\n# heading')", r"<pre><code>&#10;```python exec(?s:.*)&#10;# heading"
    ),
    "without colours": ("print('\\x1b[31mred\\x1b[0m')", r"<code>red</code>"),
    "a value": ("{'a': '<b>'}", r"<pre><code>\{.*&lt;b&gt;.*\}</code></pre>"),
    "HTML": (
        "from IPython.display import HTML\nHTML('<p>a\\n\\n<i>b</i></p><pre>c\\n\\nd</pre>')",
        r'<div class="output"><p>a\n<i>b</i></p><pre>c&#10;&#10;d</pre></div>',
    ),
    "a table": (
        "from IPython.display import Markdown\nMarkdown('| a |\\n|--|\\n| `b` |')",
        r'<div class="output comparison">\s*<table>(?s:.*)<td><code>b</code></td>',
    ),
}  # fmt: skip


def test_its_page_shows_what_any_page_does_and_what_its_cells_do(tiny, write):
    path = write(*(cell for cell, _ in CELLS.values()))
    change(path, '"metadata": {}', '"metadata": {"jupyter": {"source_hidden": true}}')  # of the first
    change(tiny.folder / "mkdocs.yml", "admonition,", "admonition, pymdownx.details,")
    page = built(tiny, "--strict")
    text = re.sub("</?span[^>]*>", "", page)  # which colour the code
    assert [what for what, (_, shown) in CELLS.items() if not re.search(shown, text)] == []
    assert page.count("<details") == 1
    assert not re.search("<style|<script|jp-", page)
    assert 'href="../x.ipynb"' in page
    assert (tiny.folder / "site" / "zh" / "x.ipynb").read_bytes() == path.read_bytes()


def test_it_says_of_itself_what_a_page_says_in_front_matter(tiny, write):
    tiny.write(a="# A\n", y="# Y\n", records="# Records\n")
    tiny.name("a", "x", "y", "records")
    theme = tiny.folder / "theme" / "main.html"
    theme.write_text(
        "{{ page.title }}|{{ page.meta.description }}|{{ page.previous_page.url }}|{{ page.next_page.url }}"
    )
    write("# Heading", title="它的：名字", description='"什么"')
    assert built(tiny, "--strict") == '它的：名字|"什么"|zh/a/|zh/y/'


def test_a_title_that_is_empty(tiny, write):
    path = write("1", title="")
    line = 1 + path.read_text("utf-8")[: path.read_text("utf-8").index('"title"')].count("\n")
    result = tiny.build("-q")
    assert result.exit_code == 1
    assert f"docs/zh/x.ipynb:{line}: title is empty" in result.output


def test_nothing_in_it_is_a_call_or_a_block(tiny, write):
    call, block = "{{ figure('threads', 'wall') }}", "```python exec='on'\nresult('threads')\n```"
    write(f"# Heading\n\n{call}", f"print({call + block!r})")
    assert not re.search('class="(figure|result)"', built(tiny, "--strict"))


def test_what_the_user_has_set_is_not_asked(tiny, write, tmp_path, monkeypatch):
    home = tmp_path / "home"
    startup = home / ".ipython" / "profile_default" / "startup" / "first.py"
    startup.parent.mkdir(parents=True)
    startup.write_text("secret = 42")
    monkeypatch.setenv("HOME", str(home))
    write("print('secret' in globals())")
    assert "<code>False" in built(tiny)
    assert [path.name for path in home.iterdir()] == [".ipython"]


FAILING = {
    "raises": (
        ["# Text", "def f():\n    return {}['x']", "# Text", "1\nf()"],
        ", cell In[2], line 2: KeyError: 'x'",
    ),
    "is no Python": (["x = 1\nprint('x'"], ", cell In[1], line 2: SyntaxError: "),
    "exits with status 0": (["import sys\nsys.exit(0)"], ", cell In[1]: SystemExit: 0"),
    "ends its kernel": (["1", "import os\nos._exit(0)"], ", cell In[2]: its kernel has died"),
}


@pytest.mark.parametrize(
    ("cells", "told", "mode"),
    [(*each, mode) for each, mode in zip(FAILING.values(), MODES.values(), strict=True)],
    ids=FAILING,
)
def test_a_notebook_that(tiny, tmp_path, write, cells, told, mode):
    write(*cells)
    result = tiny.build(*mode)
    assert result.exit_code == 1
    assert result.output.count(f"docs/zh/x.ipynb{told}") == 1
    assert "Traceback" not in result.output
    assert tiny.files == ["docs", "mkdocs.yml", "theme"]  # no site, and nothing else
    assert list(tmp_path.glob("kept/*")) == []


def test_an_error_has_its_public_name_whatever_this_python_calls_it():
    error = SimpleNamespace(ename="_IncompleteInputError", evalue="incomplete input (42.py, line 2)")
    assert cause(error) == "SyntaxError: incomplete input"


def test_a_cell_may_not_have_its_errors_published(tiny, write):
    path = write("raise ValueError('a\\nb')")
    change(path, '"metadata": {}', '"metadata": {"tags": ["raises-exception"]}')
    assert "docs/zh/x.ipynb, cell In[1], line 1: ValueError: a\nb" in tiny.build().output


FOREVER = """
while True:
    try:
        sum(range(9))
    except BaseException:
        pass"""


def test_a_cell_that_never_ends(tiny, write, tmp_path, monkeypatch):
    pid = tmp_path / "pid"
    write(
        "1",
        f"import os\nfrom pathlib import Path\nPath({str(pid)!r}).write_text(str(os.getpid()))\n{FOREVER}",
    )
    for seconds in (1.0, 2.0, 4.0, 8.0, 16.0, 32.0):  # until a busy machine has come so far within them
        monkeypatch.setattr(pages, "SECONDS", seconds)
        result = tiny.build("-q")
        if pid.exists():
            break
    assert result.exit_code == 1
    assert f"docs/zh/x.ipynb, cell In[2]: not done after {seconds:g} s" in result.output
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


@pytest.mark.skipif(sys.platform != "linux", reason="nobody else tells when a stranger's process ends")
def test_a_build_that_is_killed_leaves_neither_kernel_nor_files(tiny, write, tmp_path):
    told = tmp_path / "told"
    os.mkfifo(told)
    telling = f"Path({str(told)!r}).write_text(f'{{os.getpid()}} {{os.getcwd()}}')"
    write(f"import os\nfrom pathlib import Path\n{telling}\n{FOREVER}")
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(tiny.folder / "mkdocs.yml")]
    with subprocess.Popen(command) as build:
        pid, folder = told.read_text().split()
        kernel = os.pidfd_open(int(pid))
        build.kill()
    assert select.select([kernel], [], [], PATIENCE) == ([kernel], [], [])
    os.close(kernel)
    assert not Path(folder).exists()


BROKEN = {
    "half a notebook": lambda text: text[: len(text) // 2],
    "no notebook": lambda text: "{}",
    "of unknown cells": lambda text: text.replace('"code"', '"kode"'),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_file_that_is(tiny, write, broken):
    path = write("1", title="X")
    path.write_text(broken(path.read_text("utf-8")), "utf-8")
    result = tiny.build("-q")
    assert result.exit_code == 1
    assert "docs/zh/x.ipynb: this is no notebook: " in result.output
    assert "Traceback" not in result.output


def test_a_kernel_that_there_is_not(tiny, write):
    write("1", kernel="julia-1.9")
    result = tiny.build("-q")
    assert result.exit_code == 1
    assert "docs/zh/x.ipynb: there is no kernel 'julia-1.9', only 'python3', from ipykernel" in result.output


LACKING = {
    "ipykernel": ("ipykernel/__init__.py", "raise ImportError('lost')", ": there is no kernel 'python3'"),
    "a kernel that starts": ("ipykernel_launcher.py", "raise SystemExit(3)", ": the kernel does not start: "),
    "nbclient": ("nbclient.py", "raise ImportError('lost')", ": it cannot be executed\nTraceback"),
}


@pytest.mark.parametrize(("file", "text", "told"), LACKING.values(), ids=LACKING)
def test_an_environment_without(tiny, write, tmp_path, monkeypatch, file, text, told):
    path = tmp_path / "lacking" / file
    path.parent.mkdir(parents=True)
    path.write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "lacking"))
    write("1")
    result = tiny.build("-q")
    assert result.exit_code == 1
    assert f"docs/zh/x.ipynb{told}" in result.output


def test_what_a_notebook_makes_of_tags_that_there_are_not_fails_as_well(tiny, write):
    write('# Heading\n\n<Badge type="green">x</Badge>')
    result = tiny.build("-q")
    assert result.exit_code == 1
    assert "zh/x.md" in result.output
    assert "no type is called 'green'" in result.output
