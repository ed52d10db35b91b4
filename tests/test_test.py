"""`make test`: what it says of its halves, and of a browser that is not there."""

import pytest

from scripts import test as command


@pytest.fixture
def main(monkeypatch, tmp_path):
    """A function that runs the command on halves that ended so, with these browsers, and gives its status."""
    monkeypatch.setattr(command, "RECORDS", tmp_path / "measurements.json")

    def main(browser, status, *results, firefox="/usr/bin/firefox"):
        monkeypatch.setattr(command, "browser", lambda: browser)
        monkeypatch.setattr(command, "firefox", lambda: firefox)
        monkeypatch.setattr(command, "HALVES", {"alone": []})
        monkeypatch.setattr(command, "run", lambda half: status)
        monkeypatch.setattr(command, "outcomes", lambda half: [*results])
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
