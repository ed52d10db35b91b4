"""The new site takes the place of the earlier one when it is whole, and not before."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.site import swap
from scripts.site.swap import Replacement
from tests.patience import PATIENCE
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
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interrupted_build_leaves_the_earlier_site(tiny, name):
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
        build.send_signal(getattr(signal, name))
        _, errors = build.communicate()
    assert build.returncode == 1
    assert "Traceback" not in errors
    assert tiny.page("x") == earlier
    assert tiny.files == ["docs", "mkdocs.yml", "site", "theme", "wait.py"]


IGNORING = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.execv(sys.executable, [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *sys.argv[1:]])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
def test_under_nohup_a_test_can_still_hang_up_on_its_build():
    ran = subprocess.run(
        [sys.executable, "-c", IGNORING, f"{__file__}::{test_an_interrupted_build_leaves_the_earlier_site.__name__}[SIGHUP]"],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert "1 passed" in ran.stdout


@pytest.fixture
def site(tmp_path):
    """An earlier site."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("earlier")
    return folder


def filled(site, text="new"):
    """A replacement for that site, with a page."""
    replacement = Replacement(site)
    (replacement.new / "index.html").write_text(text)
    return replacement


@pytest.fixture(params=["by one call", "by two renames"])
def way(request, monkeypatch):
    """Either way to put a site there."""
    if request.param == "by two renames":
        monkeypatch.setattr(swap, "exchange", lambda one, other: False)
    elif sys.platform != "linux":
        pytest.skip("this system has no such call")


@pytest.mark.usefixtures("way")
def test_the_new_one_is_there_and_nothing_else(site):
    filled(site).put()
    assert (site / "index.html").read_text() == "new"
    assert [path.name for path in site.parent.iterdir()] == ["site"]


@pytest.mark.usefixtures("way")
def test_the_first_one_is_put_where_there_was_none(tmp_path):
    filled(tmp_path / "deep" / "site").put()
    assert (tmp_path / "deep" / "site" / "index.html").read_text() == "new"


@pytest.mark.usefixtures("way")
def test_two_builds_at_once_both_end_whole(site):
    one, other = filled(site, "one"), filled(site, "other")
    assert one.new != other.new
    one.put()
    assert (site / "index.html").read_text() == "one"
    other.put()
    assert (site / "index.html").read_text() == "other"
    assert [path.name for path in site.parent.iterdir()] == ["site"]


@pytest.mark.skipif(sys.platform != "linux", reason="this system has no such call")
def test_there_is_no_moment_without_a_site(site):
    """One puts sites there, again and again, and another looks."""
    looks = "import pathlib, sys\nfor _ in range(200_000): pathlib.Path(sys.argv[1]).stat()"
    with subprocess.Popen([sys.executable, "-c", looks, site / "index.html"]) as looking:
        while looking.poll() is None:
            replacement = filled(site)
            replacement.put()
            replacement.release()  # which holds a descriptor until then
    assert looking.returncode == 0


@pytest.mark.usefixtures("way")
def test_where_the_new_one_is_gone_the_earlier_stays(site):
    replacement = Replacement(site)
    replacement.new.rmdir()
    with pytest.raises(OSError, match=replacement.new.name):
        replacement.put()
    assert (site / "index.html").read_text() == "earlier"
    assert [path.name for path in site.parent.iterdir()] == ["site"]


LEAVING = """
import os, sys
from pathlib import Path
from scripts.site.swap import OLD, Replacement
site = Path(sys.argv[1])
replacement = Replacement(site)
(replacement.new / "part").write_text("")
if sys.argv[2:]:
    site.rename(f"{replacement.new}{OLD}")  # as between two renames
os.kill(os.getpid(), 9)
"""


