"""Files written whole or not at all, locks that a killed process gives back, digests, and the cache."""

import errno
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from scripts import files
from scripts.files import ABANDONED, ROOT, Cache, Memo, digest, locked, write_atomically
from tests.patience import PATIENCE


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
            assert enough.wait(PATIENCE)
            order.append("first")

    def second():
        with locked(tmp_path / "name"):
            order.append("second")

    with ThreadPoolExecutor() as pool:
        one = pool.submit(first)
        assert begun.wait(PATIENCE)
        others = [pool.submit(second) for _ in range(3)]
        with locked(tmp_path / "another name"):
            assert order == []
        enough.set()
        for each in (one, *others):
            each.result(PATIENCE)
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
    assert [process.wait(PATIENCE) for process in processes] == [0] * 4
    assert path.read_text() == "800"


@pytest.fixture
def cache(tmp_path):
    """A cache in the folder `cache` that holds 1,000 bytes."""
    files._full.clear()
    return Cache(tmp_path / "cache", 1_000)


@pytest.mark.parametrize("content", [b"", b"text\nof two lines", bytes(range(256))])
def test_what_is_put_into_a_cache_is_what_it_gives(cache, content):
    assert cache.get("key") is None
    cache.put("key", content)
    assert cache.get("key") == content
    assert cache.get("another") is None


