"""`python -m scripts.measure`, as its users call it: in the lab."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema

from scripts.measure import schema

ROOT = Path(__file__).resolve().parent.parent.parent
NEAR = ["--rtt", "0.01", "--service-time", "0.01"]


def call(*arguments):
    command = [sys.executable, "-m", "scripts.measure", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


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


def test_no_runs_are_refused():
    done = call("--runs", "0")
    assert done.returncode == 2
    assert "argument --runs: 0 is not at least 1" in done.stderr
