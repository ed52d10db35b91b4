"""What is known to be vulnerable is told; and so is that nobody could be asked, which is no good news."""

import json

import pytest

from scripts import audit
from scripts.audit import NotAsked, of_npm, of_python

CLEAN = {"name": "a", "version": "1.0", "vulns": []}
VULNERABLE = {
    "name": "b",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}, {"id": "PYSEC-2", "fix_versions": []}],
}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found on PyPI"}


def python(*packages):
    return json.dumps({"dependencies": packages})


def test_what_pip_audit_knows():
    told = list(of_python(python(CLEAN, VULNERABLE), ""))
    assert told == ["b 2.0: PYSEC-1, mended in 2.1", "b 2.0: PYSEC-2"]


def test_what_npm_knows():
    answer = {"vulnerabilities": {"x": {"range": "<2", "severity": "high"}}}
    assert list(of_npm(json.dumps(answer), "")) == ["x <2: high"]


@pytest.mark.parametrize(
    ("told", "answer", "complaint", "why"),
    [
        (of_python, python(CLEAN, SKIPPED), "No known vulnerabilities found", "Dependency not found on PyPI"),
        (of_python, "", "ConnectionError: no route to host", "no route to host"),
        (of_npm, json.dumps({"message": "405 Method Not Allowed"}), "npm error", "405 Method Not Allowed"),
        (of_npm, "", "npm error network", "npm error network"),
    ],
)
def test_who_could_not_be_asked_is_told(told, answer, complaint, why):
    with pytest.raises(NotAsked, match=why):
        list(told(answer, complaint))


def unreachable(about):
    raise NotAsked("no route to host")


@pytest.mark.parametrize(
    ("python", "npm", "status", "told"),
    [
        (lambda file: [], lambda folder: [], 0, ""),
        (
            lambda file: [],
            lambda folder: ["x <2: high"],
            1,
            "audit: runner: x <2: high\naudit: scripts/lint: x <2: high\n",
        ),
        (
            lambda file: [],
            unreachable,
            2,
            "audit: no index of vulnerabilities can be asked about runner, scripts/lint: no route to host\n",
        ),
    ],
)
def test_the_exit_status_tells(monkeypatch, capsys, python, npm, status, told):
    monkeypatch.setattr(audit, "in_python", python)
    monkeypatch.setattr(audit, "in_npm", npm)
    assert audit.main() == status
    assert capsys.readouterr().err == told


def test_a_program_that_there_is_not_is_told(tmp_path):
    with pytest.raises(NotAsked, match="no-such-program: No such file"):
        audit.said(["no-such-program"], tmp_path)
