"""`make test`: how it runs its parts, what it says of them, and of a browser that is not there."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import test as command
from scripts.files import ROOT
from tests.patience import PATIENCE


@pytest.fixture
def main(monkeypatch, tmp_path):
    """A function that runs the command on a part that ended so, with these browsers, and gives its status."""
    monkeypatch.setattr(command, "RECORDS", tmp_path / "measurements.json")

    def main(browser, status, *results, firefox="/usr/bin/firefox"):
        monkeypatch.setattr(command, "browser", lambda: browser)
        monkeypatch.setattr(command, "firefox", lambda: firefox)
        monkeypatch.setattr(command, "PARTS", {"alone": []})
        monkeypatch.setattr(command, "run_all", lambda: [status])
        monkeypatch.setattr(command, "outcomes", lambda part: [*results])
        return command.main()

    return main


def test_a_browser_that_is_not_there_is_missed_first_and_last(main, capsys):
    assert main(None, 0, ("passed", "a")) == 0
    told = capsys.readouterr().out.strip().splitlines()
    assert told[0] == told[-1] == command.NO_BROWSER


def test_so_is_a_second_one(main, capsys):
    assert main("/usr/bin/chromium", 0, ("passed", "a"), firefox=None) == 0
    told = capsys.readouterr().out.strip().splitlines()
    assert told[0] == told[-1] == command.NO_FIREFOX


def test_where_there_is_one_it_ends_with_the_counts(main, capsys):
    assert (
        main("/usr/bin/chromium", 1, ("passed", "a"), ("failed", "b: no"), ("skipped", "c"), ("skipped", "c"))
        == 1
    )
    told = capsys.readouterr().out.strip().splitlines()
    assert told == ["All tests", "FAILED b: no", "SKIPPED 2 x c", "1 passed, 1 failed, 2 skipped in 0 s"]


def test_no_test_at_all_is_a_failure(main):
    assert main("/usr/bin/chromium", command.NOTHING_TO_RUN) == 1


def test_without_a_browser_on_the_path_it_is_playwrights_own_or_none(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "/nowhere")
    assert command.browser() is None
    assert command.firefox() is None


renice = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root may be less nice than before"
)


@pytest.fixture
def parts(monkeypatch, tmp_path):
    """A function that has the command run these lines of Python, each as a test, as the part of that name."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    for name in ("OUTPUT", "RECORDS"):
        monkeypatch.setattr(command, name, tmp_path / name)

    def parts(**lines):
        given = {}
        for part, line in lines.items():
            path = tmp_path / f"test_{part}.py"
            path.write_text(
                f"import os, signal, threading\nfrom pathlib import Path\ndef test():\n    {line}\n"
            )
            given[part] = ["-c", str(tmp_path / "pytest.ini"), "-p", "no:cacheprovider", str(path)]
        monkeypatch.setattr(command, "PARTS", given)
        return given

    return parts


@renice
def test_who_measures_is_waited_for_by_the_last_and_not_by_who_computes_with_what_is_left(
    parts, tmp_path, capfd
):
    fifo = str(tmp_path / "fifo")
    os.mkfifo(fifo)  # at which one waits for the other
    before = os.getpriority(os.PRIO_PROCESS, 0)
    parts(
        alone=f"open({fifo!r}, 'w').close(); assert os.getpriority(os.PRIO_PROCESS, 0) == {before}; Path({str(command.RECORDS)!r}).touch()",
        beside=f"open({fifo!r}).close(); assert os.getpriority(os.PRIO_PROCESS, 0) == 19; [None for _ in iter(lambda: os.getpriority(os.PRIO_PROCESS, 0), {before})]",
        together=f"assert os.environ['TEST_RECORDS'] == {str(command.RECORDS)!r}",
    )
    assert command.run_all() == [0, 0, 0]
    assert capfd.readouterr().out.count("1 passed") == 3


def test_who_computes_waits_as_well_where_nobody_may_undo_niceness(parts, tmp_path, monkeypatch):
    def refused(*arguments):
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refused, raising=False)
    told = str(tmp_path / "told")
    parts(**{part: f"print({part!r}, file=open({told!r}, 'a'))" for part in ("alone", "beside", "together")})
    assert command.run_all() == [0, 0, 0]
    assert Path(told).read_text().split()[-3:] == ["alone", "beside", "together"]


def test_each_part_that_fails_is_told(parts, monkeypatch, capfd):
    monkeypatch.setattr(command, "browser", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(command, "firefox", lambda: "/usr/bin/firefox")
    parts(alone="assert 1 == 2", beside="assert 3 == 4", together="pass")
    assert command.main() == 1
    told = capfd.readouterr().out
    assert (
        "FAILED test_alone::test: assert 1 == 2\nFAILED test_beside::test: assert 3 == 4\n1 passed, 2 failed"
        in told
    )


INTERRUPTED = """
import sys
from pathlib import Path
from scripts import test
test.PARTS, test.OUTPUT = {parts!r}, Path({output!r})
test.RECORDS = test.OUTPUT / "records"
test.run_all()
"""


@renice
@pytest.mark.parametrize(
    "send", [os.kill, getattr(os, "killpg", None)], ids=["to it", "to all, as Ctrl-C does"]
)
def test_an_interrupt_ends_all_parts(parts, tmp_path, send):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    endless = (
        f"kept = open({str(fifo)!r}, 'w'); print('begun', file=kept, flush=True); threading.Event().wait()"
    )
    given = parts(alone=endless, beside=endless, together=endless)
    given["beside"] += ["-n", "1"]
    program = INTERRUPTED.format(parts=given, output=str(tmp_path))
    with (
        subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process,
        fifo.open() as begun,
    ):
        assert [begun.readline(), begun.readline()] == ["begun\n"] * 2
        send(process.pid, signal.SIGINT)
        assert begun.read() == ""  # since nobody is left who could write
        process.communicate()
    assert process.returncode == -signal.SIGINT


@pytest.mark.parametrize(
    ("file", "status"), [("page/test_words.py", 0), ("test_files.py", command.NOTHING_TO_RUN)]
)
def test_a_room_that_only_computes_is_marked_so_and_no_other_is(file, status):
    chosen = ["--collect-only", "-q", "-p", "no:cacheprovider", "-m", "computes", f"tests/{file}"]
    assert (
        subprocess.run([sys.executable, "-m", "pytest", *chosen], cwd=ROOT, timeout=PATIENCE).returncode
        == status
    )
