"""What a program in the lab is told of the one who runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.lab import Settings, bare_environment, run
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parent.parent.parent
LINKS = ["loopback", *(["emulated"] if sys.platform == "linux" else [])]
SHOW = [sys.executable, "-c", "import os; print(os.environ)"]


def test_neither_secrets_nor_what_would_change_a_number_are_passed_on(monkeypatch):
    for name in ("API_TOKEN", "AWS_SECRET_ACCESS_KEY", "PYTHONDEVMODE", "PYTHONPATH"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("LANG", "C.UTF-8")
    environment = bare_environment()
    assert environment["LANG"] == "C.UTF-8"
    assert "secret" not in environment.values()


def shown(*options, **variables):
    """What a program sees of these variables when `python -m scripts.lab` runs it, and what that says itself."""
    lab = [sys.executable, "-m", "scripts.lab", "--rtt", "0", *options, "--", *SHOW]
    return subprocess.run(
        lab, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, timeout=PATIENCE
    )


def test_the_command_passes_on_what_it_is_told_to_and_nothing_else():
    ran = shown("--env", "WANTED", WANTED="this", UNWANTED="that")
    assert "'WANTED': 'this'" in ran.stdout
    assert "UNWANTED" not in ran.stdout


@pytest.mark.parametrize(
    ("name", "complaint"), [("NOT_SET", "there is no such variable"), ("HTTPS_PROXY", "no way to a proxy")]
)
def test_a_variable_that_cannot_be_passed_on_is_an_error(name, complaint):
    ran = shown("--env", name, HTTPS_PROXY="http://127.0.0.1:9")
    assert (ran.returncode, ran.stdout) == (125, "")
    assert complaint in ran.stderr


@pytest.mark.parametrize("link", LINKS)
def test_a_proxy_never_gets_between_a_program_and_its_page(link):
    program = "import urllib.request as u; print(len(u.urlopen('http://example.com/').read()))"
    proxies = dict.fromkeys(("http_proxy", "HTTP_PROXY", "all_proxy"), "http://127.0.0.1:9")
    outcome = run(
        [sys.executable, "-c", program], Settings(link, 0.0, 0.0), env=bare_environment() | proxies,
        stdout=subprocess.PIPE, timeout=PATIENCE,
    )  # fmt: skip
    assert outcome.stdout == b"9000\n"