def leave(*arguments):
    subprocess.run([sys.executable, "-c", LEAVING, *arguments], cwd=ROOT)


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no such lock")
def test_what_a_killed_build_left_is_removed_and_what_a_living_one_has_is_not(site):
    living = filled(site)
    leave(site)
    assert len(list(site.parent.iterdir())) == 3
    Replacement(site).drop()
    assert {path.name for path in site.parent.iterdir()} == {"site", living.new.name}


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no such lock")
def test_a_site_is_brought_back_when_a_build_was_killed_between_two_renames(site):
    leave(site, "between")
    assert not site.exists()
    Replacement(site).drop()
    assert (site / "index.html").read_text() == "earlier"
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_others_in_the_same_folder_are_left_alone(site):
    for name in (".site", ".site.old", ".site.backup", ".site-de.abcdefgh"):
        (site.parent / name).mkdir()
    filled(site).put()
    assert len(list(site.parent.iterdir())) == 5


def test_a_file_in_the_place_of_the_site_is_told(tmp_path):
    (tmp_path / "site").write_text("")
    with pytest.raises(OSError, match="site is a file"):
        Replacement(tmp_path / "site")


def test_a_mount_point_is_told_before_anything_is_measured(tiny, monkeypatch):
    mounts = tiny.folder / "mountinfo"
    place = tiny.folder / "site"
    mounts.write_text(f"1 0 0:1 / / rw - ext4 x rw\n2 1 0:1 / {place} rw - ext4 x rw\n")
    monkeypatch.setattr(swap, "MOUNTS", mounts)
    monkeypatch.delenv("RECORDS")
    tiny.write(x="{{ figure('threads', 'wall') }}\n")
    built = tiny.build("-q")
    assert built.exit_code == 1
    assert f"{place} is a mount point, which nothing can take the place of" in built.output


def test_names_of_mount_points_are_read(tmp_path, monkeypatch):
    (tmp_path / "mountinfo").write_text(r"2 1 0:1 / /a\040b\134 rw - ext4 x rw")
    monkeypatch.setattr(swap, "MOUNTS", tmp_path / "mountinfo")
    assert list(swap.mount_points()) == [Path("/a b\\")]


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no such modes")
def test_a_web_server_may_read_it_whatever_the_umask_is(tiny):
    tiny.write(x=GOOD)
    (tiny.folder / "docs" / "private.css").write_text("")
    (tiny.folder / "docs" / "private.css").chmod(0o600)
    before = os.umask(0o077)
    try:
        assert tiny.build().exit_code == 0
    finally:
        os.umask(before)
    site = tiny.folder / "site"
    for path in (site, *site.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path


def test_what_killed_previews_left_is_removed(tmp_path):
    ended, living, other = (tmp_path / f"mkdocs_{name}" for name in ("ended", "living", "other"))
    for root in (ended, living, other):
        root.mkdir()
    for root in (ended, living):
        (root / "mark").write_text("")
    (tmp_path / ".mkdocs_first.abcdefgh").mkdir()  # of a preview that was killed in its first build
    held = swap.hold(living)
    swap.sweep_previews(tmp_path, "mark")
    os.close(held)
    assert {path.name for path in tmp_path.iterdir()} == {"mkdocs_living", "mkdocs_other"}


PAIR = """
import sys
from mkdocs.__main__ import cli
cli(["build", "-q", "-f", sys.argv[1]])
"""


@pytest.mark.parametrize("other", [GOOD, BAD], ids=["good", "bad"])
def test_pairs_of_builds_end_whole_or_leave_the_other(tiny, other):
    """Twelve of them at once, half of which cannot succeed; the site is whole whenever one has ended."""
    tiny.write(**{f"page{number}": GOOD for number in range(20)})
    second = tiny.folder.parent / "other"
    shutil.copytree(tiny.folder, second)
    (second / "docs" / "zh" / "page7.md").write_text(other)
    config = (second / "mkdocs.yml").read_text()
    (second / "mkdocs.yml").write_text(f"{config}site_dir: {tiny.folder / 'site'}\n")
    builds = [
        subprocess.Popen(
            [sys.executable, "-c", PAIR, folder / "mkdocs.yml"], cwd=ROOT, stderr=subprocess.DEVNULL
        )
        for folder in [tiny.folder, second] * 6
    ]
    statuses = []
    for build in builds:
        statuses.append(build.wait())
        if 0 in statuses:
            pages = list((tiny.folder / "site" / "zh").glob("page*/index.html"))
            assert len(pages) == 20
    assert statuses == [0, int(other is BAD)] * 6
    assert tiny.files == ["docs", "mkdocs.yml", "site", "theme"]
