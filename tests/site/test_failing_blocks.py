"""Whatever fails in a page fails the build: with status 1, page, line and cause, strict, quiet or neither."""

import errno
import os
import re
from types import SimpleNamespace

import pytest

from scripts import stages
from scripts.lab import Settings
from scripts.measure import Fresh, RunFailed
from scripts.page import current
from tests.tiny import MODES, record

FRONT_MATTER = "---\ntitle: A page\ndescription: Words\n---\n\n"
"""Five lines, so that the text begins on line 6."""


def block(code, options='exec="on"'):
    return f"{FRONT_MATTER}Words.\n\n```python {options}\n{code}\n```\n"


def sentence(call):
    return f"{FRONT_MATTER}Words.\n\nIt took {{{{ {call} }}}}, and no longer.\n"


FAILING = {
    "computes": (block("source('threads')\nx = 1"), 10, "x = 1 is no call"),
    "imports": (block("from scripts.page import source"), 9, "from scripts.page import source is no call"),
    "prints": (block("print('x')"), 9, "the vocabulary has no 'print'"),
    "calls a method": (block("figure('threads', 'wall').upper()"), 9, "is no call"),
    "computes an argument": (block("source('thr' + 'eads')"), 9, "'thr' + 'eads' is no argument"),
    "formats an argument": (block("source(f'{1}')"), 9, "is no argument"),
    "calls in an argument": (block("source(source('threads'))"), 9, "is no argument"),
    "unpacks arguments": (block("source(*['threads'])"), 9, "is no argument"),
    "unpacks named arguments": (block("source(**{})"), 9, "without **"),
    "exits": (block("exit()"), 9, "the vocabulary has no 'exit'"),
    "loops": (block("for x in y:\n    source('threads')"), 9, "for x in y: … is no call"),
    "is no Python": (block("source('threads')\nsource("), 10, "'(' was never closed"),
    "is no Python in a sentence": (sentence("figure("), 8, "'(' was never closed"),
    "is nested without end": (sentence("(" * 300 + ")" * 300), 8, "too many nested parentheses"),
    "escapes what needs none": (sentence(r"figure('\d', 'wall')"), 8, "invalid escape sequence"),
    "asks for an unknown word": (sentence("figur('threads', 'wall')"), 8, "did you mean 'figure'?"),
    "asks for an unknown argument": (
        sentence("claim('threads', 'wall', '<=', 2, off='ideal')"), 8, "did you mean 'of'?",
    ),
    "lacks an argument": (sentence("figure('threads')"), 8, "figure(name, metric): missing a required argument"),
    "has a number for a text": (sentence("figure(3, 'wall')"), 8, "name is 3, and not a text"),
    "has a text for a number": (
        sentence("claim('threads', 'wall', '<=', '2')"), 8, "limit is '2', and not a number",
    ),
    "has a bool for a number": (
        sentence("claim('threads', 'wall', '<=', True)"), 8, "limit is True, and not a number",
    ),
    "has a block in a sentence": (sentence("result('threads')"), 8, "result() stands in a block of its own"),
    "has a sentence in a block": (
        block("figure('threads', 'wall')"), 9, "figure() stands in a sentence, between {{ and }}",
    ),
    "never closes a call": (
        f"{FRONT_MATTER}Words.\n\n{{{{ figure('threads',\n 'wall') }}}}\n", 8, "nobody made this call",
    ),
    "calls within HTML": (
        f"{FRONT_MATTER}<div>\n{{{{ figure('threads', 'wall') }}}}\n</div>\n", 7, "nobody made this call",
    ),
    "asks for an unknown stage": (block("result('thread')"), 9, "did you mean 'threads'?"),
    "asks for an unknown program": (block("source('ecko')"), 9, "did you mean 'echo'?"),
    "asks for an unknown definition": (
        block("source('threads', 'fetchall')"), 9, "did you mean 'fetch_all'?",
    ),
    "asks for an unknown metric": (sentence("figure('threads', 'wal')"), 8, "no metric is called 'wal'"),
    "claims what is false": (
        sentence("claim('blocking', 'wall', '<=', 0.5)"),
        8,
        "wall of 'blocking' by 'ideal' is 4.52 / 4.5 = 1.004: the claim is <= 0.5",
    ),
    "has a number in a list of texts": (
        block("ask('Why?', ['a', 'b', 3])"), 9, "answers is ['a', 'b', 3], and not a list of texts",
    ),
    "asks what turns out otherwise": (
        block(
            "ask('Why?', ['a', 'claim(\"blocking\", \"wall\", \"<=\", 0.5)', 'b'],"
            " ['c', 'claim(\"blocking\", \"wall\", \">=\", 0.5)', 'd'])"
        ),
        9,
        "the answer 'a' is wrong: wall of 'blocking' by 'ideal' is 4.52 / 4.5 = 1.004: the claim is <= 0.5",
    ),
    "has a misspelt option": (block("", 'exec="on" titel="x"'), 8, "a fence has no option 'titel'"),
    "shows its source": (block("", 'exec="on" source="above"'), 8, "a fence has no option 'source'"),
    "has a misspelt exec": (block("", 'exce="on"'), 8, "a fence has no option 'exce'"),
    "has exec misspelt as to its value": (block("", 'exec="onn"'), 8, 'exec="onn"'),
    "has an unquoted option": (block("", "exec=on"), 8, "cannot read 'exec=on'"),
    "has options in braces": (
        FRONT_MATTER + '```{.python exec="on"}\n```\n', 6, "cannot read '{.python exec=",
    ),
    "has a misspelt language": (FRONT_MATTER + '```pyhton exec="on"\n```\n', 6, "cannot run 'pyhton'"),
    "has no language": (FRONT_MATTER + '``` exec="on"\n```\n', 6, "cannot run a fence without a language"),
    "is never closed": (FRONT_MATTER + '```python exec="on"\nbars()\n', 6, "the fence ``` is never closed"),
    "writes a tag that there is not": (
        FRONT_MATTER + "Words.\n\n<Badge type=\"green\">x</Badge>\n", 8, "no type is called 'green'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
@pytest.mark.parametrize(("text", "line", "cause"), FAILING.values(), ids=FAILING)
def test_a_page_that(tiny, text, line, cause, mode):
    tiny.write(good="# Good\n", x=text)
    built = tiny.build(*mode)
    assert built.exit_code == 1
    assert len(re.findall(rf"docs/zh/x\.md:{line}: .*{re.escape(cause)}", built.output)) == 1
    assert "Traceback" not in built.output
    assert tiny.files == ["docs", "mkdocs.yml", "theme"]  # no site, and nothing else


def test_a_page_in_another_encoding(tiny):
    tiny.write(good="# Good\n")
    (tiny.folder / "docs" / "zh" / "x.md").write_bytes(FRONT_MATTER.encode() + "Début\n".encode("latin-1"))
    built = tiny.build("-q")
    assert built.exit_code == 1
    assert "docs/zh/x.md:6: byte 0xe9 is no UTF-8" in built.output
    assert "Traceback" not in built.output


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
@pytest.mark.parametrize("link", ["[there](nowhere.md)", "[there](#nowhere)", "![there](nowhere.png)"])
def test_a_link_that_leads_nowhere(tiny, mode, link):
    """It fails what is strict, quiet or not; anchors only where the configuration says so, as it does here."""
    config = tiny.folder / "mkdocs.yml"
    config.write_text(f"{config.read_text()}validation: {{anchors: warn}}\n")
    tiny.write(x=f"# X\n\n{link}\n")
    built = tiny.build(*mode)
    strict = "--strict" in mode
    assert built.exit_code == int(strict)
    assert (tiny.folder / "site").exists() is not strict


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_a_full_disk(tiny, monkeypatch, mode):
    def write(results, path):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr("scripts.measure.dump_samples", write)
    tiny.write(good="# Good\n")
    built = tiny.build(*mode)
    assert built.exit_code == 1
    assert "the build broke off: [Errno 28] No space left on device: " in built.output
    assert "Traceback" not in built.output
    assert tiny.files == ["docs", "mkdocs.yml", "theme"]


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_a_stage_that_cannot_be_measured(tiny, monkeypatch, mode):
    """It hangs, raises or returns a wrong page: measuring finds out, and its tests say how."""

    def measure(case, settings, runs):
        raise RunFailed(f"stage {case.name!r}", "no end after 11.4 s", b"the last words\n")

    monkeypatch.setattr(
        current, "choose", lambda serving, since: Fresh(Settings(), 1, SimpleNamespace(measure=measure))
    )
    tiny.write(x=sentence("figure('threads', 'wall')"))
    built = tiny.build(*mode)
    assert built.exit_code == 1
    assert "docs/zh/x.md:8: stage 'threads': no end after 11.4 s\nthe last words" in built.output


@pytest.mark.parametrize(("link", "told"), [("auto", 1), ("loopback", 0)])
def test_a_build_that_fell_back_says_so_at_its_end(tiny, monkeypatch, caplog, link, told):
    def measure(case, settings, runs):
        return record(case.name, [0.5], link="loopback", notes=("fell back to loopback: no namespaces",))

    monkeypatch.setattr(current.INSTRUMENTS, "measure", measure)
    monkeypatch.delenv("RECORDS")
    monkeypatch.setenv("LAB_LINK", link)
    tiny.write(x=sentence("figure('threads', 'wall')"))
    built = tiny.build("--strict")
    assert built.exit_code == 0, built.output
    said = (
        "not of the lab's link: fell back to loopback: no namespaces.  A build with LAB_LINK=emulated refuses"
    )
    assert caplog.text.count(said) == told


@pytest.mark.parametrize(
    ("name", "value"),
    [("RUNS", "many"), ("RUNS", "0"), ("LAB_RTT", "soon"), ("LAB_RTT", "-1"), ("LAB_LINK", "x")],
)
def test_an_environment_that_asks_for_what_there_is_not(tiny, monkeypatch, name, value):
    monkeypatch.delenv("RECORDS")
    monkeypatch.setenv(name, value)
    built = tiny.build("-q")
    assert built.exit_code == 1
    assert value in built.output
    assert "Traceback" not in built.output


def test_records_that_are_not_there(tiny, monkeypatch):
    monkeypatch.setenv("RECORDS", "nowhere.json")
    tiny.write(x=sentence("figure('threads', 'wall')"))
    built = tiny.build("-q")
    assert built.exit_code == 1
    assert "docs/zh/x.md:8: nowhere.json: cannot be read" in built.output


def test_every_stage_is_known(tiny):
    names = [case.name for case in stages.CASES]
    tiny.write(x=block("\n".join(f"result({name!r})" for name in names)))
    assert tiny.build().exit_code == 0
    assert tiny.page("x").count('class="result"') == len(names)
