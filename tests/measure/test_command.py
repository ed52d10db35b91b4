"""`python -m scripts.measure`, as its users call it: in the lab."""

import json
import os
import subprocess
import sys

import jsonschema
import pytest

from scripts.files import ROOT
from scripts.measure import RunFailed, __main__, schema
from scripts.measure.measurements import load

NEAR = ["--rtt", "0.01", "--service-time", "0.01"]


def call(*arguments, **environment):
    command = [sys.executable, "-m", "scripts.measure", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True)


def test_a_table_and_a_file(tmp_path):
    done = call("blocking", "threads", "--runs", "2", *NEAR, "--json", str(tmp_path / "out.json"))
    assert done.returncode == 0, done.stderr
    heading, blocking, threads, *circumstances = done.stdout.splitlines()
    assert heading.split()[:2] == ["stage", "wall"]
    assert blocking.startswith("blocking ")
    assert threads.startswith("threads ")
    assert "medians of 2 runs" in circumstances[0]
    document = json.loads((tmp_path / "out.json").read_text())
    jsonschema.validate(document, json.loads(schema()))
    assert [len(record["samples"]) for record in document["records"]] == [2, 2]
    assert [len(sample["connections"]) for sample in document["records"][0]["samples"]] == [10, 10]


def test_a_file_that_cannot_be_written_is_told_at_once(tmp_path):
    done = call("threads", "--runs", "1", *NEAR, "--json", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout == ""  # it is told before anything is measured
    assert f"measure: {tmp_path} is not a file" in done.stderr


def test_all_that_goes_wrong_is_one_line_and_status_1():
    done = call("thread")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "measure: no stage is called 'thread': did you mean 'threads'?\n"
    done = call("threads", "--rtt", "-1")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "measure: rtt -1.0: it is a number of seconds from 0 to 60\n"


def test_a_program_runs_under_another_python(tmp_path):
    """Its own file, by a path: another one is not at hand everywhere."""
    file = tmp_path / "out.json"
    done = call("threads", "--runs", "1", *NEAR, "--python", sys.executable, "--json", str(file))
    assert done.returncode == 0, done.stderr
    assert load(file).records.keys() == {f"threads/{sys.executable}"}


def test_all_pythons_of_a_machine_with_one(tmp_path):
    file, one = tmp_path / "out.json", ".".join(map(str, sys.version_info[:2]))
    done = call("threads", "--runs", "1", *NEAR, "--python", "all", "--json", str(file), PYTHONS="none")
    assert done.returncode == 0, done.stderr
    assert [name.removesuffix("t") for name in load(file).records] == [f"threads/{one}"]


def test_a_python_that_there_is_not_is_told_with_what_brings_it():
    done = call("threads", "--python", "3.99", PYTHONS="none")
    assert (done.returncode, done.stdout) == (1, "")
    assert "measure: there is no Python 3.99 here" in done.stderr
    assert "uv python install 3.99" in done.stderr


def test_no_runs_are_refused():
    done = call("--runs", "0")
    assert done.returncode == 2
    assert "argument --runs: 0 is not at least 1" in done.stderr


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def test_a_sign_that_the_locale_lacks_costs_neither_table_nor_file(tmp_path):
    done = call("threads", "--runs", "1", *NEAR, "--json", str(tmp_path / "out.json"), **ASCII)
    assert (done.returncode, done.stderr) == (0, "")
    assert "? ideal" in done.stdout
    assert load(tmp_path / "out.json").records.keys() == {"threads"}


def test_who_does_not_read_the_table_has_the_file(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "scripts.measure", "threads", "--runs", "1", *NEAR]
    command += ["--json", str(tmp_path / "out.json")]
    done = subprocess.run(command, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert "Traceback" not in done.stderr
    assert load(tmp_path / "out.json").records.keys() == {"threads"}


def test_without_docstrings_it_works_as_well():
    done = call("--help", PYTHONOPTIMIZE="2")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Measure stages and print a table." in done.stdout


def end(case):
    raise RunFailed(f"stage {case.name!r}", "broken")


def interrupt(case):
    raise KeyboardInterrupt


@pytest.mark.parametrize(("stop", "status"), [(end, 1), (interrupt, 130)])
def test_what_was_measured_before_it_went_wrong_is_shown_and_kept(
    record, tmp_path, monkeypatch, capsys, stop, status
):
    def measure(case, settings, runs, progress, **options):
        return record(case.name) if case.name == "threads" else stop(case)

    file = tmp_path / "out.json"
    monkeypatch.setattr(__main__, "measure", measure)
    monkeypatch.setattr(sys, "argv", ["measure", "threads", "polling", "--json", str(file)])
    assert __main__.main() == status
    assert "threads" in capsys.readouterr().out
    assert load(file).records.keys() == {"threads"}
