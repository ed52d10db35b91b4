"""Files written whole or not at all, locks that a killed process gives back, digests."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from scripts.files import ROOT, digest, locked, write_atomically


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "file"
    write_atomically(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "new\ud800")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["file"]


DYING_WRITER = """
import os, sys
from pathlib import Path
from scripts.files import write_atomically
os.replace = lambda *_: os._exit(9)
write_atomically(Path(sys.argv[1]), "new")
"""


def test_a_writer_that_dies_in_the_middle_leaves_the_old_file(tmp_path):
    path = tmp_path / "file"
    write_atomically(path, "old")
    assert subprocess.run([sys.executable, "-c", DYING_WRITER, str(path)], cwd=ROOT).returncode == 9
    assert path.read_text() == "old"
    write_atomically(path, "newer")
    assert path.read_text() == "newer"


def test_two_writers_and_a_reader_never_see_a_part(tmp_path):
    path = tmp_path / "file"
    texts = {letter * 100_000 for letter in "ab"}
    write_atomically(path, "a" * 100_000)

    def write(text):
        for _ in range(50):
            write_atomically(path, text)
            assert path.read_text() in texts

    with ThreadPoolExecutor() as pool:
        list(pool.map(write, texts))
    assert os.listdir(tmp_path) == ["file"]


def test_what_is_written_can_be_read_by_others_and_a_link_goes_on_leading_there(tmp_path):
    (tmp_path / "link").symlink_to("folder/file")
    write_atomically(tmp_path / "link", b"\0bytes")
    assert (tmp_path / "folder" / "file").read_bytes() == b"\0bytes"
    assert (tmp_path / "link").is_symlink()
    assert stat.S_IMODE((tmp_path / "folder" / "file").stat().st_mode) == 0o644


def test_what_is_no_file_is_not_replaced(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder is not a file"):
        write_atomically(tmp_path / "folder", "text")
    with pytest.raises(OSError, match="null is not a file"):
        write_atomically(Path(os.devnull), "text")


def test_a_digest_depends_on_where_a_part_ends():
    names = {digest(parts) for parts in ([b"ab", b"c"], [b"a", b"bc"], [b"abc"], [b"abc", b""], [])}
    assert len(names) == 5
    assert all(len(name) == 16 for name in names)


@pytest.mark.skipif(os.name != "posix", reason="there are no locks on this system")
def test_one_has_the_lock_and_the_other_waits(tmp_path):
    begun, enough, order = Event(), Event(), []

    def first():
        with locked(tmp_path / "name"):
            begun.set()
            assert enough.wait(60)
            order.append("first")

    def second():
        with locked(tmp_path / "name"):
            order.append("second")

    with ThreadPoolExecutor() as pool:
        one = pool.submit(first)
        assert begun.wait(60)
        others = [pool.submit(second) for _ in range(3)]
        with locked(tmp_path / "another name"):
            assert order == []
        enough.set()
        for each in (one, *others):
            each.result(60)
    assert order == ["first", *["second"] * 3]
    assert os.listdir(tmp_path) == []


DYING_HOLDER = """
import os, sys
from pathlib import Path
from scripts.files import locked
with locked(Path(sys.argv[1])):
    os._exit(9)
"""


@pytest.mark.skipif(os.name != "posix", reason="there are no locks on this system")
def test_who_dies_with_a_lock_gives_it_back(tmp_path):
    path = tmp_path / "name"
    assert subprocess.run([sys.executable, "-c", DYING_HOLDER, str(path)], cwd=ROOT).returncode == 9
    with locked(path):
        pass
    assert os.listdir(tmp_path) == []


COUNTER = """
import sys
from pathlib import Path
from scripts.files import locked
path = Path(sys.argv[1])
for _ in range(200):
    with locked(path):
        path.write_text(str(int(path.read_text()) + 1))
"""


@pytest.mark.skipif(os.name != "posix", reason="there are no locks on this system")
def test_of_many_processes_only_one_has_the_lock(tmp_path):
    path = tmp_path / "count"
    path.write_text("0")
    command = [sys.executable, "-c", COUNTER, str(path)]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    assert [process.wait(60) for process in processes] == [0] * 4
    assert path.read_text() == "800"
