"""The new site takes the place of the earlier one when it is whole, and not before."""

import json
import signal
import subprocess
import sys

import pytest

from scripts.site.swap import Places
from tests.tiny import ROOT

GOOD, BAD = "# Good\n", '```python exec="on"\nresult("nothing")\n```\n'


def test_a_site_stands_with_its_records_and_their_schema(tiny):
    tiny.write(x="{{ figure('threads', 'wall') }}\n")
    assert tiny.build("--strict").exit_code == 0
    assert tiny.files == ["docs", "mkdocs.yml", "site", "theme"]
    given = json.loads((tiny.folder / "site" / "measurements.json").read_text())
    assert [record["stage"] for record in given["records"]] == ["threads"]  # what no page used is not there
    assert (tiny.folder / "site" / "measurements.schema.json").is_file()


@pytest.mark.parametrize("bad", [BAD, "[nowhere](nowhere.md)\n"], ids=["block", "warning in strict mode"])
def test_a_failed_build_leaves_the_earlier_site(tiny, bad):
    tiny.write(x=GOOD)
    assert tiny.build("--strict").exit_code == 0
    earlier = tiny.page("x")
    tiny.write(x=bad, y=GOOD)
    assert tiny.build("--strict").exit_code == 1
    assert tiny.page("x") == earlier
    assert tiny.files == ["docs", "mkdocs.yml", "site", "theme"]
    assert not (tiny.folder / "site" / "zh" / "y").exists()


def test_pages_that_are_gone_are_gone_from_the_site(tiny):
    tiny.write(x=GOOD, y=GOOD)
    assert tiny.build().exit_code == 0
    (tiny.folder / "docs" / "zh" / "y.md").unlink()
    assert tiny.build().exit_code == 0
    assert not (tiny.folder / "site" / "zh" / "y").exists()


WAITING = """
import threading
def on_page_markdown(markdown, **rest):
    print("waiting", flush=True)
    threading.Event().wait()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_build_leaves_the_earlier_site(tiny, number):
    tiny.write(x=GOOD)
    assert tiny.build().exit_code == 0
    earlier = tiny.page("x")
    (tiny.folder / "wait.py").write_text(WAITING)
    config = tiny.folder / "mkdocs.yml"
    config.write_text(config.read_text().replace("hooks: [", 'hooks: ["wait.py", '))
    command = [sys.executable, "-m", "mkdocs", "build", "-f", str(tiny.folder / "mkdocs.yml")]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as build:
        assert build.stdout.readline() == "waiting\n"
        build.send_signal(number)
        _, errors = build.communicate()
    assert build.returncode == 1
    assert "Traceback" not in errors
    assert tiny.page("x") == earlier
    assert tiny.files == ["docs", "mkdocs.yml", "site", "theme", "wait.py"]


def test_what_a_killed_build_left_is_removed(tmp_path):
    places = Places(tmp_path / "site")
    places.new.mkdir(parents=True)
    places.prepare()
    assert list(tmp_path.iterdir()) == []


def test_a_site_is_brought_back_when_a_build_was_killed_between_two_renames(tmp_path):
    old = tmp_path / ".site" / "old"
    old.mkdir(parents=True)
    (old / "index.html").write_text("earlier")
    Places(tmp_path / "site").prepare()
    assert (tmp_path / "site" / "index.html").read_text() == "earlier"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_earlier_site_is_brought_back_when_there_is_no_new_one(tmp_path):
    places = Places(tmp_path / "site")
    places.site.mkdir()
    places.new.parent.mkdir(parents=True)
    with pytest.raises(OSError, match="new"):
        places.swap()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
