"""`python -m scripts.bench`, as its users call it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.bench import __main__ as command
from scripts.bench import series, serving
from scripts.bench.project import PLAIN, ROOT, BenchFailed, Project
from scripts.bench.server import serving as serve


def call(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "scripts.bench", *arguments], cwd=ROOT, capture_output=True, text=True
    )


def test_help_names_the_commands_and_each_says_what_it_judges():
    told = call("--help")
    assert told.returncode == 0
    for name, bound in {
        "rendering": "1.15 times",
        "serve": "0.6 times",
        "builds": "5 %",
        "peers": "Equal work",
        "pages": "120 KB",
    }.items():
        assert re.search(rf"(?m)^ +{name}\b", told.stdout)
        assert bound in call(name, "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["build"], "invalid choice: 'build'"),
        (["builds", "--times", "0"], "argument --times: '0' is not at least 1"),
        (["builds", "--times", "x"], "argument --times: 'x' is not at least 1"),
        (
            ["serve", "--records", "no.json"],
            "argument --records: there is no file no.json; `make site` leaves one",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments, message):
    told = call(*arguments)
    assert told.returncode == 2
    assert message in told.stderr


@pytest.mark.parametrize(("outcome", "status"), [(True, 0), (False, 1)])
def test_the_exit_status_tells_whether_every_bound_is_kept(monkeypatch, outcome, status):
    monkeypatch.setattr(sys, "argv", ["bench", "builds", "--times", "2"])
    monkeypatch.setattr(series, "run", lambda project, times, file: outcome)
    assert command.main() == status


def test_what_gives_no_figure_ends_with_its_reason(monkeypatch, capsys):
    def fail(project, times, file):
        raise BenchFailed("mkdocs ended with status 1")

    monkeypatch.setattr(sys, "argv", ["bench", "builds"])
    monkeypatch.setattr(series, "run", fail)
    assert command.main() == 1
    assert capsys.readouterr().err == "bench: mkdocs ended with status 1\n"


@pytest.fixture
def project(tmp_path):
    """A copy whose configuration MkDocs refuses."""
    copy = Project.copied(tmp_path / "project")
    (copy.folder / "mkdocs.yml").write_text("site_name: A copy\nnonsense: [\n", "utf-8")
    return copy


def test_a_copy_has_every_page_and_an_empty_cache(project):
    assert [page.name for page in project.pages()] == sorted(
        path.name for path in (ROOT / "docs/zh").iterdir()
    )
    assert [path.name for path in (project.folder / ".cache").iterdir()] == ["runner"]
    plain = (project.folder / PLAIN).read_text("utf-8")
    assert "superfences" in plain
    assert "hooks" not in plain
    assert "snippets:" not in plain


def test_a_build_that_fails_shows_what_it_said(project):
    with pytest.raises(
        BenchFailed, match=r"(?s)mkdocs build .* ended with status 1\n.*error parsing the configuration"
    ):
        project.build("site")


def test_a_server_that_ends_shows_what_it_said(project):
    with (
        serve(project) as server,
        pytest.raises(BenchFailed, match=r"(?s)had not served 'x/' after .*error parsing the configuration"),
    ):
        server.until_served("x/")


def test_what_was_measured_again_is_read_from_the_log():
    log = (
        "INFO    -  Measuring threads\nINFO    -  Measured threads: 1 of 18, 2 s\nINFO    -  Running order\n"
    )
    assert serving.MEASURED.findall(log) == ["threads", "order"]


def test_results_are_written_into_the_pages_of_a_copy(tmp_path, monkeypatch):
    def export(project, *arguments, **environment):
        assert environment == {"RECORDS": "given.json"}
        page = Path(arguments[-1], "zh", "threads.md")
        page.parent.mkdir(parents=True)
        page.write_text("墙钟 0.47 秒", "utf-8")

    copy = Project.copied(tmp_path / "project")
    before = copy.page("callbacks").read_text("utf-8")
    monkeypatch.setattr(Project, "run", export)
    copy.write_results(Path("given.json"))
    assert copy.page("threads").read_text("utf-8") == "墙钟 0.47 秒"
    assert copy.page("callbacks").read_text("utf-8") == before