DAMAGES = {
    "emptied": lambda stored: b"",
    "cut short": lambda stored: stored[: len(stored) // 2],
    "without its end": lambda stored: stored[:-1],
    "all of it zeros": lambda stored: bytes(len(stored)),
    "a page of zeros": lambda stored: stored[:80] + bytes(20) + stored[100:],
    "a bit flipped": lambda stored: stored[:90] + bytes([stored[90] ^ 1]) + stored[91:],
    "longer": lambda stored: stored + b"\n",
    "another's": lambda stored: b"5" * 64 + stored[64:],
    "of another kind": lambda stored: b'{"records": []}',
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_content_is_named_and_made_again(cache, tmp_path, caplog, damage):
    path = tmp_path / "cache" / "key"
    cache.put("key", b"content" * 20)
    path.write_bytes(damage(path.read_bytes()))
    assert cache.made("key", lambda: b"made again") == b"made again"
    assert f"{path} is damaged, and is made again" in caplog.text
    assert cache.get("key") == b"made again"


def test_an_entry_in_the_place_of_another_is_not_taken_for_it(cache, tmp_path, caplog):
    for key in ("one", "other"):
        cache.put(key, key.encode())
    (tmp_path / "cache" / "one").replace(tmp_path / "cache" / "other")
    assert cache.made("other", lambda: b"made again") == b"made again"
    assert "other is damaged, and is made again" in caplog.text


def folder(path):
    path.mkdir()


def link_to_itself(path):
    path.symlink_to(path)


def link_to_a_folder(path):
    path.symlink_to(path.parent)


@pytest.mark.skipif(os.name != "posix", reason="links take rights on this system")
@pytest.mark.parametrize("put", [folder, link_to_itself, link_to_a_folder])
def test_what_is_no_file_gives_way_to_an_entry(cache, tmp_path, caplog, put):
    (tmp_path / "cache").mkdir()
    put(tmp_path / "cache" / "key")
    assert cache.made("key", lambda: b"made") == b"made"
    assert cache.get("key") == b"made"
    assert caplog.messages == []


@pytest.mark.skipif(os.name != "posix", reason="links take rights on this system")
def test_links_that_lead_in_a_circle_are_told(tmp_path):
    link_to_itself(tmp_path / "link")
    with pytest.raises(OSError, match="link"):
        write_atomically(tmp_path / "link", "text")


def test_nothing_is_kept_of_what_fails(cache, tmp_path):
    with pytest.raises(ZeroDivisionError):
        cache.made("key", lambda: 1 // 0)
    assert os.listdir(tmp_path / "cache") == []


def test_what_was_not_asked_for_longest_goes(cache, tmp_path):
    for age, key in enumerate("abcd"):
        cache.put(key, bytes(200))  # and its digest: three find room, four do not
        os.utime(tmp_path / "cache" / key, (age, age))
    assert cache.get("b")
    cache.put("e", bytes(200))
    assert sorted(os.listdir(tmp_path / "cache")) == ["b", "d", "e"]
    cache.put("f", bytes(2_000))
    assert os.listdir(tmp_path / "cache") == []


def test_what_nobody_will_finish_goes_and_what_is_under_way_stays(cache, tmp_path):
    cache.put("key", b"content")
    for name in (".old", ".new", ".key.lock"):
        (tmp_path / "cache" / name).write_text("")
    for name in (".old.workshop", "of-an-earlier-version"):
        (tmp_path / "cache" / name / "inside").mkdir(parents=True)
    before = os.stat(tmp_path / "cache" / "key").st_mtime - ABANDONED - 1
    for name in (".old", ".old.workshop", "of-an-earlier-version"):
        os.utime(tmp_path / "cache" / name, (before, before))
    cache.put("another", b"content")
    assert sorted(os.listdir(tmp_path / "cache")) == [".key.lock", ".new", "another", "key"]


@pytest.mark.skipif(os.name != "posix", reason="there are no locks on this system")
def test_of_two_who_want_the_same_one_makes_it(cache):
    begun, enough = Event(), Event()

    def make():
        begun.set()
        assert enough.wait(PATIENCE)
        return b"made once"

    with ThreadPoolExecutor() as pool:
        one = pool.submit(cache.made, "key", make)
        assert begun.wait(PATIENCE)
        other = pool.submit(cache.made, "key", lambda: b"made twice")
        assert cache.made("another", lambda: b"meanwhile") == b"meanwhile"
        assert not other.done()
        enough.set()
        assert {one.result(PATIENCE), other.result(PATIENCE)} == {b"made once"}


def unwritable(cache, tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("a file where the folder should be")


def full(cache, tmp_path, monkeypatch):
    def write(*arguments, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files, "write_atomically", write)


@pytest.mark.parametrize("spoil", [unwritable, full])
def test_a_cache_that_cannot_be_written_says_so_once_and_hinders_nobody(
    cache, tmp_path, monkeypatch, caplog, spoil
):
    spoil(cache, tmp_path, monkeypatch)
    for made in (b"made", b"made again"):
        assert cache.made("key", lambda made=made: made) == made
        with cache.alone("key"), cache.workshop("key") as folder:
            (folder / "file").write_text("text")
        assert not folder.exists()
    assert len(caplog.messages) == 1
    assert f"nothing more is kept in {tmp_path}: [" in caplog.text


def test_a_workshop_is_empty_and_leaves_nothing(cache, tmp_path):
    (tmp_path / "cache" / ".key.workshop" / "of a killed one").mkdir(parents=True)
    with cache.workshop("key") as folder:
        assert list(folder.iterdir()) == []
        (folder / "file").write_text("text")
    assert os.listdir(tmp_path / "cache") == []


def test_what_was_made_of_a_text_is_there_in_a_later_process_if_it_was_kept(cache):
    def made(text, keep=True):
        asked, memo = [], Memo(cache, "key")
        results = [memo.made(text, lambda text: asked.append(text) or text.upper()) for _ in range(2)]
        assert results == [text.upper()] * 2
        if keep:
            memo.keep()
        return asked

    assert made("one", keep=False) == ["one"]
    assert made("one") == ["one"]
    assert made("one") == []
    assert made("two") == ["two"]
    assert made("one") == ["one"], "what nobody asked for is not kept"


def test_nothing_is_written_where_nothing_was_made(cache, tmp_path, monkeypatch):
    memo = Memo(cache, "key")
    memo.made("one", str.upper)
    memo.keep()
    monkeypatch.setattr(Cache, "put", lambda *_: pytest.fail("written again"))
    memo = Memo(cache, "key")
    memo.made("one", str.upper)
    memo.keep()


@pytest.mark.parametrize("module", ["scripts.licences", "scripts.page"])
def test_who_does_not_read_it_all_has_broken_nothing(module):
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as nobody:
        said = subprocess.run([sys.executable, "-m", module], cwd=ROOT, stdout=nobody, stderr=subprocess.PIPE)
    assert (said.returncode, said.stderr) == (0, b"")
