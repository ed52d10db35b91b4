"""The peers: equal work for all, and what is made of their times."""

import re
import sys
from pathlib import Path

import pytest

from scripts import stages
from scripts.bench.peers import contest, environment
from scripts.bench.peers.contest import SAID, Times, behind, table, take
from scripts.bench.peers.tools import LEFT_OUT, PEERS, PROGRAMS, WORDS, Ours, text
from scripts.bench.project import BenchFailed
from scripts.stages import STAGES, program

TOOLS = (Ours, *PEERS)


@pytest.fixture(params=TOOLS, ids=lambda kind: kind.name)
def tool(request, tmp_path):
    """Each tool with a project of its own."""
    return request.param(Path(sys.executable), tmp_path / "project")


def test_what_is_left_out_needs_a_loop_of_its_own():
    assert [stage.name for stage in PROGRAMS] == [each.name for each in STAGES if each.name not in LEFT_OUT]
    for stage in STAGES:
        starts_a_loop = (
            re.search(r"\basyncio\.(?:run|Runner)\b|\banyio\b|\bdistributed\b", text(stage)) is not None
        )
        assert starts_a_loop == (stage.name in LEFT_OUT), stage.name


def test_a_page_has_the_prose_and_the_program_as_it_stands(tool):
    for stage in PROGRAMS:
        page = tool.page(stage).read_text("utf-8")
        assert WORDS in page
        if tool.name == "mkdocs-jupyter":
            import json

            cells = json.loads(page)["cells"]
            assert text(stage) in [cell["source"] for cell in cells]
        elif tool.name != "ours":
            assert text(stage) in page
    if tool.name == "ours":
        assert [path.stem for path in tool.folder.glob("docs/zh/*.md")].count("threads") == 1
        assert (tool.folder / "snippets" / "threads.py").read_bytes() == program("threads").read_bytes()


def test_what_builds_left_is_removed_and_nothing_else(tool):
    before = {path: path.read_bytes() for path in tool.folder.rglob("*") if path.is_file()}
    tool.write("build/html/index.html", "built")
    tool.write(".cache/words.json", "kept")
    tool.write("scripts/__pycache__/x.pyc", "compiled")
    tool.clean()
    after = {path for path in tool.folder.rglob("*") if path.is_file()}
    assert after - before.keys() == {tool.folder / "scripts" / "__pycache__" / "x.pyc"}
    assert before.keys() <= after
    assert not (tool.folder / "build").exists()


@pytest.fixture
def built(tmp_path, monkeypatch):
    """One tool whose build, of three seconds, shows what a test says."""
    tool = Ours(Path(sys.executable), tmp_path / "project")

    def show(html):
        def build(tool, again):
            tool.write("site/index.html", html)
            return 3.0

        monkeypatch.setattr(contest, "build", build)
        return tool

    return show


def test_cold_is_what_the_programs_did_not_say_they_took(built):
    tool = built("<code>10 pages in 0.125 s\n</code>" * len(PROGRAMS))
    assert take(tool, "cold") == pytest.approx(3.0 - 0.125 * len(PROGRAMS))
    assert take(tool, "unchanged") == 3.0


def test_a_program_that_was_not_run_or_twice_is_no_equal_work(built):
    tool = built("10 pages in 0.125 s\n" * (len(PROGRAMS) - 1))
    with pytest.raises(
        BenchFailed, match=f"ours, cold: {len(PROGRAMS) - 1} results of {len(PROGRAMS)} programs"
    ):
        take(tool, "cold")


def test_prose_that_was_edited_has_to_be_shown(built):
    tool = built("10 pages in 0.125 s\n" * len(PROGRAMS) + WORDS)
    with pytest.raises(BenchFailed, match="ours: the prose that was edited is not shown"):
        take(tool, "edited")
    assert contest.OTHER_WORDS in tool.page(stages.find("threads").stage).read_text("utf-8")


def test_the_source_of_a_program_is_not_taken_for_its_result():
    assert all(not SAID.search(text(stage)) for stage in PROGRAMS)


def test_a_build_that_fails_says_which_and_why(tmp_path, monkeypatch):
    tool = Ours(Path(sys.executable), tmp_path / "project")
    monkeypatch.setattr(tool, "command", lambda: ["-c", "import sys; print('no theme'); sys.exit(3)"])
    with pytest.raises(BenchFailed, match=r"(?s)ours: -c .* ended with status 3\nno theme"):
        contest.build(tool, again=False)


def result(**changes):
    """What a contest found: the other is twice as slow, unless a test says otherwise."""
    ours = {
        "name": "ours",
        "versions": "mkdocs 1",
        "cold": [1.0, 9.0, 1.2],
        "unchanged": [0.5],
        "edited": [0.6],
    }
    other = {"name": "other", "versions": "x 2", "cold": [2.4], "unchanged": [1.0], "edited": [1.2]}
    return {"tools": [ours, other | changes]}


def test_times_are_told_as_medians_and_ratios():
    head, ours, other = table(result())
    assert head.split() == ["median", "seconds", "cold", "unchanged", "edited"]
    assert ours.startswith("ours") and "1.20 (1.00 ×)" in ours  # noqa: PT018
    assert re.findall(r"\(([\d.]+) ×\)", other) == ["2.00", "2.00", "2.00"]
    assert Times(**result()["tools"][0]).median("cold") == 1.2


def test_who_is_not_behind_is_named():
    assert list(behind(result())) == []
    (told,) = behind(result(edited=[0.6]))
    assert told == "not ahead of other, edited: 0.60 s against 0.60 s"


def test_the_peers_are_pinned_with_hashes_and_apart_from_ours():
    pinned = environment.REQUIREMENTS.read_text("utf-8")
    wanted = environment.REQUIREMENTS.with_suffix(".in").read_text("utf-8")
    names = [re.match(r"[\w-]+", line)[0] for line in wanted.splitlines() if re.match(r"\w", line)]
    assert {"myst-nb", "jupyter-cache", "sphinx-gallery", "mkdocs-jupyter"} <= set(names)
    for name in names:
        assert re.search(rf"(?m)^{name}==[^\n]*\\\n +--hash=sha256:", pinned), name
    ours = "".join(file.read_text("utf-8") for file in environment.ROOT.glob("requirements*.txt"))
    assert not re.search(r"(?m)^(sphinx|myst-nb|sphinx-gallery)\b", ours)


def test_an_environment_that_cannot_be_made_says_why():
    with pytest.raises(BenchFailed, match=r"(?s)uv venv --nonsense ended with status 2\n.*--nonsense"):
        environment.call("venv", "--nonsense")
